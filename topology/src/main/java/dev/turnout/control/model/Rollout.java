package dev.turnout.control.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which versions decide, by the models topic: a fold of its events and of nothing else.
 *
 * @param incumbent the version that was promoted or returned to last; null before the first
 *     promotion
 * @param stage the version on trial; null without one
 * @param trained how far in the samples topic candidates were trained; null before the first
 */
public record Rollout(
    @Nullable Incumbent incumbent, @Nullable Stage stage, @Nullable TrainedTo trained) {

  /**
   * A version that was promoted, or returned to.
   *
   * @param since when it was promoted or returned to
   * @param replaces the version that a roll-back returns to; null when nothing is to be returned to
   */
  public record Incumbent(String version, Instant since, @Nullable String replaces) {}

  /**
   * A version on trial.
   *
   * @param share share of the queries, by hash of the id, that it serves: 0..1; 0 is shadow
   * @param since when this stage began
   */
  public record Stage(String version, double share, Instant since) {}

  /**
   * The last sample that a judged candidate was trained or held out on.
   *
   * @param offset of the sample on the samples topic
   * @param at timestamp of the sample
   */
  public record TrainedTo(long offset, Instant at) {
    /** Key of the offset in the report of a verdict. */
    public static final String OFFSET = "samples.offset";

    /** Key of the timestamp, milliseconds of the epoch, in the report of a verdict. */
    public static final String AT = "samples.at";
  }

  /** Before any event. */
  public static Rollout nothing() {
    return new Rollout(null, null, null);
  }

  /** Share of the queries that the version on trial serves; 0 without one. */
  double canaryShare() {
    return stage == null ? 0 : stage.share();
  }
}
