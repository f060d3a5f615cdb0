package dev.turnout.console.tries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.console.Records;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class TriedAnswerTest {
  private final List<String> heard = new ArrayList<>();
  private final TriedAnswer answer = new TriedAnswer("q-1", "gamma", () -> heard.add("room"));

  @Test
  void shouldGrowUntilTheOutcomeSaysAllOfIt() {
    // given
    answer.asked(heard::add);

    // when
    Records.say(answer, "Oua");
    Records.say(answer, "ga");

    // then
    assertThat(answer.soFar().text()).isEqualTo("Ouaga");
    assertThat(answer.soFar().ended()).isFalse();

    // when
    answer.answered(Records.outcome("q-1", "gamma", "Where?", Instant.now()), null);

    // then
    assertThat(answer.soFar().text()).isEqualTo("The answer to: Where?");
    assertThat(answer.soFar().ended()).isTrue();
    assertThat(answer.soFar().trouble()).isEmpty();
    assertThat(answer.soFar().latencyMs()).isEqualTo(640);
    assertThat(heard).containsExactly("room");
  }

  @Test
  void shouldCancelWhatGrowsTooLongAndHearNoMore() {
    // given pieces that come before it is known what to cancel
    Records.say(answer, "a".repeat(TriedAnswer.MOST_LETTERS));
    Records.say(answer, "bc");

    // when
    answer.asked(heard::add);
    Records.say(answer, "d");
    answer.failed(new TimeoutException());

    // then
    assertThat(answer.soFar().text()).hasSize(TriedAnswer.MOST_LETTERS).endsWith("a");
    assertThat(answer.soFar().trouble()).contains("cut at 65,536 letters");
    assertThat(heard).containsExactly("its answer is longer than the console shows", "room");
  }

  @Test
  void shouldSayWhyItBrokeOffAndKeepWhatCame() {
    // given
    Records.say(answer, "So far");

    // when
    answer.answered(
        Outcome.newBuilder(Records.outcome("q-1", "gamma", "Where?", Instant.now()))
            .setStatus(OutcomeStatus.FAILED)
            .setAnswer(null)
            .setError("HTTP 500")
            .build(),
        null);

    // then
    assertThat(answer.soFar().text()).isEqualTo("So far");
    assertThat(answer.soFar().trouble()).isEqualTo("FAILED: HTTP 500");

    // and others name their reasons
    TriedAnswer late = new TriedAnswer("q-2", "alpha", () -> {});
    late.failed(new TimeoutException("no answer to query q-2"));
    assertThat(late.soFar().trouble()).isEqualTo("no answer in time");
    TriedAnswer refused = new TriedAnswer("q-3", "alpha", () -> {});
    refused.refused("NO_LLM", "all are down");
    assertThat(refused.soFar().trouble()).isEqualTo("refused, NO_LLM: all are down");
  }
}
