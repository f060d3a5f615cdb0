package dev.turnout.worker.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmException;
import dev.turnout.llm.LlmException.Kind;
import dev.turnout.llm.LlmException.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlmCallsTest {
  private static final Completion ANSWER = new Completion("an answer", 1L, 1L, null, null);

  private final CircuitBreaker breaker = new CircuitBreaker(Probe.REQUEST, Instant.now());
  private final LlmCalls calls =
      new LlmCalls(
          breaker,
          new FailOverSettings(
              3, 2, Duration.ofSeconds(3), Duration.ofSeconds(5), Probe.COMPLETION, ""),
          Clock.systemUTC());
  private final AtomicInteger made = new AtomicInteger();
  private boolean replaceable;
  private boolean handedOn;
  private @Nullable Instant deadline;

  @Test
  void shouldAskAgainAsOftenAsThereAreAttempts() throws Exception {
    assertThat(ask(call -> call < 3 ? failing(Kind.TRANSIENT, null) : answered()))
        .isInstanceOf(CallResult.Answered.class);
    assertThat(made).hasValue(3);

    made.set(0);
    CallResult.Failed failed = failed(ask(call -> failing(Kind.TRANSIENT, null)));
    assertThat(made).hasValue(3);
    assertThat(failed.failure()).hasMessage("out of order");
    assertThat(failed.begun()).isNotNull();
    assertThat(failed.last()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"REJECTED", "MISCONFIGURED", "TIMED_OUT", "CANCELLED"})
  void shouldNotAskAgainInVain(Kind kind) throws Exception {
    CallResult.Failed unused = failed(ask(call -> failing(kind, null)));

    assertThat(made).hasValue(1);
  }

  @Test
  void shouldNotAskAgainOncePiecesWereHandedOn() throws Exception {
    handedOn = true;

    assertThat(failed(ask(call -> failing(Kind.TRANSIENT, null))).last()).isTrue();
    assertThat(made).hasValue(1);
  }

  @Test
  void shouldSendAwayAtOnceWhatAnotherMayAnswerAndSayUntilWhen() throws Exception {
    // given an LLM that wants to be left alone
    replaceable = true;
    CallResult.Failed first = failed(ask(call -> failing(Kind.TRANSIENT, Duration.ofSeconds(30))));
    assertThat(made).hasValue(1);

    // when the next comes
    CallResult.Failed second = failed(ask(call -> answered()));

    // then it is not asked
    assertThat(made).hasValue(1);
    assertThat(first.begun()).isNotNull();
    assertThat(second.begun()).isNull();
    assertThat(second.failure()).hasMessageContaining("unavailable since");
    Refusal refusal = Objects.requireNonNull(((LlmException) second.failure()).refusal());
    assertThat(refusal.retryAfter()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
  }

  @Test
  void shouldLetWaitWhatNobodyElseMayAnswer() throws Exception {
    CallResult result =
        ask(call -> call == 1 ? failing(Kind.TRANSIENT, Duration.ofMillis(700)) : answered());

    assertThat(result).isInstanceOf(CallResult.Answered.class);
    assertThat(made).hasValue(2);
  }

  @Test
  void shouldNotWaitInVain() throws Exception {
    // when the LLM is to be left alone for longer than there is patience
    long start = System.nanoTime();
    CallResult.Failed failed = failed(ask(call -> failing(Kind.TRANSIENT, Duration.ofMinutes(30))));

    // then that is said at once
    assertThat(failed.failure()).hasMessageContaining("unavailable since");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
    assertThat(made).hasValue(1);
  }

  @Test
  void shouldEndACallAtTheDeadline() throws Exception {
    deadline = Instant.now().plusMillis(200);
    CompletableFuture<Completion> silent = new CompletableFuture<>();

    CallResult.Failed failed = failed(ask(call -> silent));

    assertThat(((LlmException) failed.failure()).kind()).isEqualTo(Kind.TIMED_OUT);
    assertThat(silent).isCancelled();
    made.set(0);
    assertThat(failed(ask(call -> answered())).last()).isTrue();
    assertThat(made).hasValue(0);
  }

  private CallResult ask(IntFunction<CompletableFuture<Completion>> call) throws Exception {
    return calls
        .ask(
            new LlmCalls.Call(
                "q",
                deadline,
                3,
                () -> call.apply(made.incrementAndGet()),
                () -> handedOn,
                () -> false,
                () -> replaceable))
        .get(60, TimeUnit.SECONDS);
  }

  private static CallResult.Failed failed(CallResult result) {
    assertThat(result).isInstanceOf(CallResult.Failed.class);
    return (CallResult.Failed) result;
  }

  private static CompletableFuture<Completion> answered() {
    return CompletableFuture.completedFuture(ANSWER);
  }

  private static CompletableFuture<Completion> failing(Kind kind, @Nullable Duration retryAfter) {
    return CompletableFuture.failedFuture(
        new LlmException(kind, "out of order", null, new Refusal(500, null, retryAfter)));
  }
}
