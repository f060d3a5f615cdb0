package dev.turnout.lab.command;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.data.OutcomeDataException;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.read.OutcomeDatasets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Option;

/** How {@code turnout eval} judges the guard. */
final class GuardOptions {
  @Option(
      names = "--guard",
      description =
          "Instead of the table: what the guard flags of test queries, nonsense and strangers.")
  boolean wanted;

  @Option(
      names = "--against",
      paramLabel = "DIR",
      arity = "1..*",
      description = "With --guard: further recorded outcomes, whose queries are strangers.")
  private List<Path> against = List.of();

  @Option(
      names = "--inside",
      paramLabel = "TASK",
      split = ",",
      description = "With --guard: train on these tasks alone; all others are strangers.")
  private List<String> inside = List.of();

  @Option(
      names = "--most",
      paramLabel = "N",
      defaultValue = "2000",
      description =
          "With --guard: at most so many queries of each kind of strangers"
              + " (default: ${DEFAULT-VALUE}).")
  int most;

  @Option(
      names = "--min-success",
      paramLabel = "RATE",
      split = ",",
      description = "With --guard: also how these rates of success are kept, e.g. 0.8,0.9.")
  List<Double> minSuccess = List.of();

  /** Refuses what means nothing. */
  void check() {
    if (most < 1) {
      throw new CommandFailure("--most " + most + " is too few; give 1 or more");
    }
    for (double rate : minSuccess) {
      if (!(rate > 0 && rate < 1)) {
        throw new CommandFailure(
            "--min-success " + rate + " is no rate; give shares between 0 and 1, e.g. 0.8,0.9");
      }
    }
  }

  /** The tasks to train on; empty for all. */
  Set<String> inside(OutcomeDataset dataset) {
    for (String task : inside) {
      if (dataset.queries().stream().noneMatch(query -> query.dataset().equals(task))) {
        throw new CommandFailure(
            "--inside "
                + task
                + " is no task of the data; it has "
                + dataset.queries().stream().map(query -> query.dataset()).distinct().toList());
      }
    }
    return Set.copyOf(inside);
  }

  /** The other data sets, by the name of their folder. */
  Map<String, OutcomeDataset> strangers() {
    Map<String, OutcomeDataset> strangers = new LinkedHashMap<>();
    for (Path path : against) {
      try {
        strangers.put(String.valueOf(path.getFileName()), OutcomeDatasets.read(path));
      } catch (OutcomeDataException e) {
        throw new CommandFailure("--against: " + e.getMessage(), e);
      }
    }
    return strangers;
  }
}
