package dev.turnout.router.decide;

import dev.turnout.control.belief.CandidateRefiner;
import dev.turnout.model.RouterModel;
import dev.turnout.model.Scores;
import dev.turnout.policy.Candidate;
import dev.turnout.policy.limit.ChoiceLimits;
import dev.turnout.policy.limit.LimitedCandidates;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may answer a query, within its limits as far as they leave anybody. */
final class QueryCandidates {
  private static final double ASCII_CHARACTERS_PER_TOKEN = 4;

  private final CandidateRefiner refiner;

  QueryCandidates(CandidateRefiner refiner) {
    this.refiner = refiner;
  }

  /**
   * The candidates in the table's order, at least one of them eligible.
   *
   * @param scores of the query; null when it could not be scored
   * @param notes takes a sentence for every limit that was given up
   */
  List<Candidate> of(
      Query query, CandidateTable table, @Nullable Scores scores, List<String> notes) {
    List<Candidate> all = table.candidates(scores, promptTokens(query.getText()));
    RouterModel model = table.model();
    if (scores != null && model != null) {
      all = refiner.refine(query, model, scores, all);
    }
    if (all.stream().noneMatch(Candidate::eligible)) {
      // An answer from an LLM that may not fit beats none: the table has an eligible one.
      all = withoutQueryDependentReasons(all, table.candidates(scores, 0));
      notes.add("no LLM fits the query as it is; the rest of the limits was given up");
    }
    ChoiceLimits limits = limits(query.getConstraints());
    if (limits == null) {
      return all;
    }
    LimitedCandidates limited = LimitedCandidates.of(all, limits);
    if (limited.relaxation() != null) {
      notes.add(limited.relaxation());
    }
    return limited.candidates();
  }

  /**
   * Estimated prompt tokens: four ASCII characters, or one other character, are about one token.
   */
  private static double promptTokens(String text) {
    int ascii = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < 0x80) {
        ascii++;
      }
    }
    return ascii / ASCII_CHARACTERS_PER_TOKEN + (text.length() - ascii);
  }

  private static List<Candidate> withoutQueryDependentReasons(
      List<Candidate> all, List<Candidate> plain) {
    List<Candidate> freed = new ArrayList<>(all.size());
    for (int i = 0; i < all.size(); i++) {
      freed.add(plain.get(i).eligible() ? plain.get(i) : all.get(i));
    }
    return freed;
  }

  private static @Nullable ChoiceLimits limits(@Nullable QueryConstraints constraints) {
    if (constraints == null
        || (constraints.getAllowedLlms().isEmpty()
            && constraints.getMaxCostUsd() == null
            && constraints.getMaxLatencyMs() == null)) {
      return null;
    }
    return new ChoiceLimits(
        Set.copyOf(constraints.getAllowedLlms()),
        constraints.getMaxCostUsd() == null ? Double.NaN : constraints.getMaxCostUsd(),
        constraints.getMaxLatencyMs() == null ? Double.NaN : constraints.getMaxLatencyMs());
  }
}
