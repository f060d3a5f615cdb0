package dev.turnout.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalTest {

  private static final TopicCatalogue TOPICS = TopicCatalogue.withPrefix("t");

  @Test
  void shouldReadTheRefusalOfAQuery() {
    assertThat(Refusal.of(letter(TOPICS.queries(), "q1"), TOPICS))
        .hasValue(new Refusal("q1", "NO_LLM", "none is active"));
  }

  @Test
  void shouldNotTakeADeadGradeOrRequestForARefusedQuery() {
    assertThat(Refusal.of(letter(TOPICS.feedback(), "q1"), TOPICS)).isEmpty();
    assertThat(Refusal.of(letter(TOPICS.outcomes(), "q1"), TOPICS)).isEmpty();
    assertThat(Refusal.of(letter(TOPICS.requests("acme"), "q1"), TOPICS)).isEmpty();
  }

  @Test
  void shouldIgnoreLettersWithoutOriginOrKey() {
    assertThat(Refusal.of(new ConsumerRecord<>(TOPICS.dlq(), 0, 0, new byte[0], null), TOPICS))
        .isEmpty();
    assertThat(Refusal.of(letter(TOPICS.queries(), null), TOPICS)).isEmpty();
  }

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
          case NO_LLM, DEADLINE_PASSED, BUDGET_EXHAUSTED -> 503;
          case NULL_VALUE, UNDECODABLE, UNKNOWN_SCHEMA, ATTEMPTS_EXHAUSTED, INTERNAL_ERROR -> 500;
        };

    // when
    GatewayError error = new Refusal("q1", reason.name(), "what was found").error();

    // then
    assertThat(error.status()).isEqualTo(status);
    assertThat(error.code()).isEqualTo(reason.name());
    assertThat(error.type()).isEqualTo(status == 422 ? "invalid_request_error" : "api_error");
    if (status == 500) {
      assertThat(error).hasMessageContaining("dead-letter topic").hasMessageNotContaining("found");
    } else {
      assertThat(error).hasMessageEndingWith("what was found");
    }
  }

  @Test
  void shouldAnswer500ForAReasonOfANewerRouter() {
    assertThat(new Refusal("q1", "OF_TOMORROW", "").error().status()).isEqualTo(500);
    assertThat(new Refusal("q1", "OF_TOMORROW", "").error().code()).isEqualTo("OF_TOMORROW");
  }

  private static ConsumerRecord<byte[], byte[]> letter(String origin, @Nullable String key) {
    byte @Nullable [] id = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    ProducerRecord<byte[], byte[]> letter =
        DeadLetters.of(
            new ConsumerRecord<>(origin, 0, 7, id, new byte[] {1}),
            TOPICS.dlq(),
            "NO_LLM",
            "none is active",
            "route");
    ConsumerRecord<byte[], byte[]> read =
        new ConsumerRecord<>(TOPICS.dlq(), 0, 0, letter.key(), letter.value());
    letter.headers().forEach(read.headers()::add);
    return read;
  }
}
