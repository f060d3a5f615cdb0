package dev.turnout.learner.loop;

import dev.turnout.control.model.Rollout.TrainedTo;
import dev.turnout.learner.LearnerSettings;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * At which samples candidates are trained. The places depend on the log alone, on neither clock nor
 * poll: each is so many samples, or so much time by the samples' own timestamps, after the one
 * before. So a learner that starts later trains on the very samples that the one before it trained
 * on.
 */
final class TrainingSchedule {
  private static final int FEWEST_NEW_SAMPLES = 200;

  private final LearnerSettings.Training settings;
  private final long trained;
  private @Nullable Instant since;
  private int fresh;

  /**
   * @param last the place of the last training that was judged; null before the first
   */
  TrainingSchedule(LearnerSettings.Training settings, @Nullable TrainedTo last) {
    this.settings = settings;
    this.trained = last == null ? -1 : last.offset();
    this.since = last == null ? null : last.at();
  }

  /** Takes in one sample, in the order of the log; true when a candidate is due after it. */
  boolean dueAfter(long offset, Instant at) {
    if (offset <= trained) {
      return false;
    }
    Instant begun = since == null ? at : since;
    since = begun;
    fresh++;
    boolean due =
        fresh >= settings.afterGrades()
            || (fresh >= FEWEST_NEW_SAMPLES && !at.isBefore(begun.plus(settings.after())));
    if (due) {
      fresh = 0;
      since = at;
    }
    return due;
  }
}
