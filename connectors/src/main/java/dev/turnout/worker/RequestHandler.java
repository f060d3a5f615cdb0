package dev.turnout.worker;

import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmClient;
import dev.turnout.llm.LlmException;
import dev.turnout.registry.rest.Outage;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.RecordLimits;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles one request, whatever loop delivered it: decode it, ask the LLM, publish the outcome, and
 * only then have the record acknowledged.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>{@link Acknowledgement#DONE} comes after an outcome or a dead letter is safe</b> on its
 *       topic, never before: a worker that dies leaves its request to another. So a request is
 *       handled at least once. The LLM may be asked twice and two outcomes written, which readers
 *       see by the query's id; a reply is sent beside the outcome and may be lost or come twice.
 *   <li><b>Every request ends.</b> A record that cannot be decoded is dead-lettered at once, since
 *       it never will be. A query whose deadline has passed is timed out unasked. What an LLM
 *       rejects has a rejected outcome at once, since it would reject it again. Any other failure
 *       is delivered again, and the last delivery ({@code worker.max-deliveries}) writes an outcome
 *       that says so, for the learner and for whoever waits, and then a dead letter. One gap is
 *       left: if Kafka takes neither of them and the broker's own limit of deliveries is reached as
 *       well, the broker drops the request.
 *   <li><b>An outage of the registry is not the record's fault.</b> The record is delivered again;
 *       the last delivery dead-letters it without an outcome, since what it asks is not known.
 *   <li><b>The returned future never fails.</b> Answers arrive on the LLM client's threads and are
 *       published on the worker's own, since sending may block; decoding and what follows from it
 *       without an answer run on the loop's thread.
 * </ul>
 *
 * <p>Safe for use by several threads.
 */
final class RequestHandler {

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

  private static final String TOO_LARGE = DeadLetterReason.TOO_LARGE.name();

  private final WorkerSettings settings;
  private final LlmClient client;
  private final OutcomePublisher publisher;
  private final Deserializer<RoutedRequest> deserializer;
  private final MeterRegistry metrics;
  private final Executor executor;
  private final Clock clock;

  RequestHandler(
      WorkerSettings settings,
      LlmClient client,
      OutcomePublisher publisher,
      MeterRegistry metrics,
      Executor executor,
      Clock clock) {
    this.settings = settings;
    this.client = client;
    this.publisher = publisher;
    this.deserializer = AvroSerdes.of(RoutedRequest.class, settings.serde()).deserializer();
    this.metrics = metrics;
    this.executor = executor;
    this.clock = clock;
  }

  private record Answered(@Nullable Completion completion, @Nullable Throwable failure) {}

  /**
   * Handles one delivery of a request.
   *
   * @param delivery how often it has been delivered, from 1
   * @return never completes exceptionally
   */
  CompletableFuture<Acknowledgement> handle(ConsumerRecord<byte[], byte[]> record, int delivery) {
    boolean last = delivery >= settings.maxDeliveries();
    return begin(record, last)
        .exceptionally(
            failure -> {
              LOG.atWarn()
                  .setMessage("request failed and is delivered again")
                  .addKeyValue("topic", record.topic())
                  .addKeyValue("partition", record.partition())
                  .addKeyValue("offset", record.offset())
                  .addKeyValue("delivery", delivery)
                  .addKeyValue("maxDeliveries", settings.maxDeliveries())
                  .setCause(cause(failure))
                  .log();
              return Acknowledgement.AGAIN;
            })
        .thenCompose(
            result ->
                result == Acknowledgement.DONE
                    ? CompletableFuture.completedFuture(result)
                    : later(result, delivery));
  }

  private CompletableFuture<Acknowledgement> begin(
      ConsumerRecord<byte[], byte[]> record, boolean last) {
    String excess = RecordLimits.REQUEST.excess(record.value());
    if (excess != null) {
      return deadLetter(record, TOO_LARGE, excess);
    }
    RoutedRequest request;
    try {
      request = deserializer.deserialize(record.topic(), record.value());
      if (request == null) {
        return deadLetter(record, "NULL_VALUE", "the record has no value");
      }
    } catch (RuntimeException failure) {
      String detail = String.valueOf(failure.getMessage());
      // serdes of others wrap network failures into what else says that the record is broken
      if (failure instanceof SerializationException && !Outage.isBehind(failure)) {
        return deadLetter(record, "UNDECODABLE", detail);
      }
      // thrown, it would end the turn of all the other requests
      return last
          ? deadLetter(record, "ATTEMPTS_EXHAUSTED", detail)
          : CompletableFuture.failedFuture(failure);
    }
    excess = FieldLimits.excess(request);
    if (excess != null) {
      return deadLetter(record, TOO_LARGE, "the request's " + excess);
    }
    Query query = request.getQuery();
    if (query.getDeadline() != null && !clock.instant().isBefore(query.getDeadline())) {
      return publish(
          request,
          outcome(request, OutcomeStatus.TIMED_OUT)
              .setError("the query's deadline had passed before its turn came"));
    }
    return ask(record, request, last);
  }

  private CompletableFuture<Acknowledgement> ask(
      ConsumerRecord<byte[], byte[]> record, RoutedRequest request, boolean last) {
    Timer.Sample sample = Timer.start(metrics);
    Instant start = clock.instant();
    CompletableFuture<Completion> answer;
    try {
      answer = client.complete(request);
    } catch (RuntimeException | Error failure) {
      answer = CompletableFuture.failedFuture(failure);
    }
    return answer
        .handle(Answered::new)
        .thenComposeAsync(
            answered -> {
              OutcomeStatus status = status(answered.failure());
              sample.stop(
                  metrics.timer(
                      "turnout.worker.calls", "llm", settings.llm(), "status", status.name()));
              return answered.completion() == null
                  ? failed(record, request, cause(answered.failure()), status, last)
                  : publish(request, answered(request, answered.completion(), start));
            },
            // sending may block, and an answer arrives on a thread that serves all answers
            executor);
  }

  /**
   * An answer beyond its limit is no answer: cut it would look whole, and be graded as the LLM's
   * own, although it may end in the midst of a number. It was paid for, and another call would be
   * paid too, so the request has failed at once.
   */
  private Outcome.Builder answered(RoutedRequest request, Completion completion, Instant start) {
    Duration latency =
        completion.latency() == null
            ? Duration.between(start, clock.instant())
            : completion.latency();
    long bytes = BoundedText.bytes(completion.answer());
    Outcome.Builder outcome =
        bytes > FieldLimits.ANSWER
            ? outcome(request, OutcomeStatus.FAILED)
                .setError(
                    "the answer has "
                        + bytes
                        + " bytes, the limit is "
                        + FieldLimits.ANSWER
                        + "; lower worker.max-output-tokens")
            : outcome(request, OutcomeStatus.SUCCEEDED).setAnswer(completion.answer());
    return outcome
        .setPromptTokens(completion.promptTokens())
        .setCompletionTokens(completion.completionTokens())
        .setCostUsd(completion.costUsd())
        .setLatencyMs(latency.toMillis());
  }

  private CompletableFuture<Acknowledgement> failed(
      ConsumerRecord<byte[], byte[]> record,
      RoutedRequest request,
      Throwable failure,
      OutcomeStatus status,
      boolean last) {
    if (!last && status != OutcomeStatus.REJECTED) {
      return CompletableFuture.failedFuture(failure);
    }
    String detail = BoundedText.cut(String.valueOf(failure.getMessage()), FieldLimits.ERROR);
    CompletableFuture<Acknowledgement> published =
        publish(request, outcome(request, status).setError(detail));
    return status == OutcomeStatus.REJECTED
        ? published
        : published.thenComposeAsync(
            done -> deadLetter(record, "ATTEMPTS_EXHAUSTED", detail), executor);
  }

  private static OutcomeStatus status(@Nullable Throwable failure) {
    if (failure == null) {
      return OutcomeStatus.SUCCEEDED;
    }
    if (cause(failure) instanceof LlmException llm) {
      return switch (llm.kind()) {
        case TIMED_OUT -> OutcomeStatus.TIMED_OUT;
        case REJECTED -> OutcomeStatus.REJECTED;
        case TRANSIENT, MISCONFIGURED -> OutcomeStatus.FAILED;
      };
    }
    return OutcomeStatus.FAILED;
  }

  private Outcome.Builder outcome(RoutedRequest request, OutcomeStatus status) {
    Query query = request.getQuery();
    return Outcome.newBuilder()
        .setQueryId(query.getId())
        .setLlm(settings.llm())
        .setAttempt(request.getAttempt())
        .setStatus(status)
        .setShadow(request.getShadow())
        .setWorker(settings.workerId())
        .setTenant(query.getTenant())
        .setQueryText(query.getText())
        .setMetadata(query.getMetadata())
        .setFinishedAt(clock.instant());
  }

  private CompletableFuture<Acknowledgement> publish(
      RoutedRequest request, Outcome.Builder outcome) {
    @Nullable String replyTo = request.getShadow() ? null : request.getQuery().getReplyTo();
    return publisher.publish(outcome.build(), replyTo).thenApply(safe -> Acknowledgement.DONE);
  }

  private CompletableFuture<Acknowledgement> deadLetter(
      ConsumerRecord<byte[], byte[]> record, String reason, String detail) {
    metrics
        .counter("turnout.worker.dead.letters", "llm", settings.llm(), "reason", reason)
        .increment();
    return publisher.deadLetter(record, reason, detail).thenApply(safe -> Acknowledgement.DONE);
  }

  /** Gives a request back after a pause, which keeps a broken LLM from being asked in a circle. */
  private CompletableFuture<Acknowledgement> later(Acknowledgement result, int delivery) {
    metrics.counter("turnout.worker.redeliveries", "llm", settings.llm()).increment();
    return new CompletableFuture<Acknowledgement>()
        .completeOnTimeout(
            result, settings.retryDelay().toMillis() * delivery, TimeUnit.MILLISECONDS);
  }

  private static Throwable cause(@Nullable Throwable failure) {
    if (failure == null) {
      return new IllegalStateException("neither an answer nor a failure");
    }
    @Nullable Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
