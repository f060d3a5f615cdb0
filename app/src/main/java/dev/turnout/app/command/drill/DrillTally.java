package dev.turnout.app.command.drill;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * What became of the queries of a drill. One thread asks, another tells the rest. A query is
 * decided or, where no LLM could take it, refused by a dead letter; what is neither is lost.
 *
 * <p>A pause is the time between two committed decisions on one partition, while a query waited
 * there: what a partition's applications saw as silence.
 */
final class DrillTally {
  private static final double MILLIS = 1e6;

  private final AtomicLongArray askedAt;
  private final int[] decisions;
  private final int[] refusals;
  private final int[] requests;
  private final int[] outcomes;
  private final long[] latencies;
  private final Map<Integer, Long> lastOnPartition = new HashMap<>();
  private long longestPause;
  private int settled;

  /**
   * @param queries how many will be asked, by position
   */
  DrillTally(int queries) {
    this.askedAt = new AtomicLongArray(queries);
    this.decisions = new int[queries];
    this.refusals = new int[queries];
    this.requests = new int[queries];
    this.outcomes = new int[queries];
    this.latencies = new long[queries];
  }

  int size() {
    return decisions.length;
  }

  /**
   * A query is published.
   *
   * @param nanos of the monotonic clock
   */
  void asked(int position, long nanos) {
    askedAt.set(position, nanos);
  }

  /** A decision is committed. */
  void decided(int position, int partition, long nanos) {
    long waited = nanos - askedAt.get(position);
    Long last = lastOnPartition.put(partition, nanos);
    // before the query came nothing was silent
    longestPause = Math.max(longestPause, last == null ? waited : Math.min(nanos - last, waited));
    if (decisions[position]++ == 0) {
      latencies[position] = waited;
      settle(position);
    }
  }

  /** A dead letter says why the query gets no decision. */
  void refused(int position) {
    if (refusals[position]++ == 0) {
      settle(position);
    }
  }

  /** A router has asked an LLM for the first time. */
  void requested(int position) {
    if (requests[position]++ == 0) {
      settle(position);
    }
  }

  void answered(int position) {
    if (outcomes[position]++ == 0) {
      settle(position);
    }
  }

  private void settle(int position) {
    boolean served = decisions[position] > 0 && requests[position] > 0 && outcomes[position] > 0;
    if (served || (decisions[position] == 0 && refusals[position] == 1)) {
      settled++;
    }
  }

  /** Whether each query has all that it should. */
  boolean complete() {
    return settled == size();
  }

  /** Whether none is lost, and none is decided or requested twice. */
  boolean allOnce() {
    return complete() && doubled() == 0 && beyondOne(requests) == 0;
  }

  private static long beyondOne(int[] counts) {
    return Arrays.stream(counts).filter(count -> count > 1).map(count -> count - 1).sum();
  }

  /** Decided twice, refused twice, or both decided and refused. */
  private long doubled() {
    int[] said = new int[size()];
    Arrays.setAll(said, each -> decisions[each] + refusals[each]);
    return beyondOne(said);
  }

  /** Of those that were not refused. */
  private long none(int[] counts) {
    return IntStream.range(0, size())
        .filter(each -> counts[each] == 0 && refusals[each] == 0)
        .count();
  }

  /** Names and values, for programs; times in milliseconds. */
  Map<String, Object> figures() {
    long[] sorted = Arrays.stream(latencies).filter(each -> each > 0).sorted().toArray();
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("asked", size());
    figures.put("lost", none(decisions));
    figures.put("doubled", doubled());
    figures.put("refused", Arrays.stream(refusals).filter(count -> count > 0).count());
    figures.put("withoutRequest", none(requests));
    figures.put("requestedTwice", beyondOne(requests));
    figures.put("unanswered", none(outcomes));
    figures.put("answeredTwice", beyondOne(outcomes));
    figures.put("longestPauseMs", Math.round(longestPause / MILLIS));
    figures.put("p50Ms", quantile(sorted, 0.5));
    figures.put("p99Ms", quantile(sorted, 0.99));
    figures.put("slowestMs", quantile(sorted, 1));
    return figures;
  }

  private static double quantile(long[] sorted, double share) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int at = (int) Math.ceil(share * sorted.length) - 1;
    return Math.round(sorted[Math.max(0, at)] / MILLIS * 10) / 10.0;
  }

  /** The same, for people. */
  List<String> words() {
    Map<String, Object> all = figures();
    return List.of(
        "asked %s, lost %s, doubled %s, refused %s"
            .formatted(all.get("asked"), all.get("lost"), all.get("doubled"), all.get("refused")),
        "without a request %s, requested twice %s, unanswered %s, answered twice %s"
            .formatted(
                all.get("withoutRequest"),
                all.get("requestedTwice"),
                all.get("unanswered"),
                all.get("answeredTwice")),
        "longest pause of a partition %s ms; decided after %s ms (median), %s (99 %%), %s (slowest)"
            .formatted(
                all.get("longestPauseMs"),
                all.get("p50Ms"),
                all.get("p99Ms"),
                all.get("slowestMs")));
  }
}
