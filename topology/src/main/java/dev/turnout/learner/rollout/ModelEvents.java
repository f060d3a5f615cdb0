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

/**
 * What this learner says on the models topic. Its own followers read it back: until they have,
 * nothing further is decided, so that no event is said twice. Confined to one thread.
 */
public final class ModelEvents implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelEvents.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ModelPublisher publisher;
  private final LearnerMetrics metrics;
  private final Clock clock;
  private @Nullable Predicate<ServingSnapshot> awaited;
  private Instant since = Instant.EPOCH;

  public ModelEvents(ModelPublisher publisher, LearnerMetrics metrics, Clock clock) {
    this.publisher = publisher;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Whether the last event has come back, so that the picture is the present one. */
  public boolean settled(ServingSnapshot serving) {
    Predicate<ServingSnapshot> expected = awaited;
    if (expected == null) {
      return true;
    }
    if (!expected.test(serving)) {
      if (clock.instant().isBefore(since.plus(PATIENCE))) {
        return false;
      }
      LOG.warn("the last model event did not take effect within {}; going on", PATIENCE);
    }
    awaited = null;
    return true;
  }

  /**
   * Uploads a model and puts it in charge at once.
   *
   * @param replaces the version to return to if it earns less; null without one
   */
  public void install(
      RouterModel model, @Nullable String parent, @Nullable String replaces, String reason)
      throws InterruptedException {
    LOG.info("model {} is promoted: {}", model.version(), reason);
    publisher.upload(model, parent, reason);
    publisher.promote(model.version(), replaces, reason, Map.of());
    await(serving -> serves(serving, model.version()));
  }

  public void upload(RouterModel model, String parent, String reason) throws InterruptedException {
    publisher.upload(model, parent, reason);
  }

  public void promote(String version, String replaces, String reason, Map<String, String> report)
      throws InterruptedException {
    LOG.info("model {} is promoted: {}", version, reason);
    metrics.rollout("promoted");
    publisher.promote(version, replaces, reason, report);
    await(serving -> serves(serving, version));
  }

  public void stage(String version, double share, String reason, Map<String, String> report)
      throws InterruptedException {
    LOG.info("model {} is staged at share {}: {}", version, share, reason);
    metrics.rollout("staged");
    publisher.stage(version, share, reason, report);
    await(
        serving -> {
          Rollout.Stage stage = serving.rollout().stage();
          return stage != null && stage.version().equals(version) && stage.share() == share;
        });
  }

  public void reject(String version, String reason, Map<String, String> report)
      throws InterruptedException {
    LOG.info("candidate {} is rejected: {}", version, reason);
    metrics.rollout("rejected");
    publisher.reject(version, reason, report);
    await(serving -> !isStaged(serving, version));
  }

  /** Takes a version back in favour of another: ends its trial, or its being in charge. */
  void rollBack(String version, String to, String reason) throws InterruptedException {
    rollBack(List.of(version), to, reason);
  }

  /**
   * Takes versions back in favour of another.
   *
   * @param versions the one on trial or in charge last, before it those that it extends
   */
  void rollBack(List<String> versions, String to, String reason) throws InterruptedException {
    String version = versions.get(versions.size() - 1);
    LOG.warn("model {} is rolled back to {}: {}", version, to, reason);
    metrics.rollout("rolled_back");
    publisher.rollBack(to, version + " " + reason);
    for (String each : versions) {
      publisher.reject(each, reason, Map.of());
    }
    await(serving -> serves(serving, to) && serving.rollout().stage() == null);
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
