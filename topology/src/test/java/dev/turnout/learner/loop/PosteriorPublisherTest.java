package dev.turnout.learner.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.SettingValues;
import dev.turnout.kafka.RecordSender;
import dev.turnout.learner.LearnerMetrics;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.router.SetClock;
import dev.turnout.router.TinyEncoder;
import dev.turnout.router.TinyModels;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class PosteriorPublisherTest {
  private static final LearnerSettings SETTINGS = LearnerSettings.from(SettingValues.of(Map.of()));

  private final SetClock clock = new SetClock();
  private final LearnerMetrics metrics = new LearnerMetrics(new SimpleMeterRegistry());
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final LearnerState state = new LearnerState(SETTINGS, TinyEncoder.ID, metrics, null);
  private final PosteriorPublisher feed =
      new PosteriorPublisher(
          SETTINGS, new RecordSender(producer), (topic, data) -> new byte[] {1}, metrics, clock);

  private int published() {
    clock.advance(SETTINGS.publishEvery());
    feed.publish(state);
    return producer.history().size();
  }

  @Test
  void shouldPublishAgainWhatTheBrokerRefused() {
    // given posteriors that were handed to the producer
    feed.follow(TinyModels.model("m1", TinyModels.LLMS), null);
    assertThat(published()).isEqualTo(1);
    assertThat(published()).isEqualTo(1);

    // when the broker refuses them
    producer.errorNext(new KafkaException("away"));

    // then they are sent again, and no more once they are safe
    assertThat(published()).isEqualTo(2);
    producer.completeNext();
    assertThat(published()).isEqualTo(2);
  }

  @Test
  void shouldPublishAgainWhatTheProducerRefused() {
    // given
    feed.follow(TinyModels.model("m1", TinyModels.LLMS), null);
    producer.sendException = new KafkaException("the buffer is full");
    assertThat(published()).isZero();

    // when
    producer.sendException = null;

    // then
    assertThat(published()).isEqualTo(1);
  }
}
