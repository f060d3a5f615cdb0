package dev.turnout.worker;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.turnout.kafka.Clients;
import dev.turnout.topic.LogText;
import dev.turnout.topic.ReplyTopics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends replies to the topics that queries name, where that is allowed ({@code topics.reply-to})
 * and the topic exists: one that does not would block the producer. The router refuses a query that
 * may not be answered where it asks to be; this looks again, since the rights used are the
 * worker's. What was found out about a topic holds for a minute, so that a topic which is created
 * later gets its replies.
 */
final class ReplySender implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReplySender.class);

  private static final int MOST_REMEMBERED = 10_000;

  private final ReplyTopics allowed;
  private final Admin admin;
  private final Executor executor;
  private final Cache<String, Boolean> present =
      Caffeine.newBuilder()
          .maximumSize(MOST_REMEMBERED)
          .expireAfterWrite(Duration.ofMinutes(1))
          .build();

  /**
   * @param executor sends replies to topics that had to be looked for first; Kafka's administrator
   *     has one thread for everything
   */
  ReplySender(WorkerSettings settings, Executor executor) {
    this.allowed = settings.connection().replyTopics();
    this.admin = Clients.admin(settings.kafka());
    this.executor = executor;
  }

  /**
   * Sends a reply if it may go there; never blocks longer than the sending does, and a reply that
   * cannot be sent is told of and costs nothing else.
   *
   * @param send sends it; called here if the topic is known, else on the executor
   */
  void reply(String topic, Supplier<CompletableFuture<Void>> send) {
    Optional<String> refusal = allowed.refusal(topic);
    if (refusal.isPresent()) {
      // not remembered: the name could be as large as a record
      warn(topic, refusal.get(), null);
      return;
    }
    @Nullable Boolean known = present.getIfPresent(topic);
    if (known != null) {
      if (known) {
        sendNow(topic, send);
      }
      return;
    }
    CompletionStage<?> unusedAnswer =
        admin
            .describeTopics(List.of(topic))
            .allTopicNames()
            .toCompletionStage()
            .whenCompleteAsync(
                (description, failure) -> {
                  present.put(topic, failure == null);
                  if (failure == null) {
                    sendNow(topic, send);
                  } else {
                    warn(topic, "it cannot be found", failure);
                  }
                },
                executor);
  }

  private static void sendNow(String topic, Supplier<CompletableFuture<Void>> send) {
    CompletableFuture<Void> unusedReply =
        send.get()
            .whenComplete(
                (safe, failure) -> {
                  if (failure != null) {
                    warn(topic, "it cannot be written to", failure);
                  }
                });
  }

  private static void warn(String topic, String why, @Nullable Throwable cause) {
    LOG.atWarn()
        .setMessage("reply topic gets no reply")
        .addKeyValue("topic", LogText.of(topic.substring(0, Math.min(topic.length(), 249))))
        .addKeyValue("reason", LogText.of(why))
        .addKeyValue("error", LogText.of(String.valueOf(cause)))
        .log();
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
  }
}
