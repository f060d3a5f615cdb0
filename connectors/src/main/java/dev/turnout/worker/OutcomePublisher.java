package dev.turnout.worker;

import dev.turnout.kafka.RecordSender;
import dev.turnout.schema.Outcome;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.DeadLetters;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Writes outcomes, replies and dead letters. */
final class OutcomePublisher implements AutoCloseable {

  private static final String STAGE = "worker";

  private final WorkerSettings settings;
  private final RecordSender sender;
  private final Serializer<Outcome> serializer;
  private final ReplySender replies;

  OutcomePublisher(WorkerSettings settings, Executor executor) {
    this.settings = settings;
    this.serializer = AvroSerdes.of(Outcome.class, settings.serde()).serializer();
    this.sender = RecordSender.open(settings.kafka());
    this.replies = new ReplySender(settings, executor);
  }

  /**
   * Writes an outcome and, where asked, the reply.
   *
   * @param replyTo topic of the query's producer; null writes no reply
   * @return completes when the outcome is safe on its topic; a reply that fails delays nothing
   */
  CompletableFuture<Void> publish(Outcome outcome, @Nullable String replyTo) {
    if (replyTo != null) {
      replies.reply(replyTo, () -> send(replyTo, outcome));
    }
    return send(settings.topics().outcomes(), outcome);
  }

  private CompletableFuture<Void> send(String topic, Outcome outcome) {
    return sender.send(topic, outcome.getQueryId(), serializer, outcome);
  }

  /** Writes a request to the dead-letter topic; completes when it is safe there. */
  CompletableFuture<Void> deadLetter(
      ConsumerRecord<byte[], byte[]> record, String reason, String detail) {
    return sender.send(DeadLetters.of(record, settings.topics().dlq(), reason, detail, STAGE));
  }

  @Override
  public void close() {
    sender.close();
    replies.close();
  }
}
