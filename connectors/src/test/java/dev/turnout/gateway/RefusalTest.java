package dev.turnout.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.topic.DeadLetterReason;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalTest {

  @ParameterizedTest
  @EnumSource(DeadLetterReason.class)
  void shouldGiveEveryReasonItsStatus(DeadLetterReason reason) {
    // given
    int status =
        switch (reason) {
          case EMPTY_TEXT,
              TOO_LARGE,
              NOT_TEXT,
              INVALID_CONSTRAINTS,
              REPLY_TO_NOT_ALLOWED,
              MISSING_ID,
              ID_TOO_LONG ->
              422;
          case NO_LLM, BUDGET_EXHAUSTED -> 503;
          case DEADLINE_PASSED -> 504;
          case NULL_VALUE, UNDECODABLE, UNKNOWN_SCHEMA, ATTEMPTS_EXHAUSTED, INTERNAL_ERROR -> 500;
        };

    // when
    GatewayError error = new Refusal("q1", reason.name(), "what was found").error();

    // then
    assertThat(error.status()).isEqualTo(status);
    assertThat(error.code()).isEqualTo(reason.name());
    assertThat(error.retryAfter()).isEqualTo(status == 503 ? Duration.ofSeconds(2) : null);
    assertThat(error.type()).isEqualTo(status == 422 ? "invalid_request_error" : "api_error");
    if (status == 500) {
      assertThat(error).hasMessageContaining("on this side").hasMessageNotContaining("found");
    } else {
      assertThat(error).hasMessageEndingWith("what was found");
    }
  }

  @Test
  void shouldAnswer500ForAReasonOfANewerRouter() {
    assertThat(new Refusal("q1", "OF_TOMORROW", "").error().status()).isEqualTo(500);
    assertThat(new Refusal("q1", "OF_TOMORROW", "").error().code()).isEqualTo("OF_TOMORROW");
  }
}
