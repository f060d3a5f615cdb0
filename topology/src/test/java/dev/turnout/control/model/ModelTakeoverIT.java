package dev.turnout.control.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.kafka.TransactionalSender;
import dev.turnout.router.RealKafka;
import dev.turnout.router.TinyModels;
import dev.turnout.schema.RouterModelRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of several learners the latest alone may write to the models topic, and never half of it. */
class ModelTakeoverIT {
  private final RealKafka kafka = RealKafka.withTopics("takeover", 1);

  @AfterEach
  void close() {
    kafka.close();
  }

  private TransactionalSender sender() {
    return TransactionalSender.of(kafka.clientConfig(), kafka.topics.prefix() + "learner");
  }

  private ModelPublisher publisher(TransactionalSender sender) {
    return ModelPublisher.inTransactions(
        kafka.topics.models(), sender, kafka.clientConfig(), Clock.systemUTC());
  }

  private List<String> events() {
    return kafka.committed(kafka.topics.models(), RouterModelRecord.class).stream()
        .map(ModelTopicState::key)
        .toList();
  }

  @Test
  void shouldBarOneWhoHasBeenSucceeded() throws Exception {
    try (TransactionalSender first = sender();
        TransactionalSender second = sender();
        ModelPublisher zombie = publisher(first);
        ModelPublisher successor = publisher(second)) {
      // given
      first.takeOver();
      zombie.promote("m1", "while it is in charge");

      // when
      second.takeOver();

      // then
      assertThatThrownBy(() -> zombie.promote("m2", "it does not know yet"))
          .isInstanceOf(KafkaException.class);
      assertThat(first.holds()).isFalse();
      assertThatThrownBy(() -> zombie.promote("m2", "nor now"))
          .isInstanceOf(IllegalStateException.class);
      successor.promote("m3", "it is in charge");
      assertThat(events()).containsExactly("m1/PROMOTED", "m3/PROMOTED");
    }
  }

  @Test
  void shouldLeaveNothingOfATransactionThatWasCutShort() throws Exception {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", kafka.bootstrapServers);
    config.put("transactional.id", kafka.topics.prefix() + "learner");
    try (KafkaProducer<byte[], byte[]> dead =
            new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        TransactionalSender sender = sender();
        ModelPublisher publisher = publisher(sender)) {
      // given one who died behind half of what it had to say
      dead.initTransactions();
      dead.beginTransaction();
      dead.send(
              new ProducerRecord<>(
                  kafka.topics.models(), "m1/0".getBytes(StandardCharsets.UTF_8), new byte[] {1}))
          .get();

      // when
      sender.takeOver();
      publisher.publish(TinyModels.model("m2", TinyModels.LLMS), null, "whole");

      // then
      assertThat(events()).containsExactly("m2/0", "m2/MANIFEST", "m2/PROMOTED");
    }
  }
}
