package dev.turnout.app.role;

import dev.turnout.kafka.LoopHealth;
import java.util.List;

/**
 * How a role is doing, for probes.
 *
 * @param started the start is over, or waits for something else to be there
 * @param live not dead beyond repair
 * @param ready it does its work now
 * @param problems what stands in the way, or is left out while the role is ready, in words
 */
public record Health(boolean started, boolean live, boolean ready, List<String> problems) {
  public Health {
    problems = List.copyOf(problems);
  }

  /** A started role that does as well as its loops. */
  static Health of(LoopHealth loops) {
    return new Health(true, loops.live(), loops.ready(), loops.problems());
  }

  /** All is well. */
  public static Health good() {
    return new Health(true, true, true, List.of());
  }
}
