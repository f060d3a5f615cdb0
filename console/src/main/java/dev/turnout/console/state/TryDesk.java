package dev.turnout.console.state;

import dev.turnout.gateway.access.Caller;
import dev.turnout.schema.QueryConstraints;
import java.util.List;

/** Has questions decided and answered by the routers and workers that run. */
public interface TryDesk {

  /**
   * What is asked.
   *
   * @param answers LLMs that are to answer: 0 for the decision alone, 1 for the chosen one, 2 for
   *     the runner-up too
   */
  record Question(String text, QueryConstraints constraints, int answers) {}

  /**
   * Has a question decided, waits for that, and has LLMs answer it, for which it does not wait.
   *
   * @throws IllegalArgumentException with why the routers refuse it, or that none decides
   */
  Tried ask(Question question, Caller caller) throws InterruptedException;

  /** What was tried here since this console started, the latest first; only the latest are kept. */
  List<Tried> latest();

  /**
   * Grades an answer.
   *
   * @param grader under which name
   * @param reward 0..1
   */
  void grade(String queryId, String llm, String grader, double reward) throws InterruptedException;
}
