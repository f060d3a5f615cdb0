package dev.turnout.app.data;

import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Training queries that are tested on: equal texts, white space aside. */
public final class Leaks {
  private Leaks() {}

  /** True for the training queries whose text also stands in another split. */
  public static Predicate<QueryOutcomes> in(OutcomeDataset dataset) {
    Set<String> tested =
        dataset.queries().stream()
            .filter(query -> query.split() != Split.TRAIN)
            .map(Leaks::normalised)
            .collect(Collectors.toSet());
    return query -> query.split() == Split.TRAIN && tested.contains(normalised(query));
  }

  private static String normalised(QueryOutcomes query) {
    return query.question().strip().replaceAll("\\s+", " ");
  }
}
