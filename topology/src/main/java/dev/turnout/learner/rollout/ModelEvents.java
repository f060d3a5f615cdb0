package dev.turnout.learner.rollout;

import dev.turnout.control.model.ModelPublisher;
import dev.turnout.control.model.Rollout;
import dev.turnout.control.model.ServingSnapshot;
import dev.turnout.kafka.TransactionalSender;
import dev.turnout.learner.LearnerMetrics;
import dev.turnout.model.RouterModel;
import dev.turnout.topic.LogText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The events that this learner publishes on the models topic. Confined to one thread.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>Of all learners one at most can publish: it takes over the topic's transactional id, which
 *       bars those before it ({@link TransactionalSender}).
 *   <li>It decides on all that was published before: having taken over it reads the topic to the
 *       end it then has ({@link #ready}), and after each event of its own until that has come back
 *       ({@link #settled}). So no event is published twice.
 *   <li>What belongs together, an artefact and its verdict for instance, is one transaction: a
 *       learner that dies leaves no half of it.
 * </ul>
 */
public final class ModelEvents implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelEvents.class);
  private static final Duration EFFECT_TIMEOUT = Duration.ofSeconds(30);

  private final TransactionalSender sender;
  private final ModelPublisher publisher;
  private final Follower follower;
  private final LearnerMetrics metrics;
  private final Clock clock;
  private @Nullable Predicate<ServingSnapshot> awaited;
  private Instant since = Instant.EPOCH;
  private long readFirst;

  /** This learner's own reader of the models topic. */
  public interface Follower {
    /** Offset behind the last record that is committed on the topic. */
    long end();

    /** Whether all before an offset has been read and taken in. */
    boolean hasRead(long offset);
  }

  /**
   * Publishes through a sender.
   *
   * @param sender closed with this
   * @param publisher publishes through {@code sender}; closed with this
   */
  public ModelEvents(
      TransactionalSender sender,
      ModelPublisher publisher,
      Follower follower,
      LearnerMetrics metrics,
      Clock clock) {
    this.sender = sender;
    this.publisher = publisher;
    this.follower = follower;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Whether this learner may publish and has read what there is; takes over where it does not hold
   * the topic yet, or lost it.
   *
   * @throws org.apache.kafka.common.KafkaException if the brokers do not answer
   */
  public boolean ready() {
    if (!sender.holds()) {
      sender.takeOver();
      readFirst = follower.end();
      awaited = null;
    }
    return follower.hasRead(readFirst);
  }

  /** Leaves the topic to another learner. */
  public void stepDown() {
    sender.release();
  }

  /** Whether the last event has come back, so that the snapshot is up to date. */
  public boolean settled(ServingSnapshot serving) {
    Predicate<ServingSnapshot> expected = awaited;
    if (expected == null) {
      return true;
    }
    if (!expected.test(serving)) {
      if (clock.instant().isBefore(since.plus(EFFECT_TIMEOUT))) {
        return false;
      }
      LOG.atWarn()
          .setMessage("the last model event did not take effect in time; going on")
          .addKeyValue("timeout", EFFECT_TIMEOUT)
          .log();
    }
    awaited = null;
    return true;
  }

  /**
   * Uploads a model and promotes it at once.
   *
   * @param replaces the version to return to if it earns less; null without one
   */
  public void install(
      RouterModel model, @Nullable String parent, @Nullable String replaces, String reason)
      throws InterruptedException {
    event(Level.INFO, "model promoted", model.version(), reason).log();
    publisher.publish(model, parent, replaces, reason, Map.of());
    await(serving -> serves(serving, model.version()));
  }

  /** Uploads a candidate and promotes it in place of the model that it was trained from. */
  public void promoteCandidate(
      RouterModel candidate, String parent, String reason, Map<String, String> report)
      throws InterruptedException {
    event(Level.INFO, "model promoted", candidate.version(), reason).log();
    metrics.rollout("promoted");
    publisher.publish(candidate, parent, parent, reason, report);
    await(serving -> serves(serving, candidate.version()));
  }

  /** Uploads a candidate and puts it on trial; 0 is shadow. */
  public void stageCandidate(
      RouterModel candidate, String parent, double share, String reason, Map<String, String> report)
      throws InterruptedException {
    staging(candidate.version(), share, reason);
    publisher.publishStaged(candidate, parent, share, reason, report);
    await(serving -> isStaged(serving, candidate.version(), share));
  }

  /** Promotes an uploaded model in place of the one that it replaces. */
  public void promote(String version, String replaces, String reason, Map<String, String> report)
      throws InterruptedException {
    event(Level.INFO, "model promoted", version, reason).log();
    metrics.rollout("promoted");
    publisher.promote(version, replaces, reason, report);
    await(serving -> serves(serving, version));
  }

  /** Moves the model on trial to another share. */
  public void stage(String version, double share, String reason, Map<String, String> report)
      throws InterruptedException {
    staging(version, share, reason);
    publisher.stage(version, share, reason, report);
    await(serving -> isStaged(serving, version, share));
  }

  private void staging(String version, double share, String reason) {
    event(Level.INFO, "model staged", version, reason).addKeyValue("share", share).log();
    metrics.rollout("staged");
  }

  /** Refuses a model for good; ends its trial. */
  public void reject(String version, String reason, Map<String, String> report)
      throws InterruptedException {
    event(Level.INFO, "model rejected", version, reason).log();
    metrics.rollout("rejected");
    publisher.reject(version, reason, report);
    await(serving -> !isStaged(serving, version));
  }

  /** Takes a version back in favour of another: ends its trial, or its incumbency. */
  void rollBack(String version, String to, String reason) throws InterruptedException {
    rollBack(List.of(version), to, reason);
  }

  /**
   * Takes versions back in favour of another.
   *
   * @param versions the one on trial or the incumbent last, before it those that it extends
   */
  void rollBack(List<String> versions, String to, String reason) throws InterruptedException {
    String version = versions.get(versions.size() - 1);
    event(Level.WARN, "model rolled back", version, reason).addKeyValue("to", LogText.of(to)).log();
    metrics.rollout("rolled_back");
    publisher.rollBack(to, version + " " + reason, versions, reason);
    await(serving -> serves(serving, to) && serving.rollout().stage() == null);
  }

  /** Removes records of the topic that nobody can go back to. */
  public void remove(List<String> keys) throws InterruptedException {
    LOG.atInfo()
        .setMessage("records of old models removed")
        .addKeyValue("records", keys.size())
        .log();
    publisher.remove(keys);
    long end = follower.end();
    await(serving -> follower.hasRead(end));
  }

  private static LoggingEventBuilder event(
      Level level, String message, String version, String reason) {
    return LOG.atLevel(level)
        .setMessage(message)
        .addKeyValue("model", LogText.of(version))
        .addKeyValue("reason", LogText.of(reason));
  }

  private void await(Predicate<ServingSnapshot> effect) {
    awaited = effect;
    since = clock.instant();
  }

  private static boolean serves(ServingSnapshot serving, String version) {
    return serving.model() != null && serving.model().version().equals(version);
  }

  private static boolean isStaged(ServingSnapshot serving, String version) {
    Rollout.Stage stage = serving.rollout().stage();
    return stage != null && stage.version().equals(version);
  }

  private static boolean isStaged(ServingSnapshot serving, String version, double share) {
    Rollout.Stage stage = serving.rollout().stage();
    return isStaged(serving, version) && stage != null && stage.share() == share;
  }

  @Override
  public void close() {
    publisher.close();
  }
}
