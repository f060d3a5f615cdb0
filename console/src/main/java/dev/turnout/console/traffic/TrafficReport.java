package dev.turnout.console.traffic;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What was counted in a window of time.
 *
 * @param from where it begins
 * @param steps by their start, every step that anything was counted in; in each, tallies by LLM
 * @param letters dead letters by reason, over the whole window
 * @param complete false while the console still reads the past
 */
public record TrafficReport(
    TrafficWindow window,
    Instant from,
    NavigableMap<Instant, Map<String, TrafficTally>> steps,
    Map<String, TrafficTally> letters,
    boolean complete) {

  /** Freezes the maps. */
  public TrafficReport {
    steps = Collections.unmodifiableNavigableMap(new TreeMap<>(steps));
    letters = Map.copyOf(letters);
  }

  /** Nothing was counted, or nothing is known yet. */
  public static TrafficReport empty(TrafficWindow window, Instant now) {
    return new TrafficReport(window, window.from(now), new TreeMap<>(), Map.of(), false);
  }

  /** Over the whole window, by LLM in the order of their names. */
  public Map<String, TrafficTally> byLlm() {
    Map<String, TrafficTally> sums = new TreeMap<>();
    steps
        .values()
        .forEach(
            step ->
                step.forEach(
                    (llm, tally) ->
                        sums.computeIfAbsent(llm, name -> new TrafficTally()).add(tally)));
    return sums;
  }

  /** Over the whole window and all LLMs. */
  public TrafficTally total() {
    return sum(byLlm());
  }

  /** Over some LLMs. */
  public static TrafficTally sum(Map<String, TrafficTally> tallies) {
    TrafficTally sum = new TrafficTally();
    tallies.values().forEach(sum::add);
    return sum;
  }

  /** Dead letters of all reasons. */
  public long deadLetters() {
    return (long) sum(letters).get(Measure.DEAD_LETTERS);
  }
}
