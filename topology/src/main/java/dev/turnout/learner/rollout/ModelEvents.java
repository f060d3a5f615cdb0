package dev.turnout.learner.rollout;

import dev.turnout.control.model.ModelPublisher;
import dev.turnout.control.model.Rollout;
import dev.turnout.control.model.ServingSnapshot;
import dev.turnout.learner.LearnerMetrics;
import dev.turnout.model.RouterModel;
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
 * The events that this learner publishes on the models topic. Its own followers read them back:
 * until they have, nothing further is decided, so that no event is published twice. Confined to one
 * thread.
 */
public final class ModelEvents implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelEvents.class);
  private static final Duration EFFECT_TIMEOUT = Duration.ofSeconds(30);

  private final ModelPublisher publisher;
  private final LearnerMetrics metrics;
  private final Clock clock;
  private @Nullable Predicate<ServingSnapshot> awaited;
  private Instant since = Instant.EPOCH;

  /** Publishes through a publisher, which is closed with this. */
  public ModelEvents(ModelPublisher publisher, LearnerMetrics metrics, Clock clock) {
    this.publisher = publisher;
    this.metrics = metrics;
    this.clock = clock;
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
    publisher.upload(model, parent, reason);
    publisher.promote(model.version(), replaces, reason, Map.of());
    await(serving -> serves(serving, model.version()));
  }

  /** Uploads a model that does not serve yet. */
  public void upload(RouterModel model, String parent, String reason) throws InterruptedException {
    publisher.upload(model, parent, reason);
  }

  /** Promotes an uploaded model in place of the one that it replaces. */
  public void promote(String version, String replaces, String reason, Map<String, String> report)
      throws InterruptedException {
    event(Level.INFO, "model promoted", version, reason).log();
    metrics.rollout("promoted");
    publisher.promote(version, replaces, reason, report);
    await(serving -> serves(serving, version));
  }

  /** Puts an uploaded model on trial, or moves it to another share; 0 is shadow. */
  public void stage(String version, double share, String reason, Map<String, String> report)
      throws InterruptedException {
    event(Level.INFO, "model staged", version, reason).addKeyValue("share", share).log();
    metrics.rollout("staged");
    publisher.stage(version, share, reason, report);
    await(
        serving -> {
          Rollout.Stage stage = serving.rollout().stage();
          return stage != null && stage.version().equals(version) && stage.share() == share;
        });
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
    event(Level.WARN, "model rolled back", version, reason).addKeyValue("to", to).log();
    metrics.rollout("rolled_back");
    publisher.rollBack(to, version + " " + reason);
    for (String each : versions) {
      publisher.reject(each, reason, Map.of());
    }
    await(serving -> serves(serving, to) && serving.rollout().stage() == null);
  }

  private static LoggingEventBuilder event(
      Level level, String message, String version, String reason) {
    return LOG.atLevel(level)
        .setMessage(message)
        .addKeyValue("model", version)
        .addKeyValue("reason", reason);
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

  @Override
  public void close() {
    publisher.close();
  }
}
