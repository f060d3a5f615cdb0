package dev.turnout.grader.judge;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import dev.failsafe.RetryPolicyBuilder;
import dev.turnout.grader.GraderAwayException;
import dev.turnout.kafka.FutureFailure;
import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmException;
import dev.turnout.schema.RoutedRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks one judge, so many times at once and no more. A judge that is down, overloaded or does not
 * let us in is asked again for a while: the answer to mark is not to blame. Safe for use by several
 * threads.
 */
final class JudgeCalls {
  private static final Duration SHORTEST_PATIENCE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Judge judge;
  private final int mostAtOnce;
  private final Clock clock;
  private final FailsafeExecutor<Completion> patient;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int underWay;
  private volatile @Nullable Away away;

  private record Away(Instant since, String why) {}

  /**
   * @param mostAtOnce calls under way at a time
   * @param patience how long a call is repeated that an outage stops
   */
  JudgeCalls(Judge judge, int mostAtOnce, Duration patience, Clock clock) {
    this.judge = judge;
    this.mostAtOnce = mostAtOnce;
    this.clock = clock;
    this.patient = Failsafe.with(repeating(patience));
  }

  private static RetryPolicy<Completion> repeating(Duration patience) {
    RetryPolicyBuilder<Completion> policy =
        RetryPolicy.<Completion>builder().handleIf(JudgeCalls::isOutage);
    if (patience.compareTo(SHORTEST_PATIENCE) < 0) {
      return policy.withMaxAttempts(1).build();
    }
    Duration longest = patience.compareTo(LONGEST_PAUSE) < 0 ? patience : LONGEST_PAUSE;
    return policy
        .withMaxAttempts(-1)
        .withMaxDuration(patience)
        .withBackoff(longest.dividedBy(30), longest.dividedBy(2))
        .withJitter(0.3)
        .build();
  }

  String name() {
    return judge.name();
  }

  /**
   * Asks when its turn comes.
   *
   * @return the reply; fails with {@link GraderAwayException} when the judge was away for too long
   */
  CompletableFuture<String> ask(RoutedRequest request) {
    CompletableFuture<String> reply = new CompletableFuture<>();
    Runnable call = () -> call(request, reply);
    synchronized (waiting) {
      if (underWay >= mostAtOnce) {
        waiting.add(call);
        return reply;
      }
      underWay++;
    }
    call.run();
    return reply;
  }

  private void call(RoutedRequest request, CompletableFuture<String> reply) {
    CompletableFuture<Void> unusedEnd =
        patient
            .getStageAsync(() -> observed(request))
            .handle(
                (completion, failure) -> {
                  next();
                  if (completion != null) {
                    reply.complete(completion.answer());
                  } else {
                    reply.completeExceptionally(
                        failure == null
                            ? new IllegalStateException("neither a reply nor a failure")
                            : explained(FutureFailure.cause(failure)));
                  }
                  return null;
                });
  }

  private void next() {
    Runnable call;
    synchronized (waiting) {
      call = waiting.poll();
      if (call == null) {
        underWay--;
      }
    }
    if (call != null) {
      call.run();
    }
  }

  private CompletableFuture<Completion> observed(RoutedRequest request) {
    return judge
        .client()
        .complete(request)
        .whenComplete(
            (completion, failure) -> {
              if (failure == null || !isOutage(failure)) {
                away = null;
              } else if (away == null) {
                away =
                    new Away(
                        clock.instant(), String.valueOf(FutureFailure.cause(failure).getMessage()));
              }
            });
  }

  private Throwable explained(Throwable failure) {
    return isOutage(failure)
        ? new GraderAwayException("judge " + name() + " is away: " + failure.getMessage(), failure)
        : failure;
  }

  /** Why this judge has not answered for longer than is tolerated; null when all is well. */
  @Nullable String problem(Instant now, Duration tolerated) {
    Away since = away;
    return since == null || !now.isAfter(since.since().plus(tolerated))
        ? null
        : "judge " + name() + " does not answer since " + since.since() + ": " + since.why();
  }

  void close() {
    judge.client().close();
  }

  private static boolean isOutage(Throwable failure) {
    return FutureFailure.cause(failure) instanceof LlmException llm
        && switch (llm.kind()) {
          case TRANSIENT, TIMED_OUT, MISCONFIGURED -> true;
          case REJECTED, CANCELLED -> false;
        };
  }
}
