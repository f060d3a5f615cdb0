package dev.turnout.learner.loop;

import dev.turnout.belief.GradedSample;
import dev.turnout.belief.GraderWeights;
import dev.turnout.belief.LearningSettings;
import dev.turnout.belief.PosteriorLearner;
import dev.turnout.belief.Posteriors;
import dev.turnout.control.belief.PosteriorRecords;
import dev.turnout.kafka.RecordSender;
import dev.turnout.learner.LearnerMetrics;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.model.RouterModel;
import dev.turnout.schema.Posterior;
import dev.turnout.topic.LogText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fast path: keeps the posteriors of the serving model, and of the one on trial, up to date on
 * their topic. Confined to one thread.
 */
public final class PosteriorPublisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PosteriorPublisher.class);

  private final String topic;
  private final LearningSettings learning;
  private final GraderWeights weights;
  private final Duration pause;
  private final LearnerMetrics metrics;
  private final Clock clock;
  private final RecordSender sender;
  private final Serializer<Posterior> serializer;
  private Map<String, Learning> learners = Map.of();
  private Map<String, Double> trust = Map.of();
  private Instant published = Instant.EPOCH;
  private CompletableFuture<Void> sent = CompletableFuture.completedFuture(null);
  private boolean stale;

  /** A model and what learns for it. */
  private record Learning(RouterModel model, PosteriorLearner learner) {}

  PosteriorPublisher(
      LearnerSettings settings,
      RecordSender sender,
      Serializer<Posterior> serializer,
      LearnerMetrics metrics,
      Clock clock) {
    this.sender = sender;
    this.serializer = serializer;
    this.topic = settings.topics().posteriors();
    this.learning = settings.learning();
    this.weights = settings.graderWeights();
    this.pause = settings.publishEvery();
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Learns for these models from now on; the first is the serving one. */
  void follow(@Nullable RouterModel serving, @Nullable RouterModel staged) {
    Map<String, Learning> next = new LinkedHashMap<>();
    for (RouterModel model : new RouterModel[] {serving, staged}) {
      if (model != null) {
        Learning known = learners.get(model.version());
        boolean same = known != null && known.model().llms().equals(model.llms());
        stale |= !same;
        next.put(
            model.version(),
            same && known != null
                ? known
                : new Learning(model, new PosteriorLearner(model, model.llms(), learning)));
      }
    }
    learners = next;
  }

  /** Publishes at the next occasion, changed or not. */
  void refresh() {
    stale = true;
  }

  /**
   * Publishes what is learnt from the window if it changed and the last time is long enough ago.
   */
  void publish(LearnerState state) {
    stale |= state.changedSinceAsked() || sent.isCompletedExceptionally();
    Instant now = clock.instant();
    if (!stale || learners.isEmpty() || now.isBefore(published.plus(pause))) {
      return;
    }
    published = now;
    List<GradedSample> samples = state.samples();
    CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
    boolean first = true;
    for (Learning each : learners.values()) {
      long begun = System.nanoTime();
      Posteriors learnt = each.learner().learn(samples);
      all = CompletableFuture.allOf(all, send(learnt, state.offset()));
      if (first) {
        trust = learnt.trust();
        metrics.learnt(learnt, System.nanoTime() - begun);
      }
      first = false;
    }
    sent = all;
    // last, so that whatever failed before is tried again
    stale = false;
  }

  /** Publishes the posteriors of a model that is about to serve, so that none serves without. */
  void announce(RouterModel model, LearnerState state) {
    Posteriors learnt = new PosteriorLearner(model, model.llms(), learning).learn(state.samples());
    sent = CompletableFuture.allOf(sent, send(learnt, state.offset()));
  }

  /** How much a grader counts: its trust by the last posteriors times its weight, 0..1. */
  public double trust(String grader) {
    return trust.getOrDefault(grader, 1.0) * weights.of(grader);
  }

  private CompletableFuture<Void> send(Posteriors learnt, long offset) {
    Posterior record =
        PosteriorRecords.write(learnt, offset, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    return sender
        .send(topic, learnt.modelVersion(), serializer, record)
        .whenComplete(
            (safe, failure) -> {
              if (failure != null) {
                LOG.atWarn()
                    .setMessage("posteriors could not be published and will be again")
                    .addKeyValue("model", LogText.of(learnt.modelVersion()))
                    .setCause(failure)
                    .log();
              }
            });
  }

  @Override
  public void close() {
    sender.close();
    serializer.close();
  }
}
