package dev.turnout.worker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guards the topics that strangers name as reply topics: one that does not exist would block the
 * producer, and one of Turnout's own would let any producer of queries write there.
 */
final class ReplyTopics implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReplyTopics.class);
  private static final int MOST_REMEMBERED = 10_000;
  private static final long REMEMBERED_NANOS = Duration.ofMinutes(1).toNanos();

  private final String ownPrefix;
  private final String replies;
  private final Admin admin;
  private final ConcurrentMap<String, Known> known = new ConcurrentHashMap<>();

  private record Known(boolean usable, long since) {}

  ReplyTopics(WorkerSettings settings) {
    this.ownPrefix = settings.topics().prefix();
    this.replies = ownPrefix + "replies";
    this.admin = Admin.create(settings.kafka());
  }

  /** Runs the action if the topic exists and is not one of Turnout's own; never blocks. */
  void ifUsable(String topic, Runnable action) {
    Known answer = known.get(topic);
    if (answer != null && System.nanoTime() - answer.since() < REMEMBERED_NANOS) {
      if (answer.usable()) {
        action.run();
      }
      return;
    }
    if (isOurs(topic)) {
      remember(topic, false, "it is one of Turnout's own topics");
      return;
    }
    KafkaFuture<?> unusedAnswer =
        admin
            .describeTopics(List.of(topic))
            .allTopicNames()
            .whenComplete(
                (description, failure) -> {
                  remember(topic, failure == null, String.valueOf(failure));
                  if (failure == null) {
                    action.run();
                  }
                });
  }

  private boolean isOurs(String topic) {
    return topic.startsWith("__")
        || (!ownPrefix.isEmpty() && topic.startsWith(ownPrefix) && !topic.startsWith(replies));
  }

  private void remember(String topic, boolean usable, String why) {
    if (known.size() >= MOST_REMEMBERED) {
      known.clear();
    }
    known.put(topic, new Known(usable, System.nanoTime()));
    if (!usable) {
      LOG.warn("reply topic \"{}\" gets no replies: {}", topic, why);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
  }
}
