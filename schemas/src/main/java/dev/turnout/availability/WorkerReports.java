package dev.turnout.availability;

import dev.turnout.schema.AvailabilityState;
import dev.turnout.schema.LlmAvailability;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the workers of all LLMs have said last, and what follows of it for each LLM.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>An LLM is unavailable when it has workers that report and none of them can have it
 *       answer</b>: each says so, has left, or has been silent for four times its own interval. One
 *       worker that can is enough, since another's way to the LLM may be broken.
 *   <li><b>An LLM of which no worker ever reported is available</b>: its pool may be another
 *       program that knows nothing of this topic.
 *   <li><b>Silence is judged by the reader's clock</b>, from when it heard a worker last, and only
 *       while it listened ({@link ListeningClock}). Clocks of workers do not matter. A reader that
 *       has just begun gives each worker its whole interval.
 *   <li><b>Memory is bounded</b> by {@value #MOST} workers; workers remove the records of those
 *       that are gone for long.
 * </ul>
 *
 * <p>Confined to one thread.
 */
public final class WorkerReports {
  private static final int MOST = 10_000;
  private static final int MISSED = 4;
  private static final long SHORTEST_REPEAT_MS = 100;
  private static final long LONGEST_REPEAT_MS = 600_000;

  private final Map<String, Report> reports = new HashMap<>();

  /**
   * What one worker said last.
   *
   * @param said by the worker
   * @param heardNanos when it was heard, in nanoseconds of the reader's clock
   */
  public record Report(LlmAvailability said, long heardNanos) {

    /** Whether the worker has been silent for so long that it must be dead. */
    public boolean isSilent(long nowNanos) {
      long repeat = Math.max(SHORTEST_REPEAT_MS, Math.min(LONGEST_REPEAT_MS, said.getRepeatMs()));
      return nowNanos - heardNanos > Duration.ofMillis(MISSED * repeat).toNanos();
    }

    /** Whether the worker lives, as far as is known. */
    public boolean lives(long nowNanos) {
      return said.getState() != AvailabilityState.LEFT && !isSilent(nowNanos);
    }

    private boolean canAnswer(long nowNanos) {
      return lives(nowNanos) && said.getState() != AvailabilityState.DOWN;
    }
  }

  /** Key of a worker's record. */
  public static String key(String llm, String worker) {
    return llm + "/" + worker;
  }

  /**
   * A worker said something.
   *
   * @throws IllegalStateException if there are more workers than can be followed
   */
  public void hear(LlmAvailability said, long nowNanos) {
    String key = key(said.getLlm(), said.getWorker());
    if (reports.size() >= MOST && !reports.containsKey(key)) {
      throw new IllegalStateException(
          "more than " + MOST + " workers report; delete the records of those that are gone");
    }
    reports.put(key, new Report(said, nowNanos));
  }

  /** A worker's record was removed. */
  public void forget(@Nullable String key) {
    reports.remove(key);
  }

  /** What the workers of an LLM said, ordered by worker. */
  public List<Report> of(String llm) {
    return reports.values().stream()
        .filter(report -> report.said().getLlm().equals(llm))
        .sorted(Comparator.comparing(report -> report.said().getWorker()))
        .toList();
  }

  /** The LLMs that cannot answer, by id, as long as {@link Unavailable#holdsFor} their profiles. */
  public SortedMap<String, Unavailable> unavailable(long nowNanos) {
    SortedMap<String, Unavailable> found = new TreeMap<>();
    reports.values().stream()
        .collect(Collectors.groupingBy(report -> report.said().getLlm()))
        .forEach(
            (llm, all) -> {
              if (all.stream().noneMatch(report -> report.canAnswer(nowNanos))) {
                found.put(llm, why(all, nowNanos));
              }
            });
    return found;
  }

  /** The last of its workers that went is when the LLM did; those that live know best why. */
  private static Unavailable why(List<Report> reports, long nowNanos) {
    List<Report> living = reports.stream().filter(report -> report.lives(nowNanos)).toList();
    Instant since = Instant.MIN;
    String reason = "";
    for (Report report : living.isEmpty() ? reports : living) {
      LlmAvailability said = report.said();
      boolean silent = !living.contains(report) && said.getState() != AvailabilityState.LEFT;
      Instant gone = silent ? said.getUpdatedAt() : said.getSince();
      if (gone.isAfter(since)) {
        since = gone;
        reason =
            silent
                ? "its workers are silent"
                : said.getState() == AvailabilityState.LEFT
                    ? "its workers have ended"
                    : String.valueOf(said.getReason());
      }
    }
    return new Unavailable(since, reason, living.isEmpty());
  }
}
