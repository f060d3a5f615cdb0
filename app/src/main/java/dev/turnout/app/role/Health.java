package dev.turnout.app.role;

import java.util.List;

/**
 * How a role is doing, for probes.
 *
 * @param started the start is over
 * @param live not dead beyond repair
 * @param ready it does its work now
 * @param problems what stands in the way, in words
 */
public record Health(boolean started, boolean live, boolean ready, List<String> problems) {
  public Health {
    problems = List.copyOf(problems);
  }

  /** All is well. */
  public static Health good() {
    return new Health(true, true, true, List.of());
  }
}
