package dev.turnout.router;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Lowers how large the records of topics may be, as an operator may, and raises it again. */
public final class LoweredTopics implements AutoCloseable {
  private static final int PROBE = 50_000;

  private final RealKafka kafka;
  private final Admin admin;
  private final Map<String, String> usual = new HashMap<>();
  private final KafkaProducer<byte[], byte[]> prober;

  private LoweredTopics(RealKafka kafka) {
    this.kafka = kafka;
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", kafka.bootstrapServers);
    this.admin = Admin.create(config);
    config.put("transactional.id", "prober-" + UUID.randomUUID());
    this.prober = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    prober.initTransactions();
  }

  public static LoweredTopics of(RealKafka kafka) {
    return new LoweredTopics(kafka);
  }

  /** Returns when brokers go by it. */
  public void lower(List<String> topics, int bytes) throws Exception {
    for (String topic : topics) {
      if (!usual.containsKey(topic)) {
        usual.put(topic, limit(topic));
      }
      set(topic, Integer.toString(bytes));
    }
    for (String topic : topics) {
      RealKafka.await(topic + " to refuse", RealKafka.PATIENCE, () -> !takes(topic, bytes + PROBE));
    }
  }

  /** Returns when brokers go by the limit that there was. */
  public void restore(List<String> topics) throws Exception {
    for (String topic : topics) {
      set(topic, Objects.requireNonNull(usual.get(topic)));
    }
    for (String topic : topics) {
      RealKafka.await(topic + " to take", RealKafka.PATIENCE, () -> takes(topic, PROBE));
    }
  }

  private String limit(String topic) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
    return Objects.requireNonNull(config).get("max.message.bytes").value();
  }

  private void set(String topic, String bytes) throws Exception {
    admin
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                List.of(
                    new AlterConfigOp(
                        new ConfigEntry("max.message.bytes", bytes), AlterConfigOp.OpType.SET))))
        .all()
        .get();
  }

  /** Whether a topic takes a record of a size; nobody who reads what is committed sees it. */
  private boolean takes(String topic, int bytes) {
    prober.beginTransaction();
    try {
      prober.send(new ProducerRecord<>(topic, new byte[] {1}, new byte[bytes])).get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RecordTooLargeException) {
        return false;
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      prober.abortTransaction();
    }
  }

  /** Bytes of the largest record there is, key and value. */
  public int largest(List<String> topics) {
    List<Integer> sizes = new ArrayList<>(List.of(0));
    for (ConsumerRecord<byte[], byte[]> record : kafka.committed(topics)) {
      sizes.add(record.serializedKeySize() + record.serializedValueSize());
    }
    return sizes.stream().mapToInt(Integer::intValue).max().orElseThrow();
  }

  @Override
  public void close() {
    prober.close();
    admin.close();
  }
}
