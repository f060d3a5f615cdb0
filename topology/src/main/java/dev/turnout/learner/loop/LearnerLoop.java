package dev.turnout.learner.loop;

import dev.turnout.control.RetryingDecoder;
import dev.turnout.control.model.ModelPublisher;
import dev.turnout.control.model.Rollout;
import dev.turnout.control.model.ServingSnapshot;
import dev.turnout.control.model.ServingState;
import dev.turnout.encoder.EncoderId;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.RecordSender;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.kafka.TransactionalSender;
import dev.turnout.learner.Leadership;
import dev.turnout.learner.LearnerMetrics;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.learner.LearnerStatus;
import dev.turnout.learner.rollout.ModelEvents;
import dev.turnout.learner.rollout.RolloutWatch;
import dev.turnout.schema.Posterior;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.GroupNames;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the samples topic into posteriors and models, on a thread of its own. Every learner folds;
 * the one that holds the {@link Leadership} also acts: it publishes posteriors, trains, promotes
 * and rolls back. The others hold the same state and take over where it stopped.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>The state is a fold of one log. The samples topic has one partition, so all learners take
 *       the same samples in the same order, and where they stand they hold the same window, rewards
 *       and places to train at ({@link LearnerState}); no clock and no poll enters it. A replica is
 *       therefore as warm as the one that acts, and a restart reads the log instead of a checkpoint
 *       ({@link SampleLog}).
 *   <li>Nobody acts before having read what existed at the start: on half a window a good model
 *       would look like a poor one.
 *   <li>What was done is told by the models topic alone, by a report with the offset of the last
 *       sample that a verdict rests on. A training that a crash cut short leaves no trace there and
 *       is run again by whoever acts next, on the same samples with the same seed.
 *   <li>One decision at a time: after an event nothing further is decided until this learner's own
 *       follower has read it back ({@link ModelEvents#settled}), so no step works on a state that
 *       its own last event has overtaken.
 *   <li>Two learners may both think that they act, for as long as it takes the first to notice that
 *       its session ended. The models topic is the second one's from the moment it takes over; what
 *       the first still tries there is refused ({@link ModelEvents}). Posteriors are the latest of
 *       a key, so what it publishes of them is soon replaced.
 *   <li>The turn never waits for a training: that runs in a {@link BackgroundJob}, whose result is
 *       handed over on this thread. So everything here is confined to the loop's thread but the
 *       {@linkplain #status status}, an immutable value behind a volatile reference.
 * </ul>
 *
 * <p>Sources: the log as the only state, J. Kreps, "The Log" (2013); leadership by a consumer
 * group's assignment, KIP-62 (session and heartbeat).
 */
public final class LearnerLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LearnerLoop.class);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final ServingState live;
  private final Deserializer<TrainingSample> samples;
  private final RetryingDecoder<TrainingSample> decoder;
  private final SampleLog log;
  private final Leadership leadership;
  private final LearnerState state;
  private final PosteriorPublisher feed;
  private final ModelEvents events;
  private final ModelMaintenance upkeep;
  private final BackgroundJob trainer;
  private final CandidateTraining training;
  private final RolloutWatch watch;
  private final long seed;
  private final EncoderId encoder;
  private final SupervisedLoop loop;
  private boolean acts;
  private volatile LearnerStatus status = LearnerStatus.starting();

  /**
   * A loop that is not started yet; it has joined the group.
   *
   * @param clients Kafka client settings and those of the Avro serdes
   * @param encoder the encoder of the routers; samples of others are skipped
   * @param live what serves, kept current by the learner's own followers
   * @param models the follower of the models topic
   */
  public LearnerLoop(
      LearnerSettings settings,
      Map<String, Object> clients,
      EncoderId encoder,
      ServingState live,
      ModelEvents.Follower models,
      LearnerMetrics metrics,
      Clock clock) {
    this.live = live;
    this.encoder = encoder;
    this.seed = settings.training().seed();
    String topic = settings.topics().samples();
    String group = GroupNames.fold(settings.applicationId());
    Rollout.TrainedTo trained = live.serving().rollout().trained();
    this.samples = AvroSerdes.of(TrainingSample.class, clients).deserializer();
    this.decoder = new RetryingDecoder<>(samples, RETRY);
    this.log =
        new SampleLog(
            topic,
            settings.window(),
            trained == null ? Long.MAX_VALUE : trained.offset(),
            clients,
            this::identity);
    this.leadership = Leadership.join(group, topic, clients);
    this.state = new LearnerState(settings, encoder, metrics, trained);
    this.feed =
        new PosteriorPublisher(
            settings,
            RecordSender.open(clients),
            AvroSerdes.of(Posterior.class, clients).serializer(),
            metrics,
            clock);
    TransactionalSender sender = TransactionalSender.of(clients, group);
    this.events =
        new ModelEvents(
            sender,
            ModelPublisher.inTransactions(settings.topics().models(), sender, clients, clock),
            models,
            metrics,
            clock);
    this.upkeep = new ModelMaintenance(settings, encoder, events, feed);
    this.trainer = new BackgroundJob(settings.trainingLimit(), clock, metrics);
    this.training = new CandidateTraining(settings, upkeep, events, feed, trainer, metrics);
    this.watch = new RolloutWatch(settings, events, feed, trainer);
    this.loop =
        new SupervisedLoop(
            "turnout-learner", log.body(this::turn), SupervisedLoop.Pacing.standard());
  }

  /** Starts to read, and to act where this learner leads. */
  public void start() {
    // the first k-means loads native libraries, which takes seconds: better now than under load
    trainer.begin("loading the trainer", stop -> warm(), model -> {});
    loop.start();
  }

  private String warm() {
    List<float[]> corners = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      float[] corner = new float[encoder.dimension()];
      corner[i % corner.length] = 1;
      corners.add(corner);
    }
    return upkeep.training(List.of("any")).ungraded(corners, seed).version();
  }

  /** How the learner is doing; may be asked by any thread. */
  public LearnerStatus status() {
    return status;
  }

  /** How the fold's loop is doing. */
  public LoopState loop() {
    return loop.state();
  }

  private void turn() throws InterruptedException {
    log.poll(POLL, this::take);
    state.follow(live.serving().rollout());
    boolean acted = acts;
    acts = false; // whatever is thrown from here on
    if (leadership.holds() && log.caughtUp()) {
      acts = events.ready();
    } else {
      events.stepDown();
    }
    if (acts) {
      if (!acted) {
        LOG.atInfo()
            .setMessage("this learner acts from now on")
            .addKeyValue("samples", state.taken())
            .log();
        feed.refresh();
      }
      act();
    }
    report();
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    try {
      TrainingSample sample = decoder.decode(record);
      if (sample != null) {
        state.take(record.offset(), Instant.ofEpochMilli(record.timestamp()), sample);
      }
    } catch (InterruptException e) {
      throw e; // the learner closes; nothing is wrong with the sample
    } catch (RuntimeException e) {
      LOG.atError()
          .setMessage("sample skipped: it cannot be read")
          .addKeyValue("offset", record.offset())
          .setCause(e)
          .log();
    }
  }

  /** What a sample is in the window; nothing when it has no place there. */
  private Optional<?> identity(ConsumerRecord<byte[], byte[]> record) {
    try {
      TrainingSample sample = decoder.decode(record);
      return sample == null || !sample.getEncoderId().equals(encoder.toString())
          ? Optional.empty()
          : Optional.of(List.of(sample.getQueryId(), sample.getLlm(), sample.getGrader()));
    } catch (InterruptException e) {
      throw e; // the learner closes
    } catch (RuntimeException e) {
      LOG.atDebug()
          .setMessage("sample does not count for the window: it cannot be read")
          .addKeyValue("offset", record.offset())
          .setCause(e)
          .log();
      return Optional.empty();
    }
  }

  private void act() throws InterruptedException {
    ServingSnapshot serving = live.serving();
    feed.follow(serving.model(), serving.canary());
    feed.publish(state);
    // asked before every step: each may decide something, and one decision is enough for a turn
    if (events.settled(serving) && !live.obsoleteRecords().isEmpty()) {
      events.remove(live.obsoleteRecords());
    }
    if (events.settled(serving)) {
      trainer.settle();
    }
    if (events.settled(serving)) {
      upkeep.step(serving, state);
    }
    if (events.settled(serving)) {
      watch.step(serving, state);
    }
    if (events.settled(serving)) {
      training.step(serving, state);
    }
  }

  private void report() {
    ServingSnapshot serving = live.serving();
    status =
        new LearnerStatus(
            acts,
            state.taken(),
            training.promotions(),
            training.rejections(),
            watch.rollBacks(),
            serving.model() == null ? null : serving.model().version(),
            serving.rollout().stage() == null ? null : serving.rollout().stage().version(),
            training.lastVerdict());
  }

  @Override
  public void close() {
    // first, so that the loop's thread does not wait for a training that nobody will use
    trainer.close();
    loop.close();
    for (AutoCloseable each : List.of(leadership, events, feed, samples)) {
      try {
        each.close();
      } catch (Exception e) {
        LOG.atWarn().setMessage("closing failed").addKeyValue("part", each).setCause(e).log();
      }
    }
  }
}
