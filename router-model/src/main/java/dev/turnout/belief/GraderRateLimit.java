package dev.turnout.belief;

import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;

/**
 * Token bucket per grader on event time: a grader that floods the topic is cut to its rate, the
 * others are not touched. Remembers a bounded number of graders, the longest silent is forgotten.
 * Confined to one thread.
 */
public final class GraderRateLimit {
  private final double perSecond;
  private final double burst;
  private final int capacity;
  private final LinkedHashMap<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

  private record Bucket(double tokens, Instant at) {}

  /**
   * @param perSecond grades a grader may give per second in the long run, > 0
   * @param burst grades it may give at once, >= 1
   * @param capacity graders remembered, >= 1
   */
  public GraderRateLimit(double perSecond, double burst, int capacity) {
    if (!(perSecond > 0) || !(burst >= 1) || capacity < 1) {
      throw new IllegalArgumentException(
          "a grader's rate must be > 0, its burst and the capacity >= 1, but were "
              + perSecond
              + ", "
              + burst
              + ", "
              + capacity);
    }
    this.perSecond = perSecond;
    this.burst = burst;
    this.capacity = capacity;
  }

  /**
   * Counts a grade.
   *
   * @param at event time of the grade; a grade from the past costs a token but brings none
   * @return false when the grader is over its rate
   */
  public boolean admit(String grader, Instant at) {
    Bucket bucket = buckets.getOrDefault(grader, new Bucket(burst, at));
    double elapsed = Math.max(0, java.time.Duration.between(bucket.at(), at).toMillis() / 1000.0);
    double tokens = Math.min(burst, bucket.tokens() + elapsed * perSecond);
    Instant latest = at.isAfter(bucket.at()) ? at : bucket.at();
    boolean admitted = tokens >= 1;
    buckets.put(grader, new Bucket(admitted ? tokens - 1 : tokens, latest));
    if (buckets.size() > capacity) {
      Iterator<String> silent = buckets.keySet().iterator();
      silent.next();
      silent.remove();
    }
    return admitted;
  }
}
