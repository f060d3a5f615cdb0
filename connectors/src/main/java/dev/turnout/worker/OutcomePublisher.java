package dev.turnout.worker;

import dev.turnout.kafka.FutureFailure;
import dev.turnout.kafka.RecordSender;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.RecordLimits;
import dev.turnout.worker.failover.FailOver;
import dev.turnout.worker.reply.GatewayReplies;
import dev.turnout.worker.reply.ReplyStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Writes outcomes, replies and dead letters. */
final class OutcomePublisher implements AutoCloseable {

  private static final String STAGE = "worker";

  private final WorkerSettings settings;
  private final RecordSender sender;
  private final Serializer<Outcome> serializer;
  private final Serializer<RoutedRequest> requests;
  private final ReplySender replies;
  private final GatewayReplies gateways;

  OutcomePublisher(WorkerSettings settings, Executor executor) {
    this.settings = settings;
    this.serializer = AvroSerdes.of(Outcome.class, settings.serde()).serializer();
    this.requests = AvroSerdes.of(RoutedRequest.class, settings.serde()).serializer();
    // somebody waits for most outcomes; what comes while one is sent goes together anyway
    this.sender = RecordSender.open(settings.kafka(), Map.of(ProducerConfig.LINGER_MS_CONFIG, 0));
    this.replies = new ReplySender(settings, executor);
    this.gateways = new GatewayReplies(settings.connection(), settings.llm());
  }

  /** What goes to the gateway that asked a request. */
  ReplyStream replies(RoutedRequest request) {
    return gateways.open(request);
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

  /**
   * An outcome that its topic does not take, as after somebody lowered the topic's limit, is
   * written without its contents: sent again as it is it would fail again, and without any outcome
   * the LLM would be asked, and paid, for ever.
   */
  private CompletableFuture<Void> send(String topic, Outcome outcome) {
    return sender
        .send(topic, outcome.getQueryId(), serializer, outcome)
        .exceptionallyCompose(
            failure ->
                FutureFailure.cause(failure) instanceof RecordTooLargeException tooLarge
                    ? sender.send(
                        topic, outcome.getQueryId(), serializer, emptied(topic, outcome, tooLarge))
                    : CompletableFuture.failedFuture(failure));
  }

  private static Outcome emptied(String topic, Outcome outcome, RecordTooLargeException failure) {
    return Outcome.newBuilder(outcome)
        .setStatus(OutcomeStatus.FAILED)
        .setAnswer(null)
        .setResponse(null)
        .setConversation(null)
        .setQueryText(null)
        .setMetadata(Map.of())
        .setError(
            BoundedText.cut(
                "the outcome, "
                    + outcome.getStatus()
                    + ", does not fit the topic "
                    + topic
                    + ": "
                    + failure.getMessage()
                    + "; set its max.message.bytes to "
                    + RecordLimits.OUTCOME.maxMessageBytes(),
                FieldLimits.ERROR))
        .build();
  }

  /**
   * Writes a request to another LLM's topic.
   *
   * @param record the request as it came; its headers go on with it
   * @return completes when it is safe there
   */
  CompletableFuture<Void> sendOn(ConsumerRecord<byte[], byte[]> record, FailOver.Onward onward) {
    byte[] value;
    try {
      value = requests.serialize(onward.topic(), onward.request());
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
    byte[] key = onward.request().getQuery().getId().getBytes(StandardCharsets.UTF_8);
    return sender.send(new ProducerRecord<>(onward.topic(), null, key, value, record.headers()));
  }

  /** Writes a request to the dead-letter topic; completes when it is safe there. */
  CompletableFuture<Void> deadLetter(
      ConsumerRecord<byte[], byte[]> record, DeadLetterReason reason, String detail) {
    return sender.send(
        DeadLetters.of(record, settings.topics().dlq(), reason.name(), detail, STAGE));
  }

  @Override
  public void close() {
    sender.close();
    replies.close();
    gateways.close();
  }
}
