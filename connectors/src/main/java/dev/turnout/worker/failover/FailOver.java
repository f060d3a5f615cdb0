package dev.turnout.worker.failover;

import dev.turnout.kafka.LoopState;
import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmClient;
import dev.turnout.schema.Attempt;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Priority;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.TopicCatalogue;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a worker does when its LLM fails: how often it is asked, when not at all, and who answers in
 * its place. One for all requests of a worker. Safe for use by several threads.
 *
 * <p>What holds at all times: a request is at one LLM at a time. It goes on as a request of its own
 * on the next LLM's topic, with the attempt's number and the trail of those before, and only when
 * that is safe is the record here acknowledged. A worker that dies between the two leaves the
 * record to another, so the same request may come to the next LLM twice; both say the same query,
 * LLM and attempt, which is how readers know one call's reports, and count them once. Should two
 * LLMs answer so, whoever waits takes the first answer; each call is charged.
 */
public final class FailOver implements AutoCloseable {
  /** The trail has the gist, in words for everybody. */
  private static final int GIST = 1024;

  private final FailOverSettings settings;
  private final WorkerPlace place;
  private final Clock clock;
  private final CircuitBreaker breaker;
  private final LlmCalls calls;
  private final NextLlm next;
  private final AvailabilityVoice voice;
  private final LlmProbe probe;
  private final LlmWatch watch;

  /**
   * Not yet started.
   *
   * @param client for probes
   */
  public FailOver(FailOverSettings settings, WorkerPlace place, LlmClient client, Clock clock) {
    this.settings = settings;
    this.place = place;
    this.clock = clock;
    this.breaker = new CircuitBreaker(settings.probe(), clock.instant());
    this.calls = new LlmCalls(breaker, settings, clock);
    this.next = new NextLlm(place.llm(), settings.failovers());
    this.voice = new AvailabilityVoice(settings, place, clock);
    this.probe =
        new LlmProbe(breaker, client::complete, place, settings.probe() == Probe.COMPLETION, clock);
    this.watch = new LlmWatch(settings, place, breaker, voice, probe, clock);
  }

  /** Starts to tell and to hear. */
  public void start() {
    watch.start();
  }

  /**
   * Asks the LLM for a request.
   *
   * @param delivery how often the request has been delivered, from 1: each earlier one may have
   *     asked once
   * @param call makes one call
   * @param handedOn whether pieces of an answer have been handed on
   * @param abandoned whether the answer is of use to nobody
   * @return never completes exceptionally
   */
  public CompletableFuture<CallResult> ask(
      RoutedRequest request,
      int delivery,
      Supplier<CompletableFuture<Completion>> call,
      BooleanSupplier handedOn,
      BooleanSupplier abandoned) {
    return calls.ask(
        new LlmCalls.Call(
            request.getQuery().getId(),
            request.getQuery().getDeadline(),
            Math.max(1, settings.attempts() - (delivery - 1)),
            call,
            handedOn,
            abandoned,
            () -> next.after(request, null, watch.latest(), clock.instant()).isPresent()));
  }

  /**
   * A request on its way to another LLM.
   *
   * @param topic where it goes
   */
  public record Onward(String topic, String llm, RoutedRequest request) {}

  /**
   * Who is asked instead.
   *
   * @param status how the attempt here ended
   * @param batch whether it came by the topic for batch: then the next LLM has one too, and may
   *     take its time as well
   * @return nothing when there is nobody, or nobody may be asked
   */
  public Optional<Onward> onward(
      RoutedRequest request, CallResult.Failed failed, OutcomeStatus status, boolean batch) {
    if (failed.last()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    return next.after(request, failed.failure(), watch.latest(), now)
        .map(profile -> onward(request, failed, status, profile, batch));
  }

  private Onward onward(
      RoutedRequest request,
      CallResult.Failed failed,
      OutcomeStatus status,
      LlmProfile profile,
      boolean batch) {
    Instant now = clock.instant();
    List<Attempt> trail = new ArrayList<>(request.getTrail());
    trail.add(
        Attempt.newBuilder()
            .setLlm(place.llm())
            .setStatus(status)
            .setError(BoundedText.cut(failed.reason(), GIST))
            .setLatencyMs(
                failed.begun() == null ? null : Duration.between(failed.begun(), now).toMillis())
            .setFinishedAt(now.truncatedTo(ChronoUnit.MILLIS))
            .build());
    return new Onward(
        TopicCatalogue.requestsOf(
            profile.getTopic(), batch ? Priority.BATCH : Priority.INTERACTIVE),
        profile.getId(),
        RoutedRequest.newBuilder(request)
            .setAttempt(request.getAttempt() + 1)
            .setTrail(trail)
            .build());
  }

  /** Why the LLM cannot answer at present, in words; null when it can. */
  public @Nullable String problem(Instant now) {
    CircuitBreaker.Finding finding = breaker.finding(now);
    return finding.isUp()
        ? null
        : "LLM "
            + place.llm()
            + " is unavailable since "
            + finding.since()
            + ": "
            + finding.detail();
  }

  /** Whether it is known that nobody has added the LLM, so that routers send it nothing. */
  public boolean isUnadded() {
    return watch.isUnadded();
  }

  /** How the loop is doing that hears of the LLMs. */
  public LoopState state() {
    return watch.state();
  }

  /** Says that this worker has ended; requests under way may still ask where to go on. */
  @Override
  public void close() {
    watch.close();
    probe.close();
    voice.leave();
  }
}
