package dev.turnout.console.tries;

import dev.turnout.gateway.access.Caller;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.schema.Turn;
import java.util.List;

/** Has conversations decided and answered by the routers and workers that run. */
public interface TryDesk {

  /**
   * What is asked.
   *
   * @param turns of the conversation, oldest first; the last one asks
   * @param answers LLMs that are to answer: 0 for the decision alone, 1 for the chosen one, 2 for
   *     the runner-up too
   */
  record Question(List<Turn> turns, QueryConstraints constraints, int answers) {
    /** Freezes the turns. */
    public Question {
      turns = List.copyOf(turns);
    }
  }

  /**
   * Has a conversation decided, waits for that, and has LLMs answer it, for which it does not wait.
   *
   * @throws IllegalArgumentException with why the routers refuse it, or that none decides, or that
   *     too many are tried at a time
   */
  Tried ask(Question question, Caller caller) throws InterruptedException;

  /** What was tried here since this console started, the latest first; only the latest are kept. */
  List<Tried> latest();

  /**
   * Grades an answer, and waits until the grade is safe.
   *
   * @param grader under which name
   * @param reward 0..1
   */
  void grade(TriedAnswer answer, String grader, double reward) throws InterruptedException;
}
