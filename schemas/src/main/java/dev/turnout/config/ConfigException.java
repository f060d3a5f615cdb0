package dev.turnout.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with every problem it has. */
public final class ConfigException extends RuntimeException {

  private final List<ConfigProblem> problems;

  /** With all problems in the message; at least one. */
  public ConfigException(List<ConfigProblem> problems) {
    super(
        problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("; "))
            + (problems.size() > 1 ? " (turnout check lists them one a line)" : ""));
    this.problems = List.copyOf(problems);
  }

  /** Every problem, in the order it was found. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
