package dev.turnout.kafka;

import dev.turnout.topic.RecordLimits;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Makes Kafka clients from settings, which hold at least {@code bootstrap.servers}. What is not a
 * client's, such as the registry's address, may be among them; Kafka ignores it.
 */
public final class Clients {
  /**
   * How old a consumer's list of partitions may be: those that are added are read within this time,
   * not within Kafka's five minutes.
   */
  private static final Duration METADATA_AGE = Duration.ofSeconds(10);

  /** Requests under way at a broker, for a producer without transactions; see {@link #producer}. */
  public static final int IN_ORDER = 1;

  private Clients() {}

  /** Reads what transactions have committed, without a group; for a {@link TopicTail}. */
  public static Consumer<byte[], byte[]> reader(Map<String, ?> settings) {
    return reader(settings, new ByteArrayDeserializer());
  }

  /** The same with decoded values. */
  public static <V> Consumer<byte[], V> reader(
      Map<String, ?> settings, Deserializer<V> deserializer) {
    Map<String, Object> config = committed(settings);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), deserializer);
  }

  /**
   * Reads without a group as {@link #reader}, but waits neither for transactions to end nor for
   * fetches to fill: for records that are of no use later, and of which one too many does no harm.
   */
  public static Consumer<byte[], byte[]> uncommittedReader(Map<String, ?> settings) {
    Map<String, Object> config = committed(settings);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    config.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * A member of a consumer group that starts with the oldest record and commits by itself.
   *
   * @param most records a poll may bring
   */
  public static Consumer<byte[], byte[]> member(Map<String, ?> settings, String group, int most) {
    Map<String, Object> config = committed(settings);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, most);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * The same for a member from which a rebalance takes only what goes to another, and which is
   * missed as soon as {@link CrashDetection} says: until a member that was killed is given up, a
   * group that it led, or that another joins, waits for it with all its partitions.
   */
  public static Consumer<byte[], byte[]> cooperativeMember(
      Map<String, ?> settings, String group, int most) {
    return member(cooperative(settings), group, most);
  }

  static Map<String, Object> cooperative(Map<String, ?> settings) {
    // brokers that assign by themselves refuse what members of the classic protocol say
    boolean classic =
        !"consumer"
            .equalsIgnoreCase(String.valueOf(settings.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG)));
    Map<String, Object> config = new HashMap<>();
    CrashDetection.put(config, classic);
    if (classic) {
      config.put(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          CooperativeStickyAssignor.class.getName());
    }
    config.putAll(settings);
    return config;
  }

  /** An administrator; knows no settings of ours, so it is given its own alone. */
  public static Admin admin(Map<String, ?> settings) {
    Map<String, Object> config = new HashMap<>(settings);
    config.keySet().retainAll(AdminClientConfig.configNames());
    return Admin.create(config);
  }

  private static Map<String, Object> committed(Map<String, ?> settings) {
    Map<String, Object> config = new HashMap<>(settings);
    config.putIfAbsent(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_AGE.toMillis());
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return config;
  }

  /**
   * A producer whose records are safe once they are acknowledged, each written once.
   *
   * <p>It has one request under way at a broker. With several, the leader of a partition that has
   * just been added may refuse the first batch, since it does not know the partition yet, and take
   * the second: of a producer that it has never heard of it takes any sequence number. The first is
   * then out of order for good, and is given up when its time is over. What waits meanwhile goes
   * along in the next request.
   */
  public static Producer<byte[], byte[]> producer(Map<String, ?> settings) {
    Map<String, Object> config = new HashMap<>(settings);
    config.putIfAbsent(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, IN_ORDER);
    return safe(config);
  }

  /**
   * The same for transactions, whose first sequence number brokers check; of the producers of one
   * id the latest alone may write.
   */
  public static Producer<byte[], byte[]> transactional(Map<String, ?> settings, String id) {
    Map<String, Object> config = new HashMap<>(settings);
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
    return safe(config);
  }

  private static Producer<byte[], byte[]> safe(Map<String, Object> config) {
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RecordLimits.LARGEST_MESSAGE);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * What every Kafka Streams client is told, under the names that it gives its clients: its
   * producers may send, and its internal topics take, the largest record of any topic ({@link
   * RecordLimits}), and partitions that are added are noticed in time.
   */
  public static Map<String, Object> streamsDefaults() {
    return Map.of(
        "main.consumer." + ConsumerConfig.METADATA_MAX_AGE_CONFIG,
        METADATA_AGE.toMillis(),
        "producer." + ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        RecordLimits.LARGEST_MESSAGE,
        "topic." + TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        Integer.toString(RecordLimits.LARGEST_MESSAGE));
  }
}
