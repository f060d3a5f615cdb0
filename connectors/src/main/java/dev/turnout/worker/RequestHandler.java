package dev.turnout.worker;

import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmClient;
import dev.turnout.llm.LlmException;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.serde.AvroSerdes;
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
 * What becomes of one request, whoever delivered it: decode, ask the LLM, publish the outcome. The
 * verdict comes after the outcome is safe, so that no request is lost; it may be answered twice
 * when a worker dies in between, which readers see by the query id.
 */
final class RequestHandler {

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

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
              LOG.warn(
                  "request {}-{}@{} delivery {} of {} failed",
                  record.topic(),
                  record.partition(),
                  record.offset(),
                  delivery,
                  settings.maxDeliveries(),
                  cause(failure));
              return Acknowledgement.AGAIN;
            })
        .thenCompose(
            verdict -> verdict == Acknowledgement.DONE ? now(verdict) : later(verdict, delivery));
  }

  private CompletableFuture<Acknowledgement> begin(
      ConsumerRecord<byte[], byte[]> record, boolean last) {
    RoutedRequest request;
    try {
      request = deserializer.deserialize(record.topic(), record.value());
      if (request == null) {
        return bury(record, "NULL_VALUE", "the record has no value");
      }
    } catch (SerializationException poison) {
      return bury(record, "UNDECODABLE", String.valueOf(poison.getMessage()));
    } catch (RuntimeException unavailable) {
      // thrown, it would end the turn of all the other requests
      return last
          ? bury(record, "ATTEMPTS_EXHAUSTED", String.valueOf(unavailable.getMessage()))
          : CompletableFuture.failedFuture(unavailable);
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
                  : publish(request, succeeded(request, answered.completion(), start));
            },
            // sending may block, and an answer arrives on a thread that serves all answers
            executor);
  }

  private Outcome.Builder succeeded(RoutedRequest request, Completion completion, Instant start) {
    Duration latency =
        completion.latency() == null
            ? Duration.between(start, clock.instant())
            : completion.latency();
    return outcome(request, OutcomeStatus.SUCCEEDED)
        .setAnswer(completion.answer())
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
    String detail = String.valueOf(failure.getMessage());
    CompletableFuture<Acknowledgement> published =
        publish(request, outcome(request, status).setError(detail));
    return status == OutcomeStatus.REJECTED
        ? published
        : published.thenComposeAsync(
            verdict -> bury(record, "ATTEMPTS_EXHAUSTED", detail), executor);
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

  private CompletableFuture<Acknowledgement> bury(
      ConsumerRecord<byte[], byte[]> record, String reason, String detail) {
    metrics
        .counter("turnout.worker.dead.letters", "llm", settings.llm(), "reason", reason)
        .increment();
    return publisher.bury(record, reason, detail).thenApply(safe -> Acknowledgement.DONE);
  }

  private static CompletableFuture<Acknowledgement> now(Acknowledgement verdict) {
    return CompletableFuture.completedFuture(verdict);
  }

  private CompletableFuture<Acknowledgement> later(Acknowledgement verdict, int delivery) {
    metrics.counter("turnout.worker.redeliveries", "llm", settings.llm()).increment();
    return new CompletableFuture<Acknowledgement>()
        .completeOnTimeout(
            verdict, settings.retryDelay().toMillis() * delivery, TimeUnit.MILLISECONDS);
  }

  private static Throwable cause(@Nullable Throwable failure) {
    if (failure == null) {
      return new IllegalStateException("neither an answer nor a failure");
    }
    @Nullable Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
