package dev.turnout.follow;

import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the LLM profiles and keeps the {@link LiveModel}'s directory current. A new LLM becomes
 * eligible once its request topic exists; a draining one gets nothing new; a retired one, or one
 * whose record is a tombstone, is unknown.
 */
public final class LlmFollower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LlmFollower.class);

  private final TopicFollower follower;

  private LlmFollower(TopicFollower follower) {
    this.follower = follower;
  }

  /**
   * Starts to follow.
   *
   * @param topic the LLM profiles' topic
   * @param clientConfig Kafka client settings, {@code bootstrap.servers} among them
   * @param deserializer of the profiles; owned and closed by the caller
   * @param admin makes request topics; owned and closed by the caller
   * @param topics configuration of request topics
   * @param replication replication factor of request topics; -1 takes the cluster's default
   * @param live where the directory goes
   */
  public static LlmFollower start(
      String topic,
      Map<String, Object> clientConfig,
      Deserializer<LlmProfile> deserializer,
      Admin admin,
      TopicCatalogue topics,
      short replication,
      LiveModel live) {
    Reader reader =
        new Reader(deserializer, RequestTopics.through(admin, topics, replication), live);
    return new LlmFollower(TopicFollower.start(topic, clientConfig, reader));
  }

  /** Waits until the profiles that existed at the start are read; false when time ran out. */
  public boolean awaitCaughtUp(Duration deadline) throws InterruptedException {
    return follower.awaitCaughtUp(deadline);
  }

  @Override
  public void close() {
    follower.close();
  }

  /** Folds profiles into a directory. */
  static final class Reader implements TopicFollower.Reader {
    private static final long RETRY_NANOS = Duration.ofSeconds(5).toNanos();

    private final Deserializer<LlmProfile> deserializer;
    private final RequestTopics requestTopics;
    private final LiveModel live;
    private final Map<String, LlmProfile> profiles = new TreeMap<>();
    private final Set<String> topicsPresent = new HashSet<>();
    private final Map<String, String> obstacles = new HashMap<>();
    private boolean changed;
    private long lastTry = System.nanoTime();

    Reader(Deserializer<LlmProfile> deserializer, RequestTopics requestTopics, LiveModel live) {
      this.deserializer = deserializer;
      this.requestTopics = requestTopics;
      this.live = live;
    }

    @Override
    public void read(ConsumerRecord<byte[], byte[]> record) {
      LlmProfile profile;
      try {
        profile =
            Patience.untilRegistryAnswers(
                () -> deserializer.deserialize(record.topic(), record.value()));
      } catch (RuntimeException e) {
        log.error(
            "record {} of topic {} is no LLM profile and is left out",
            record.offset(),
            record.topic(),
            e);
        return;
      }
      String id = idOf(record, profile);
      if (id == null) {
        log.error(
            "record {} of topic {} has neither key nor profile and is left out",
            record.offset(),
            record.topic());
        return;
      }
      if (profile == null || profile.getStatus() == LlmStatus.RETIRED) {
        log.info("LLM {} is retired", id);
        profiles.remove(id);
      } else {
        log.info("LLM {} is {}", id, profile.getStatus());
        profiles.put(id, profile);
      }
      changed = true;
    }

    private static @Nullable String idOf(
        ConsumerRecord<byte[], byte[]> record, @Nullable LlmProfile profile) {
      if (profile != null) {
        return profile.getId();
      }
      return record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
    }

    @Override
    public void settle(boolean caughtUp) {
      boolean retry = !obstacles.isEmpty() && System.nanoTime() - lastTry > RETRY_NANOS;
      if (!caughtUp || !(changed || retry)) {
        return;
      }
      changed = false;
      lastTry = System.nanoTime();
      obstacles.clear();
      for (LlmProfile profile : profiles.values()) {
        ensureTopic(profile);
      }
      live.know(
          LlmDirectory.of(
              profiles.values().stream()
                  .map(profile -> new RegisteredLlm(profile, obstacles.get(profile.getId())))
                  .toList()));
    }

    private void ensureTopic(LlmProfile profile) {
      if (profile.getTopic().isBlank()) {
        obstacles.put(profile.getId(), "its profile names no request topic; publish it with one");
        return;
      }
      if (topicsPresent.contains(profile.getTopic())) {
        return;
      }
      try {
        String obstacle = requestTopics.ensure(profile.getId(), profile.getTopic());
        if (obstacle == null) {
          topicsPresent.add(profile.getTopic());
        } else {
          log.warn("LLM {} gets no requests: {}", profile.getId(), obstacle);
          obstacles.put(profile.getId(), obstacle);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        obstacles.put(profile.getId(), "the router is closing");
      } catch (RuntimeException e) {
        log.warn("LLM {} gets no requests", profile.getId(), e);
        obstacles.put(profile.getId(), "its request topic could not be created: " + e);
      }
    }
  }
}
