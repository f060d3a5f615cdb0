package dev.turnout.control.belief;

import dev.turnout.model.RouterModel;
import dev.turnout.model.Scores;
import dev.turnout.policy.Candidate;
import dev.turnout.schema.Query;
import java.util.List;

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
   * What was learnt of the length of an LLM's answers to queries like one.
   *
   * @param scores of the query
   * @return mean tokens; NaN when nothing is known
   */
  default double outputTokens(RouterModel model, Scores scores, String llm) {
    return Double.NaN;
  }

  /** Leaves the candidates as they are. */
  static CandidateRefiner none() {
    return (query, model, scores, candidates) -> candidates;
  }
}
