package dev.turnout.worker.failover;

import dev.turnout.kafka.FutureFailure;
import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the LLM for one request: as often as it has attempts, and not while the breaker forbids it.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>At most the given number of calls</b>, one after the other. Waiting makes no calls.
 *   <li><b>What may go to another LLM does not wait</b>: it comes back as failed at once when the
 *       LLM is down. What nobody else may answer waits for the LLM, as long as the patience and the
 *       deadline allow it to be answered.
 *   <li><b>A call whose pieces were handed on is the last</b>: a second one would say it all again.
 *   <li><b>A call ends at the deadline</b>, whatever the client makes of it.
 *   <li>Nobody's thread waits. Whoever cancels what {@link Call#call} gave ends the call.
 * </ul>
 *
 * <p>Safe for use by several threads.
 */
final class LlmCalls {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final CircuitBreaker breaker;
  private final FailOverSettings settings;
  private final Clock clock;

  LlmCalls(CircuitBreaker breaker, FailOverSettings settings, Clock clock) {
    this.breaker = breaker;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * What to ask.
   *
   * @param request tells it from other requests
   * @param deadline after which nobody wants an answer; null for none
   * @param attempts calls that may be made, at least 1
   * @param call makes one; may throw
   * @param handedOn whether pieces of an answer have been handed on
   * @param abandoned whether the answer is of use to nobody
   * @param replaceable whether another LLM may answer in this one's place, now
   */
  record Call(
      String request,
      @Nullable Instant deadline,
      int attempts,
      Supplier<CompletableFuture<Completion>> call,
      BooleanSupplier handedOn,
      BooleanSupplier abandoned,
      BooleanSupplier replaceable) {}

  private record Tried(@Nullable Completion completion, @Nullable Throwable failure) {}

  private record Progress(int made, @Nullable Instant begun, @Nullable Instant waitingSince) {}

  /** Asks; never completes exceptionally. */
  CompletableFuture<CallResult> ask(Call call) {
    return step(call, new Progress(0, null, null));
  }

  private CompletableFuture<CallResult> step(Call call, Progress progress) {
    if (call.abandoned().getAsBoolean()) {
      return CompletableFuture.completedFuture(new CallResult.Abandoned());
    }
    Instant now = clock.instant();
    if (call.deadline() != null && !now.isBefore(call.deadline())) {
      return failed(
          new LlmException(
              LlmException.Kind.TIMED_OUT,
              "the query's deadline passed while it waited for its LLM",
              null),
          "the deadline passed",
          progress,
          true);
    }
    CircuitBreaker.Leave leave = breaker.ask(call.request(), now);
    return leave == null ? refused(call, progress, now) : made(call, progress, leave, now);
  }

  private CompletableFuture<CallResult> refused(Call call, Progress progress, Instant now) {
    CircuitBreaker.Finding finding = breaker.finding(now);
    if (finding.isUp()) {
      return step(call, progress); // it came back this moment
    }
    LlmException unavailable = unavailable(finding, now);
    if (call.replaceable().getAsBoolean()) {
      return failed(unavailable, String.valueOf(unavailable.getMessage()), progress, false);
    }
    Instant since = progress.waitingSince() == null ? now : progress.waitingSince();
    Instant latest = since.plus(settings.patience());
    Instant end =
        call.deadline() != null && call.deadline().isBefore(latest) ? call.deadline() : latest;
    boolean inVain = finding.window() && !finding.until().isBefore(end);
    if (inVain || !now.isBefore(end)) {
      return failed(unavailable, String.valueOf(unavailable.getMessage()), progress, false);
    }
    Progress waiting = new Progress(progress.made(), progress.begun(), since);
    return after(LOOK_AGAIN).thenCompose(passed -> step(call, waiting));
  }

  /** Says until when, so that the client knows when to come again. */
  private static LlmException unavailable(CircuitBreaker.Finding finding, Instant now) {
    Duration left = Duration.between(now, finding.until());
    int status = finding.window() ? 429 : 503;
    return new LlmException(
        LlmException.Kind.TRANSIENT,
        "the LLM is unavailable since "
            + finding.since().truncatedTo(ChronoUnit.SECONDS)
            + ": "
            + finding.reason(),
        null,
        new LlmException.Refusal(status, null, left.isNegative() ? Duration.ZERO : left));
  }

  private CompletableFuture<CallResult> made(
      Call call, Progress progress, CircuitBreaker.Leave leave, Instant now) {
    Progress next =
        new Progress(progress.made() + 1, progress.begun() == null ? now : progress.begun(), null);
    CompletableFuture<Completion> answer;
    try {
      answer = call.call().get();
    } catch (RuntimeException | Error thrown) {
      answer = CompletableFuture.failedFuture(thrown);
    }
    return inTime(answer, call.deadline(), now)
        .handle(Tried::new)
        .thenCompose(
            tried -> {
              Instant then = clock.instant();
              if (tried.completion() != null) {
                breaker.succeeded(leave, then);
                return CompletableFuture.completedFuture(
                    new CallResult.Answered(tried.completion(), now));
              }
              Throwable thrown =
                  tried.failure() == null
                      ? new IllegalStateException("neither an answer nor a failure")
                      : tried.failure();
              Failure failure = Failure.of(thrown);
              breaker.failed(leave, failure, then);
              return again(call, next, failure, FutureFailure.cause(thrown));
            });
  }

  /** Ends a call at the deadline, whatever the client makes of it. */
  private static CompletableFuture<Completion> inTime(
      CompletableFuture<Completion> answer, @Nullable Instant deadline, Instant now) {
    if (deadline == null) {
      return answer;
    }
    return answer
        .copy()
        .orTimeout(Duration.between(now, deadline).toMillis() + 1, TimeUnit.MILLISECONDS)
        .exceptionallyCompose(
            thrown -> {
              if (FutureFailure.cause(thrown) instanceof TimeoutException) {
                boolean unusedOpen = answer.cancel(true);
                return CompletableFuture.failedFuture(
                    new LlmException(
                        LlmException.Kind.TIMED_OUT,
                        "no answer before the query's deadline " + deadline,
                        thrown));
              }
              return CompletableFuture.failedFuture(thrown);
            });
  }

  private CompletableFuture<CallResult> again(
      Call call, Progress progress, Failure failure, Throwable thrown) {
    if (call.handedOn().getAsBoolean()) {
      return failed(thrown, failure.reason(), progress, true);
    }
    return switch (failure.kind()) {
      case NOT_ITS_FAULT, TIMED_OUT, REFUSING -> failed(thrown, failure.reason(), progress, false);
      case BROKEN, OVERLOADED -> {
        if (progress.made() >= call.attempts()) {
          yield failed(thrown, failure.reason(), progress, false);
        }
        // the pause is for an LLM that is up; one that has just gone down sends the request away
        boolean down = !breaker.finding(clock.instant()).isUp();
        yield down
            ? step(call, progress)
            : after(pause(progress.made())).thenCompose(passed -> step(call, progress));
      }
    };
  }

  /** Doubles, and differs by a third so that requests do not come back all at once. */
  private static Duration pause(int made) {
    long millis = FIRST_PAUSE.toMillis() << Math.min(made - 1, 10);
    double spread = ThreadLocalRandom.current().nextDouble(0.7, 1.3);
    return Duration.ofMillis((long) (Math.min(millis, LONGEST_PAUSE.toMillis()) * spread));
  }

  private static CompletableFuture<Void> after(Duration pause) {
    return CompletableFuture.runAsync(
        () -> {}, CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS));
  }

  private static CompletableFuture<CallResult> failed(
      Throwable failure, String reason, Progress progress, boolean last) {
    return CompletableFuture.completedFuture(
        new CallResult.Failed(failure, reason, progress.begun(), last));
  }
}
