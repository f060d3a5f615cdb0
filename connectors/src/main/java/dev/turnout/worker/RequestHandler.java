package dev.turnout.worker;

import dev.turnout.kafka.FutureFailure;
import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmClient;
import dev.turnout.llm.LlmException;
import dev.turnout.registry.UnknownSchemaException;
import dev.turnout.registry.rest.Outage;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Priority;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.telemetry.TraceContext;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.RecordLimits;
import dev.turnout.worker.cancel.BoundedCall;
import dev.turnout.worker.cancel.CancelledAsks;
import dev.turnout.worker.failover.CallResult;
import dev.turnout.worker.failover.FailOver;
import dev.turnout.worker.pace.LlmPace;
import dev.turnout.worker.reply.ReplyStream;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
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
 *       see by the query's id. A reply to a gateway follows its outcome ({@link OutcomeReplies})
 *       and may be lost or come twice.
 *   <li><b>Every request ends.</b> A record that cannot be decoded is dead-lettered at once, since
 *       it never will be. A query whose deadline has passed is timed out unasked. What an LLM
 *       rejects has a rejected outcome at once, since it would reject it again. Of any other
 *       failure the LLM is asked again, {@code worker.attempts} times in all, and then the request
 *       goes on to another LLM ({@link FailOver}), as a request of its own, which is safe on its
 *       topic before this one is done. With nobody left to ask, an outcome says so, for the learner
 *       and for whoever waits, and then a dead letter. A request whose workers die before they come
 *       to that is asked for by {@link DeliveryLimits#asked} deliveries; those after it, which a
 *       share group has in reserve, write the same two.
 *   <li><b>A paid answer is never asked for again</b> while the worker lives: what cannot be
 *       published ends as a dead letter. A cancelled query is not asked, or its call is ended.
 *   <li><b>An outage is not the request's fault.</b> A registry or broker that does not answer, or
 *       answers with a refusal or a page, is waited for ({@link OutageWait}) while the record is
 *       held, which is no delivery. An answer that was paid for waits too and is not asked for
 *       again. One exception: on the broker's very last delivery a wait could end in silence, so a
 *       request that cannot be decoded then is dead-lettered.
 *   <li><b>The returned future never fails</b>, and whoever cancels it ends what is not begun yet:
 *       a request whose lock was lost is not asked.
 *   <li>Decoding and sending may block, so each has threads of its own; the loop's thread and the
 *       LLM client's do neither.
 * </ul>
 *
 * <p>Safe for use by several threads.
 */
final class RequestHandler implements RequestHandling {

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

  /** A topic that is gone looks like an outage; the request comes again and is counted. */
  private static final Duration LONGEST_SEND_ON = Duration.ofSeconds(30);

  private final WorkerSettings settings;
  private final DeliveryLimits limits;
  private final LlmClient client;
  private final FailOver failOver;
  private final LlmPace pace;
  private final OutcomePublisher publisher;
  private final Deserializer<RoutedRequest> deserializer;
  private final MeterRegistry metrics;
  private final Threads threads;
  private final Clock clock;
  private final OutageWait outages;
  private final CancelledAsks cancelled;
  private final OutcomeReplies gatewayReplies;

  /**
   * Where what may block is done.
   *
   * @param decoding one thread is enough: while it is blocked, no other record could be decoded
   * @param sending outcomes and dead letters
   */
  record Threads(Executor decoding, Executor sending) {}

  RequestHandler(
      WorkerSettings settings,
      DeliveryLimits limits,
      LlmClient client,
      FailOver failOver,
      LlmPace pace,
      OutcomePublisher publisher,
      MeterRegistry metrics,
      Threads threads,
      Clock clock,
      CancelledAsks cancelled) {
    this.settings = settings;
    this.limits = limits;
    this.client = client;
    this.failOver = failOver;
    this.pace = pace;
    this.publisher = publisher;
    this.deserializer = AvroSerdes.of(RoutedRequest.class, settings.serde()).deserializer();
    this.metrics = metrics;
    this.threads = threads;
    this.clock = clock;
    this.outages = new OutageWait(clock);
    this.cancelled = cancelled;
    this.gatewayReplies = new OutcomeReplies(settings.llm(), outages, metrics, clock);
    Gauge unusedGauge =
        Gauge.builder("turnout.worker.waiting", outages, OutageWait::waiting)
            .description("Requests that wait for a schema registry or broker to be back")
            .tag("llm", settings.llm())
            .register(metrics);
  }

  private record Decoded(Optional<RoutedRequest> request, @Nullable Throwable failure) {}

  /** One delivery of a request, until its result is there or of use to nobody. */
  private record Delivered(
      ConsumerRecord<byte[], byte[]> record,
      int count,
      BooleanSupplier abandoned,
      AtomicReference<@Nullable ReplyStream> replies) {}

  /**
   * Handles one delivery of a request.
   *
   * @param delivery how often it has been delivered, from 1
   * @return never completes exceptionally; to be cancelled when the record is another's
   */
  @Override
  public CompletableFuture<Acknowledgement> handle(
      ConsumerRecord<byte[], byte[]> record, int delivery) {
    CompletableFuture<Acknowledgement> result = new CompletableFuture<>();
    CompletableFuture<Void> unusedEnd =
        begin(new Delivered(record, delivery, result::isDone, new AtomicReference<>()))
            .exceptionally(
                failure -> {
                  LOG.atWarn()
                      .setMessage("request failed and is delivered again")
                      .addKeyValue("topic", record.topic())
                      .addKeyValue("partition", record.partition())
                      .addKeyValue("offset", record.offset())
                      .addKeyValue("delivery", delivery)
                      .addKeyValue("maxDeliveries", limits.asked())
                      .setCause(FutureFailure.cause(failure))
                      .log();
                  return Acknowledgement.AGAIN;
                })
            .thenCompose(
                end ->
                    end == Acknowledgement.DONE || outages.closed()
                        ? CompletableFuture.completedFuture(end)
                        : later(end, delivery))
            .thenAccept(result::complete);
    return result;
  }

  /** What requests wait for, in words; null while none has waited for so long. */
  @Nullable String problem(Instant now, Duration tolerated) {
    return outages.problem(now, tolerated);
  }

  /** Gives back what waits for an outage to end; calls under way go on. */
  void close() {
    outages.close();
  }

  private CompletableFuture<Acknowledgement> begin(Delivered each) {
    ConsumerRecord<byte[], byte[]> record = each.record();
    String excess = RecordLimits.REQUEST.excess(record.value());
    if (excess != null) {
      return deadLetter(each, DeadLetterReason.TOO_LARGE, excess);
    }
    return outages
        .outlast(
            () ->
                CompletableFuture.completedFuture(
                    Optional.ofNullable(deserializer.deserialize(record.topic(), record.value()))),
            threads.decoding(),
            () -> each.abandoned().getAsBoolean() || each.count() >= limits.broker())
        .handle(
            (request, failure) ->
                new Decoded(failure == null ? request : Optional.empty(), failure))
        .thenCompose(
            decoded -> {
              if (decoded.failure() != null) {
                return undecoded(each, FutureFailure.cause(decoded.failure()));
              }
              return decoded.request().isPresent()
                  ? answer(each, decoded.request().get())
                  : deadLetter(each, DeadLetterReason.NULL_VALUE, "the record has no value");
            });
  }

  private CompletableFuture<Acknowledgement> undecoded(Delivered each, Throwable failure) {
    String detail = String.valueOf(failure.getMessage());
    // serdes of others wrap network failures into what else says that the record is broken
    boolean outage = Outage.isBehind(failure);
    if (failure instanceof SerializationException && !outage) {
      return deadLetter(
          each,
          Outage.rootIs(failure, UnknownSchemaException.class)
              ? DeadLetterReason.UNKNOWN_SCHEMA
              : DeadLetterReason.UNDECODABLE,
          detail);
    }
    int last = outage ? limits.broker() : limits.asked();
    return each.count() >= last
        ? deadLetter(each, DeadLetterReason.ATTEMPTS_EXHAUSTED, detail)
        : CompletableFuture.failedFuture(failure);
  }

  private CompletableFuture<Acknowledgement> answer(Delivered each, RoutedRequest request) {
    String excess = FieldLimits.excess(request);
    if (excess != null) {
      return deadLetter(each, DeadLetterReason.TOO_LARGE, "the request's " + excess);
    }
    Query query = request.getQuery();
    String missed =
        query.getDeadline() == null ? null : pace.missed(query.getDeadline(), clock.instant());
    if (missed != null) {
      return publish(each, request, outcome(request, OutcomeStatus.TIMED_OUT).setError(missed));
    }
    Optional<String> unwanted = request.getShadow() ? Optional.empty() : cancelled.reason(query);
    if (unwanted.isPresent()) {
      return cancelled(each, request, BoundedCall.cancelled(unwanted.get()), "waiting");
    }
    if (each.count() > limits.asked()) {
      return exhausted(
          each,
          request,
          outcome(request, OutcomeStatus.FAILED)
              .setError(
                  "delivered "
                      + each.count()
                      + " times: each worker that had it was ended, or lost its lock, before there"
                      + " was an answer; see what ends the workers, or raise"
                      + " worker.max-deliveries"));
    }
    return ask(each, request);
  }

  private CompletableFuture<Acknowledgement> ask(Delivered each, RoutedRequest request) {
    if (each.abandoned().getAsBoolean()) {
      return CompletableFuture.completedFuture(Acknowledgement.AGAIN);
    }
    Timer.Sample sample = Timer.start(metrics);
    return failOver
        .ask(
            request,
            each.count(),
            () -> call(each, request),
            // pieces that somebody has read cannot be taken back: another answer would contradict
            // them
            () -> replies(each, request).begun(),
            () -> each.abandoned().getAsBoolean())
        .thenCompose(
            result -> {
              if (result instanceof CallResult.Abandoned) {
                return CompletableFuture.completedFuture(Acknowledgement.AGAIN);
              }
              OutcomeStatus status =
                  result instanceof CallResult.Failed failed
                      ? FailureFields.status(failed.failure())
                      : OutcomeStatus.SUCCEEDED;
              sample.stop(
                  metrics.timer(
                      "turnout.worker.calls", "llm", settings.llm(), "status", status.name()));
              if (result instanceof CallResult.Answered answered) {
                return keep(
                    each, request, answered(request, answered.completion(), answered.begun()));
              }
              CallResult.Failed failed = (CallResult.Failed) result;
              if (failed.failure() instanceof LlmException llm
                  && llm.kind() == LlmException.Kind.CANCELLED) {
                return cancelled(each, request, String.valueOf(llm.getMessage()), "asked");
              }
              return status != OutcomeStatus.REJECTED && isLate(request)
                  ? publish(
                      each,
                      request,
                      FailureFields.fill(
                          outcome(request, OutcomeStatus.TIMED_OUT), failed.failure()))
                  : failed(each, request, failed, status);
            });
  }

  /** Asks the LLM, in pieces where somebody wants them, until nobody wants the answer any more. */
  private CompletableFuture<Completion> call(Delivered each, RoutedRequest request) {
    ReplyStream replies = replies(each, request);
    CompletableFuture<Completion> answer =
        client.complete(
            request, replies.isWanted() ? replies : null, TraceContext.of(each.record().headers()));
    return request.getShadow() ? answer : BoundedCall.of(answer, request.getQuery(), cancelled);
  }

  private boolean isLate(RoutedRequest request) {
    Instant deadline = request.getQuery().getDeadline();
    return !request.getShadow() && deadline != null && !clock.instant().isBefore(deadline);
  }

  private ReplyStream replies(Delivered each, RoutedRequest request) {
    ReplyStream open = each.replies().get();
    if (open == null) {
      open = publisher.replies(request);
      each.replies().set(open);
    }
    return open;
  }

  private CompletableFuture<Acknowledgement> cancelled(
      Delivered each, RoutedRequest request, String why, String when) {
    metrics.counter("turnout.worker.cancelled", "llm", settings.llm(), "when", when).increment();
    return publish(
        each,
        request,
        outcome(request, OutcomeStatus.FAILED)
            .setCancelled(true)
            .setError(BoundedText.cut(why, FieldLimits.ERROR)));
  }

  /**
   * Publishes an answer that was paid for. The LLM is not asked for it again, whatever happens: if
   * its outcome cannot be published for a reason that will not pass, the request is dead-lettered,
   * and if that fails too, this goes on until it succeeds or the worker ends.
   */
  private CompletableFuture<Acknowledgement> keep(
      Delivered each, RoutedRequest request, Outcome.Builder outcome) {
    return publish(each, request, outcome)
        .exceptionallyCompose(
            failure -> {
              if (outages.closed() || each.abandoned().getAsBoolean()) {
                return CompletableFuture.failedFuture(failure);
              }
              String detail =
                  "the LLM has answered, but its outcome could not be published: "
                      + FutureFailure.cause(failure).getMessage();
              count(DeadLetterReason.ATTEMPTS_EXHAUSTED);
              return outages
                  .insist(
                      () ->
                          publisher.deadLetter(
                              each.record(), DeadLetterReason.ATTEMPTS_EXHAUSTED, detail),
                      threads.sending(),
                      each.abandoned())
                  .thenApply(safe -> Acknowledgement.DONE);
            });
  }

  private Outcome.Builder answered(RoutedRequest request, Completion completion, Instant start) {
    Duration latency =
        completion.latency() == null
            ? Duration.between(start, clock.instant())
            : completion.latency();
    return AnswerFields.fill(outcome(request, OutcomeStatus.SUCCEEDED), completion)
        .setLatencyMs(latency.toMillis());
  }

  /** It goes on to another LLM; with nobody left to ask it has failed. */
  private CompletableFuture<Acknowledgement> failed(
      Delivered each, RoutedRequest request, CallResult.Failed failed, OutcomeStatus status) {
    return failOver
        .onward(request, failed, status, isFromBatch(each.record()))
        .map(onward -> sendOn(each, request, failed, status, onward))
        .orElseGet(() -> ended(each, request, failed.failure(), status));
  }

  private boolean isFromBatch(ConsumerRecord<byte[], byte[]> record) {
    return record.topic().equals(settings.requestTopic(Priority.BATCH));
  }

  private CompletableFuture<Acknowledgement> sendOn(
      Delivered each,
      RoutedRequest request,
      CallResult.Failed failed,
      OutcomeStatus status,
      FailOver.Onward onward) {
    Instant givenUp = clock.instant().plus(LONGEST_SEND_ON);
    return outages
        .outlast(
            () -> publisher.sendOn(each.record(), onward),
            threads.sending(),
            () -> each.abandoned().getAsBoolean() || clock.instant().isAfter(givenUp))
        .thenApply(
            safe -> {
              metrics
                  .counter("turnout.worker.failovers", "llm", settings.llm(), "to", onward.llm())
                  .increment();
              return Acknowledgement.DONE;
            })
        .exceptionallyCompose(
            unsent ->
                OutageWait.isOutage(unsent)
                    ? CompletableFuture.failedFuture(unsent)
                    // its topic does not take it, and would not the next time
                    : ended(each, request, failed.failure(), status));
  }

  private CompletableFuture<Acknowledgement> ended(
      Delivered each, RoutedRequest request, Throwable failure, OutcomeStatus status) {
    Outcome.Builder outcome = FailureFields.fill(outcome(request, status), failure);
    return status == OutcomeStatus.REJECTED
        ? publish(each, request, outcome)
        : exhausted(each, request, outcome);
  }

  /** The outcome first, for whoever waits; a letter comes even of one that cannot be written. */
  private CompletableFuture<Acknowledgement> exhausted(
      Delivered each, RoutedRequest request, Outcome.Builder outcome) {
    String detail = String.valueOf(outcome.getError());
    return publish(each, request, outcome)
        .handle((done, failure) -> Optional.<Throwable>ofNullable(failure))
        .thenCompose(
            failure -> {
              if (failure.isEmpty()) {
                return deadLetter(each, DeadLetterReason.ATTEMPTS_EXHAUSTED, detail);
              }
              // closing in an outage: the next delivery writes both, if there is one
              return OutageWait.isOutage(failure.get()) && each.count() < limits.broker()
                  ? CompletableFuture.failedFuture(failure.get())
                  : deadLetter(
                      each,
                      DeadLetterReason.ATTEMPTS_EXHAUSTED,
                      detail + "; " + FutureFailure.cause(failure.get()));
            });
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
        .setSession(query.getSession())
        .setQueryText(query.getText())
        .setMetadata(query.getMetadata())
        .setTrail(request.getTrail())
        .setConversation(query.getConversation())
        .setFinishedAt(clock.instant());
  }

  private CompletableFuture<Acknowledgement> publish(
      Delivered each, RoutedRequest request, Outcome.Builder outcome) {
    @Nullable String replyTo = request.getShadow() ? null : request.getQuery().getReplyTo();
    Outcome built = outcome.build();
    CompletableFuture<Void> safe =
        outages.outlast(
            () -> publisher.publish(built, replyTo), threads.sending(), each.abandoned());
    return gatewayReplies
        .send(replies(each, request), request.getQuery(), built, safe)
        .thenApply(done -> Acknowledgement.DONE);
  }

  private void count(DeadLetterReason reason) {
    metrics
        .counter("turnout.worker.dead.letters", "llm", settings.llm(), "reason", reason.name())
        .increment();
  }

  private CompletableFuture<Acknowledgement> deadLetter(
      Delivered each, DeadLetterReason reason, String detail) {
    count(reason);
    return outages
        .outlast(
            () -> publisher.deadLetter(each.record(), reason, detail),
            threads.sending(),
            each.abandoned())
        .thenApply(safe -> Acknowledgement.DONE);
  }

  /** Gives a request back after a pause, which keeps a broken LLM from being asked in a circle. */
  private CompletableFuture<Acknowledgement> later(Acknowledgement result, int delivery) {
    metrics.counter("turnout.worker.redeliveries", "llm", settings.llm()).increment();
    return new CompletableFuture<Acknowledgement>()
        .completeOnTimeout(
            result, settings.retryDelay().toMillis() * delivery, TimeUnit.MILLISECONDS);
  }
}
