package dev.turnout.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

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
  void shouldBearLettersFromStrangers() {
    assertThat(Refusal.of(new ConsumerRecord<>(TOPICS.dlq(), 0, 0, new byte[0], null), TOPICS))
        .isEmpty();
    assertThat(Refusal.of(letter(TOPICS.queries(), null), TOPICS)).isEmpty();
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
