package dev.turnout.worker;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.turnout.topic.LogText;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guards the topics that producers of queries name as reply topics: one that does not exist would
 * block the producer, and one of Turnout's own would let any of them write there. What was found
 * out about a topic holds for a minute, so that a topic which is created later gets its replies.
 */
final class ReplyTopics implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReplyTopics.class);

  /** Kafka's own limit. */
  private static final int LONGEST_NAME = 249;

  private static final int MOST_REMEMBERED = 10_000;

  private final String ownPrefix;
  private final String replies;
  private final Admin admin;
  private final Cache<String, Boolean> usable =
      Caffeine.newBuilder()
          .maximumSize(MOST_REMEMBERED)
          .expireAfterWrite(Duration.ofMinutes(1))
          .build();

  ReplyTopics(WorkerSettings settings) {
    this.ownPrefix = settings.topics().prefix();
    this.replies = ownPrefix + "replies";
    this.admin = Admin.create(settings.kafka());
  }

  /** Runs the action if the topic exists and is not one of Turnout's own; never blocks. */
  void ifUsable(String topic, Runnable action) {
    if (topic.length() > LONGEST_NAME) {
      // not remembered: as a key it could be as large as a record
      warn(topic.substring(0, LONGEST_NAME) + "…", "its name is longer than Kafka allows");
      return;
    }
    @Nullable Boolean known = usable.getIfPresent(topic);
    if (known != null) {
      if (known) {
        action.run();
      }
      return;
    }
    if (isOurs(topic)) {
      usable.put(topic, false);
      warn(topic, "it is one of Turnout's own topics");
      return;
    }
    KafkaFuture<?> unusedAnswer =
        admin
            .describeTopics(List.of(topic))
            .allTopicNames()
            .whenComplete(
                (description, failure) -> {
                  usable.put(topic, failure == null);
                  if (failure == null) {
                    action.run();
                  } else {
                    warn(topic, String.valueOf(failure));
                  }
                });
  }

  private boolean isOurs(String topic) {
    return topic.startsWith("__")
        || (!ownPrefix.isEmpty() && topic.startsWith(ownPrefix) && !topic.startsWith(replies));
  }

  private static void warn(String topic, String why) {
    LOG.atWarn()
        .setMessage("reply topic gets no replies")
        .addKeyValue("topic", LogText.of(topic))
        .addKeyValue("reason", LogText.of(why))
        .log();
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
  }
}
