package dev.turnout.learner.loop;

import dev.turnout.belief.FeedbackWindow;
import dev.turnout.belief.GradedSample;
import dev.turnout.control.model.Rollout;
import dev.turnout.control.model.Rollout.TrainedTo;
import dev.turnout.encoder.EncoderId;
import dev.turnout.learner.LearnerMetrics;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.offpolicy.rollout.ServedRewards;
import dev.turnout.schema.TrainingSample;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that a learner holds, a fold of the samples topic: the window, what each model earned, and
 * the places where candidates are due. The same log gives the same state. Confined to one thread.
 *
 * <p>A place that waits holds the samples of its time. So that these never come to more than three
 * windows, a candidate's place is dropped once a whole window came after it: none of its samples is
 * in the window then. A learner that stands by drops what the one that acts has judged.
 */
public final class LearnerState {
  private static final Logger LOG = LoggerFactory.getLogger(LearnerState.class);
  private static final int MOST_WAITING = 16;

  private final int capacity;
  private final EncoderId encoder;
  private final LearnerMetrics metrics;
  private final TrainingSamples samples;
  private final FeedbackWindow window;
  private final ServedRewards rewards;
  private final TrainingSchedule schedule;
  private final Deque<TrainingPoint> due = new ArrayDeque<>();
  private int nextCells;
  private long taken;
  private long offset = -1;
  private boolean changed = true;
  private boolean trains;

  /**
   * @param trained the place of the last training that was judged; null before the first
   */
  LearnerState(
      LearnerSettings settings,
      EncoderId encoder,
      LearnerMetrics metrics,
      @Nullable TrainedTo trained) {
    this.encoder = encoder;
    this.metrics = metrics;
    this.samples = new TrainingSamples(settings.graderWeights());
    this.nextCells = settings.training().cellsAfter();
    this.capacity = settings.window();
    this.window = new FeedbackWindow(capacity);
    this.rewards = new ServedRewards(capacity);
    this.schedule = new TrainingSchedule(settings.training(), trained);
  }

  /** Takes in one sample, in the order of the log. */
  void take(long sampleOffset, Instant at, TrainingSample sample) {
    offset = sampleOffset;
    if (!sample.getEncoderId().equals(encoder.toString())) {
      metrics.otherEncoder();
      return;
    }
    changed |= window.add(samples.of(sample));
    taken++;
    metrics.sample(sample.getLlm(), sample.getReward());
    if (!sample.getShadow()) {
      rewards.add(
          sample.getQueryId(),
          sample.getModelVersion(),
          sample.getDecidedAt().toEpochMilli(),
          sample.getGrader(),
          sample.getReward());
    }
    if (window.size() >= nextCells) {
      nextCells *= 2;
      enqueue(TrainingPoint.Kind.CELLS, at);
    }
    if (schedule.dueAfter(sampleOffset, at)) {
      enqueue(TrainingPoint.Kind.CANDIDATE, at);
    }
  }

  private void enqueue(TrainingPoint.Kind kind, Instant at) {
    due.addLast(new TrainingPoint(kind, offset, taken, at, window.samples()));
    // cells are due a few times only, and a model without any is never trained
    long waiting = due.stream().filter(TrainingPoint::isCandidate).count();
    for (Iterator<TrainingPoint> each = due.iterator(); each.hasNext(); ) {
      TrainingPoint old = each.next();
      if (old.isCandidate() && (waiting > MOST_WAITING || taken - old.taken() >= capacity)) {
        each.remove();
        waiting--;
        skipped(old);
      }
    }
  }

  private void skipped(TrainingPoint point) {
    // a standby only keeps the latest places, should it take over
    if (trains) {
      LOG.atWarn()
          .setMessage("training is slower than the grades: a candidate is skipped")
          .addKeyValue("offset", point.offset())
          .log();
    }
  }

  /** Whether the window changed since this was last asked. */
  boolean changedSinceAsked() {
    boolean was = changed;
    changed = false;
    return was;
  }

  /** The window's samples, oldest first. */
  public List<GradedSample> samples() {
    return window.samples();
  }

  /** What each model earned. */
  public ServedRewards rewards() {
    return rewards;
  }

  /** The next place to train at that nobody has judged yet; null when none is due. */
  @Nullable TrainingPoint nextDue(@Nullable TrainedTo judged) {
    trains = true;
    dropJudged(judged);
    return due.pollFirst();
  }

  /**
   * Drops the places that a roll-out has overtaken: those that were judged, and during a trial all
   * but the latest.
   */
  void follow(Rollout rollout) {
    dropJudged(rollout.trained());
    while (rollout.stage() != null && due.size() > 1) {
      due.removeFirst();
    }
  }

  private void dropJudged(@Nullable TrainedTo judged) {
    while (!due.isEmpty() && judged != null && due.getFirst().offset() <= judged.offset()) {
      due.removeFirst();
    }
  }

  /** Samples taken in, repeated grades included. */
  public long taken() {
    return taken;
  }

  /** Offset of the last sample; -1 before any. */
  long offset() {
    return offset;
  }
}
