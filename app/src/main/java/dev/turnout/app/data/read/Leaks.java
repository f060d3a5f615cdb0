package dev.turnout.app.data.read;

import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Training queries that are tested on: equal texts, white space aside. */
final class Leaks {
  private Leaks() {}

  /** True for the training queries whose text also stands in another split. */
  static Predicate<QueryOutcomes> in(OutcomeDataset dataset) {
    Set<String> tested =
        dataset.queries().stream()
            .filter(query -> query.split() != Split.TRAIN)
            .map(QueryOutcomes::normalisedQuestion)
            .collect(Collectors.toSet());
    return query -> query.split() == Split.TRAIN && tested.contains(query.normalisedQuestion());
  }
}
