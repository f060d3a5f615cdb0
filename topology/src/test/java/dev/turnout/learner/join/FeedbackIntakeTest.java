package dev.turnout.learner.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.SettingValues;
import dev.turnout.learner.LearnerMetrics;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedbackIntakeTest {
  private static final TopicCatalogue TOPICS = TopicCatalogue.standard();

  @TempDir private Path state;

  @ParameterizedTest
  @ValueSource(strings = {"decisions", "outcomes", "feedback"})
  void shouldBlameNoRecordForAnOutage(String topic) {
    MockProcessorContext<byte[], byte[]> context = context();
    for (RuntimeException outage :
        List.of(
            new RegistryUnavailableException("away", null),
            new RegistryRefusedException("no", 401, 401))) {
      assertThatThrownBy(() -> process(topic, context, outage)).isSameAs(outage);
      assertThat(context.forwarded()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"decisions", "outcomes", "feedback"})
  void shouldDeadLetterWhatIsFaultyItselfWithWhereItCameFrom(String topic) {
    MockProcessorContext<byte[], byte[]> context = context();

    process(topic, context, new SerializationException("broken"));

    assertThat(context.forwarded()).hasSize(1);
    assertThat(context.forwarded(FeedbackTopology.UNREADABLE))
        .singleElement()
        .satisfies(
            letter -> {
              Record<?, ?> record = letter.record();
              assertThat(record.key()).isEqualTo(new byte[] {1});
              assertThat(record.value()).isEqualTo(new byte[] {2});
              assertThat(header(record.headers(), DeadLetters.REASON)).isEqualTo("UNDECODABLE");
              assertThat(header(record.headers(), DeadLetters.TOPIC)).isEqualTo("turnout." + topic);
              assertThat(header(record.headers(), DeadLetters.PARTITION)).isEqualTo("3");
              assertThat(header(record.headers(), DeadLetters.OFFSET)).isEqualTo("17");
            });
  }

  private static String header(Headers headers, String key) {
    return new String(headers.lastHeader(key).value(), StandardCharsets.UTF_8);
  }

  private static void process(
      String topic, MockProcessorContext<byte[], byte[]> context, RuntimeException failure) {
    FeedbackIntake intake =
        new FeedbackIntake(
            FeedbackTopology.Topics.of(TOPICS),
            LearnerSettings.from(SettingValues.of(Map.of())).join(),
            (name, data) -> {
              throw failure;
            },
            (name, data) -> {
              throw failure;
            },
            (name, data) -> {
              throw failure;
            },
            new LearnerMetrics(new SimpleMeterRegistry()));
    intake.init(context);
    context.setRecordMetadata("turnout." + topic, 3, 17);
    intake.process(new Record<>(new byte[] {1}, new byte[] {2}, 0));
  }

  private MockProcessorContext<byte[], byte[]> context() {
    MockProcessorContext<byte[], byte[]> context =
        new MockProcessorContext<>(new Properties(), new TaskId(0, 0), state.toFile());
    context.setCurrentSystemTimeMs(1);
    return context;
  }
}
