package dev.turnout.policy.limit;

import dev.turnout.policy.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Candidates that are sure enough to succeed. Where none is, the likeliest takes the query alone,
 * and that is said.
 *
 * @param candidates in the given order; ineligible ones with the reason in words
 * @param relaxation that nobody is sure enough, in words; null when somebody is
 */
public record SureCandidates(List<Candidate> candidates, @Nullable String relaxation) {
  public SureCandidates {
    candidates = List.copyOf(candidates);
  }

  /**
   * Holds candidates to a rate of success.
   *
   * @param candidates at least one of them eligible
   * @param sure whether a candidate, by position, is sure enough
   * @param rate that is asked for, for the words alone
   */
  public static SureCandidates of(List<Candidate> candidates, IntPredicate sure, double rate) {
    int likeliest = -1;
    boolean any = false;
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      if (candidate.eligible()) {
        any |= sure.test(i);
        if (likeliest < 0
            || candidate.predictedSuccess() > candidates.get(likeliest).predictedSuccess()) {
          likeliest = i;
        }
      }
    }
    String reason =
        String.format(Locale.ROOT, "not sure enough to be right %.0f %% of the time", 100 * rate);
    List<Candidate> left = new ArrayList<>(candidates.size());
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      boolean stays = any ? sure.test(i) : i == likeliest;
      left.add(!candidate.eligible() || stays ? candidate : candidate.ineligible(reason));
    }
    return new SureCandidates(
        left,
        any
            ? null
            : String.format(
                Locale.ROOT,
                "no LLM is sure enough to be right %.0f %% of the time; the likeliest takes it",
                100 * rate));
  }
}
