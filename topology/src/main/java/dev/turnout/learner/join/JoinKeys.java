package dev.turnout.learner.join;

import dev.turnout.schema.Grade;
import org.jspecify.annotations.Nullable;

/**
 * The keys under which the join's stores hold things: ids with NUL between them, since an id that
 * holds one itself is refused.
 */
final class JoinKeys {
  private static final char SEPARATOR = '\u0000';

  private JoinKeys() {}

  /** What makes a grade unusable whatever was decided; null if nothing does. */
  static @Nullable String fault(Grade grade) {
    if (!Double.isFinite(grade.getReward())) {
      return "a grade has a finite reward; this one is " + grade.getReward();
    }
    return fault("a grade", grade.getQueryId(), grade.getLlm());
  }

  /**
   * What makes ids unusable; null if nothing does.
   *
   * @param what of the record in words, e.g. a grade
   */
  static @Nullable String fault(String what, String queryId, String llm) {
    for (String id : new String[] {queryId, llm}) {
      if (id.isEmpty()) {
        return what
            + " names a query and an LLM; this one names query \""
            + queryId
            + "\" and LLM \""
            + llm
            + "\"";
      }
      if (id.indexOf(SEPARATOR) >= 0) {
        return "ids of queries and LLMs hold no NUL";
      }
    }
    return null;
  }

  /** Of what is known of one LLM's answer to one query; the beginning of {@link #of(Grade)}. */
  static String answer(String queryId, String llm) {
    return queries(queryId) + llm + SEPARATOR;
  }

  /** Of one grader's word on one answer. */
  static String of(Grade grade) {
    return answer(grade.getQueryId(), grade.getLlm()) + grade.getGrader();
  }

  /** What all keys of one query begin with. */
  static String queries(String queryId) {
    return queryId + SEPARATOR;
  }

  /** The query of a key. */
  static String queryOf(String key) {
    return key.substring(0, key.indexOf(SEPARATOR));
  }
}
