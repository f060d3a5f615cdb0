package dev.turnout.belief;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The last graded samples, in the order of the log. A grader's later grade of the same query and
 * LLM takes the place of the earlier one and counts as the latest, so the window is exactly what
 * the tail of the log says, wherever reading began. The window is the whole learnt state:
 * everything else is a pure function of it.
 *
 * <p>Bounded by {@code capacity} samples; with 384 dimensions one takes about 1.8 kB. Confined to
 * one thread.
 */
public final class FeedbackWindow {
  private final int capacity;
  private final LinkedHashMap<Key, GradedSample> samples = new LinkedHashMap<>();

  private record Key(String queryId, String llm, String grader) {}

  /**
   * @param capacity samples kept, >= 1
   */
  public FeedbackWindow(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "the feedback window must hold at least 1 sample, but its capacity was " + capacity);
    }
    this.capacity = capacity;
  }

  /**
   * Adds a sample, or replaces the same grader's earlier grade.
   *
   * @return true when it changed the window
   */
  public boolean add(GradedSample sample) {
    Key key = new Key(sample.queryId(), sample.llm(), sample.grader());
    GradedSample before = samples.remove(key);
    samples.put(key, sample);
    if (before == null && samples.size() > capacity) {
      Iterator<Key> oldest = samples.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    return before == null
        || before.reward() != sample.reward()
        || before.weight() != sample.weight();
  }

  /** The samples, oldest first. */
  public List<GradedSample> samples() {
    return new ArrayList<>(samples.values());
  }

  public int size() {
    return samples.size();
  }
}
