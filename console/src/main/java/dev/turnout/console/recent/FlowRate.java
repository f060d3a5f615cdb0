package dev.turnout.console.recent;

import dev.turnout.console.traffic.TrafficListener;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Decisions a second over the last {@value #SECONDS} seconds, by LLM. Safe for several threads. */
public final class FlowRate implements TrafficListener {
  private static final int SECONDS = 10;
  private static final int MOST_NAMES = 200;

  private final Clock clock;
  private final Map<String, long[]> counts = new TreeMap<>();
  private long latest;

  /** Counts from now on. */
  public FlowRate(Clock clock) {
    this.clock = clock;
    this.latest = clock.instant().getEpochSecond();
  }

  @Override
  public synchronized void decided(RoutingDecision decision, int bytes) {
    long second = decision.getDecidedAt().getEpochSecond();
    advance();
    if (second > latest - SECONDS
        && second <= latest
        && (counts.size() < MOST_NAMES || counts.containsKey(decision.getLlm()))) {
      counts
          .computeIfAbsent(decision.getLlm(), name -> new long[SECONDS])[
          (int) (second % SECONDS)]++;
    }
  }

  @Override
  public void ended(Outcome outcome, int bytes) {}

  @Override
  public void graded(Grade grade) {}

  /** By LLM, those alone that had any. */
  public synchronized Map<String, Double> perSecond() {
    advance();
    Map<String, Double> rates = new TreeMap<>();
    counts.forEach(
        (llm, seconds) -> {
          long sum = 0;
          for (long count : seconds) {
            sum += count;
          }
          if (sum > 0) {
            rates.put(llm, sum / (double) SECONDS);
          }
        });
    return rates;
  }

  private void advance() {
    long now = clock.instant().getEpochSecond();
    for (long second = Math.max(latest + 1, now - SECONDS + 1); second <= now; second++) {
      int slot = (int) (second % SECONDS);
      counts.values().forEach(seconds -> seconds[slot] = 0);
    }
    latest = Math.max(latest, now);
    counts.values().removeIf(seconds -> Arrays.stream(seconds).sum() == 0);
  }
}
