package dev.turnout.kafka;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * How several loops are doing together.
 *
 * @param live none has ended
 * @param ready live, and none has been failing or standing still for longer than {@link
 *     LoopState#TOLERATED}
 * @param problems what is wrong, in words, one for each loop that has one
 */
public record LoopHealth(boolean live, boolean ready, List<String> problems) {
  public LoopHealth {
    problems = List.copyOf(problems);
  }

  /** The health of these loops at this moment. */
  public static LoopHealth of(Collection<LoopState> loops, Instant now) {
    List<String> problems =
        loops.stream().map(loop -> loop.problem(now)).filter(Objects::nonNull).toList();
    return new LoopHealth(loops.stream().allMatch(LoopState::alive), problems.isEmpty(), problems);
  }
}
