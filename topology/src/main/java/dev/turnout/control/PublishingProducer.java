package dev.turnout.control;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Producers of the few records that everybody follows: each is waited for. */
public final class PublishingProducer {
  private PublishingProducer() {}

  public static Producer<byte[], byte[]> open(Map<String, ?> config) {
    Map<String, Object> settings = new HashMap<>(config);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.keySet().removeIf(key -> !ProducerConfig.configNames().contains(key));
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  public static void sendAndWait(
      Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record, String what)
      throws InterruptedException {
    try {
      producer.send(record).get();
    } catch (ExecutionException e) {
      throw new KafkaException(
          what
              + " could not be published on topic "
              + record.topic()
              + ": "
              + e.getCause()
              + "; nothing later of it was sent, publish it again",
          e.getCause());
    }
  }
}
