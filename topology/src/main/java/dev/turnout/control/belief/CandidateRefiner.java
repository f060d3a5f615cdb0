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
   * What was learnt of the length of the LLMs' answers to queries like one.
   *
   * @param scores of the query
   */
  default AnswerLength outputTokens(RouterModel model, Scores scores) {
    return AnswerLength.UNLEARNT;
  }

  /** Expected lengths of answers. */
  @FunctionalInterface
  interface AnswerLength {
    /** Nothing was learnt. */
    AnswerLength UNLEARNT = (llm, before, known) -> before;

    /**
     * Expected tokens of an LLM's answer.
     *
     * @param before what is expected without feedback
     * @param known how many answers that comes from; 0 when it is stated or assumed
     */
    double tokens(String llm, double before, double known);
  }

  /** Leaves the candidates as they are. */
  static CandidateRefiner none() {
    return (query, model, scores, candidates) -> candidates;
  }
}
