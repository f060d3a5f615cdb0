package dev.turnout.worker.pace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.edge.EdgeCluster;
import dev.turnout.kafka.member.Slots;
import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmClient;
import dev.turnout.llm.LlmException;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlmPaceTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Slots slots = new Slots(9);

  private LlmPace pace(boolean adaptive) {
    return new LlmPace("some", 9, adaptive, slots, new SimpleMeterRegistry());
  }

  private static RoutedRequest request() {
    return RoutedRequest.newBuilder()
        .setQuery(Query.newBuilder().setId("q").setText("?").build())
        .setDecision(EdgeCluster.decision("q", "some"))
        .setTrail(List.of())
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "TRANSIENT, 429, true, 6",
    "TRANSIENT, 503, true, 6",
    "TIMED_OUT, 0, true, 6",
    "TRANSIENT, 500, true, 9",
    "REJECTED, 400, true, 9",
    "TRANSIENT, 429, false, 9"
  })
  void shouldHaveFewerInFlightWhenTheLlmCannotTakeSoMany(
      LlmException.Kind kind, int status, boolean adaptive, int expected) {
    // given
    LlmException failure =
        new LlmException(
            kind, "no", null, status == 0 ? null : new LlmException.Refusal(status, null, null));
    LlmClient client = pace(adaptive).watch(asked -> CompletableFuture.failedFuture(failure));

    // when
    CompletableFuture<Completion> answer = client.complete(request());

    // then
    assertThat(answer).isCompletedExceptionally();
    assertThat(slots.limit()).isEqualTo(expected);
  }

  @Test
  void shouldKnowWhichDeadlinesCannotBeMetOnceItHasSeenEnough() {
    // given
    LlmPace pace = pace(true);
    LlmClient client =
        pace.watch(
            asked ->
                CompletableFuture.supplyAsync(
                    () -> new Completion("an answer", null, null, null, null),
                    CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS)));

    // then before any answer only what has passed is missed
    assertThat(pace.missed(NOW, NOW)).contains("had passed");
    assertThat(pace.missed(NOW.plusMillis(1), NOW)).isNull();

    // when
    CompletableFuture.allOf(
            IntStream.range(0, 40)
                .mapToObj(i -> client.complete(request()))
                .toArray(CompletableFuture<?>[]::new))
        .join();

    // then
    assertThat(pace.missed(NOW.plusMillis(5), NOW)).contains("left 5 ms", "quickest");
    assertThat(pace.missed(NOW.plus(Duration.ofMinutes(1)), NOW)).isNull();
  }

  @Test
  void shouldForgetOldAnswers() {
    // given
    QuickestAnswer quickest = new QuickestAnswer();
    long minute = Duration.ofMinutes(1).toNanos();
    for (int i = 0; i < 300; i++) {
      quickest.answered(1_000_000 + i, minute);
    }

    // then the oldest went, and after a while all
    assertThat(quickest.quickest(2 * minute)).isEqualTo(Duration.ofNanos(1_000_044));
    assertThat(quickest.quickest(7 * minute)).isNull();
  }
}
