package dev.turnout.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.SettingValues;
import dev.turnout.learner.join.ExpiringStore;
import dev.turnout.learner.join.FeedbackJoin;
import dev.turnout.learner.join.FeedbackTopology;
import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedbackJoinOutageTest {
  private static final TopicCatalogue TOPICS = TopicCatalogue.standard();

  @TempDir private Path state;

  @ParameterizedTest
  @ValueSource(strings = {"decisions", "outcomes", "feedback"})
  void shouldBlameNoRecordForAnOutage(String topic) {
    MockProcessorContext<byte[], Object> context = context();
    for (RuntimeException outage :
        List.of(
            new RegistryUnavailableException("away", null),
            new RegistryRefusedException("no", 401, 401))) {
      assertThatThrownBy(() -> process(topic, context, outage)).isSameAs(outage);
      assertThat(context.forwarded()).isEmpty();
    }
  }

  @Test
  void shouldDeadLetterAGradeThatIsFaultyItself() {
    MockProcessorContext<byte[], Object> context = context();

    process("feedback", context, new SerializationException("broken"));

    assertThat(context.forwarded(FeedbackTopology.DEAD_LETTERS)).hasSize(1);
  }

  private static void process(
      String topic, MockProcessorContext<byte[], Object> context, RuntimeException failure) {
    FeedbackJoin join =
        new FeedbackJoin(
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
    join.init(context);
    context.setRecordMetadata("turnout." + topic, 0, 0);
    join.process(new Record<>(new byte[] {1}, new byte[] {2}, 0));
  }

  private MockProcessorContext<byte[], Object> context() {
    MockProcessorContext<byte[], Object> context =
        new MockProcessorContext<>(new Properties(), new TaskId(0, 0), state.toFile());
    for (String name :
        List.of(
            FeedbackTopology.DECIDED,
            FeedbackTopology.SPENT,
            FeedbackTopology.WAITING,
            FeedbackTopology.GIVEN)) {
      for (StoreBuilder<?> builder : ExpiringStore.builders(name)) {
        var store = builder.withLoggingDisabled().build();
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
      }
    }
    return context;
  }
}
