package dev.turnout.control.belief;

import dev.turnout.model.RouterModel;
import dev.turnout.model.Scores;
import dev.turnout.policy.Candidate;
import dev.turnout.schema.Query;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Refines the candidates between scoring and policy: blends in what the feedback loop has learnt
 * since the model was trained, or rules out what a budget forbids. Called on stream threads, so it
 * must be safe for use by several threads and must not wait.
 */
public interface CandidateRefiner {

  /**
   * Refines the candidates of one query.
   *
   * @param query the query
   * @param model the model that scored the query
   * @param scores what the model says of it; its arrays cover a part of the candidates
   * @param candidates every known LLM
   * @return as many candidates in the same order
   */
  List<Candidate> refine(Query query, RouterModel model, Scores scores, List<Candidate> candidates);

  /**
   * What was learnt of the length of the LLMs' answers to queries like one.
   *
   * @param scores of the query
   * @return mean tokens of an LLM; NaN when nothing is known
   */
  default ToDoubleFunction<String> outputTokens(RouterModel model, Scores scores) {
    return llm -> Double.NaN;
  }

  /** Leaves the candidates as they are. */
  static CandidateRefiner none() {
    return (query, model, scores, candidates) -> candidates;
  }
}
