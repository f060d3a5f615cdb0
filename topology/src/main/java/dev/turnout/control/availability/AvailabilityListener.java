package dev.turnout.control.availability;

import dev.turnout.availability.ListeningClock;
import dev.turnout.availability.Unavailable;
import dev.turnout.availability.WorkerReports;
import dev.turnout.control.TopicFollower;
import dev.turnout.control.TopicListener;
import dev.turnout.schema.LlmAvailability;
import dev.turnout.topic.LogText;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what workers say of their LLMs, and passes on which LLMs cannot answer whenever that
 * changes. Silence changes it too, so it looks after every poll: a router is behind by a poll, 0.2
 * seconds, and for a worker that died by four of its intervals.
 */
public final class AvailabilityListener implements TopicListener<LlmAvailability> {
  private static final Logger LOG = LoggerFactory.getLogger(AvailabilityListener.class);

  private final Consumer<Map<String, Unavailable>> unavailable;
  private final LongSupplier nanos;
  private final WorkerReports reports = new WorkerReports();
  private Map<String, Unavailable> passedOn = Map.of();

  /**
   * @param unavailable takes the LLMs that cannot answer, by id; called again soon if it throws
   * @param nanos how long the reader has listened
   */
  AvailabilityListener(Consumer<Map<String, Unavailable>> unavailable, LongSupplier nanos) {
    this.unavailable = unavailable;
    this.nanos = nanos;
  }

  /**
   * Starts to follow.
   *
   * @param topic the availability topic
   * @param config Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serde
   * @param unavailable takes the LLMs that cannot answer, by id, on the follower's thread
   */
  public static TopicFollower follow(
      String topic, Map<String, ?> config, Consumer<Map<String, Unavailable>> unavailable) {
    return TopicFollower.start(
        topic,
        config,
        LlmAvailability.class,
        new AvailabilityListener(unavailable, new ListeningClock()));
  }

  @Override
  public void read(LlmAvailability said) {
    reports.hear(said, nanos.getAsLong());
  }

  @Override
  public void readTombstone(@Nullable String key) {
    reports.forget(key);
  }

  @Override
  public void settle(boolean caughtUp) {
    long now = nanos.getAsLong();
    if (!caughtUp) {
      return;
    }
    Map<String, Unavailable> found = reports.unavailable(now);
    if (!found.equals(passedOn)) {
      unavailable.accept(found);
      log(found);
      passedOn = new TreeMap<>(found);
    }
  }

  private void log(Map<String, Unavailable> found) {
    found.forEach(
        (llm, why) -> {
          if (!passedOn.containsKey(llm)) {
            LOG.atWarn()
                .setMessage("workers of an LLM cannot have it answer")
                .addKeyValue("llm", LogText.of(llm))
                .addKeyValue("problem", LogText.of(why.text()))
                .log();
          }
        });
    passedOn.keySet().stream()
        .filter(llm -> !found.containsKey(llm))
        .forEach(
            llm ->
                LOG.atInfo()
                    .setMessage("workers of an LLM can have it answer again")
                    .addKeyValue("llm", LogText.of(llm))
                    .log());
  }
}
