package dev.turnout.gateway.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RefusedQueryTest {

  private static final TopicCatalogue TOPICS = TopicCatalogue.withPrefix("t");

  @Test
  void shouldReadTheRefusalOfAQuery() {
    assertThat(RefusedQuery.of(letter(TOPICS.queries(), "q1"), TOPICS))
        .hasValueSatisfying(
            refused -> {
              assertThat(refused.queryId()).isEqualTo("q1");
              assertThat(refused.reason()).isEqualTo("NO_LLM");
              assertThat(refused.detail()).isEqualTo("none is active");
            });
  }

  @Test
  void shouldNotTakeADeadGradeOrRequestForARefusedQuery() {
    assertThat(RefusedQuery.of(letter(TOPICS.feedback(), "q1"), TOPICS)).isEmpty();
    assertThat(RefusedQuery.of(letter(TOPICS.outcomes(), "q1"), TOPICS)).isEmpty();
    assertThat(RefusedQuery.of(letter(TOPICS.requests("acme"), "q1"), TOPICS)).isEmpty();
  }

  @Test
  void shouldIgnoreLettersWithoutOriginOrKey() {
    assertThat(RefusedQuery.of(new ConsumerRecord<>(TOPICS.dlq(), 0, 0, new byte[0], null), TOPICS))
        .isEmpty();
    assertThat(RefusedQuery.of(letter(TOPICS.queries(), null), TOPICS)).isEmpty();
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
