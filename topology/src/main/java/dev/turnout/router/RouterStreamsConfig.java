package dev.turnout.router;

import static org.apache.kafka.streams.StreamsConfig.mainConsumerPrefix;
import static org.apache.kafka.streams.StreamsConfig.producerPrefix;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.CrashDetection;
import dev.turnout.router.emit.CommitPace;
import dev.turnout.router.encode.BatchEncoding;
import dev.turnout.router.encode.BatchEncodingInterceptor;
import dev.turnout.streams.FailureHandling;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/** Router settings as Kafka Streams wants them. */
public final class RouterStreamsConfig {
  private static final int MIB = 1 << 20;

  /**
   * The longest that a transaction is open; a {@link CommitPace} ends most of them sooner. A poll
   * is encoded in half of it, see {@code PollSize}.
   */
  private static final int COMMIT_MILLIS = 500;

  private RouterStreamsConfig() {}

  /**
   * The same configuration without encoding at poll time, for a topology to compare the router
   * with.
   *
   * @param pollRecords most records polled at once
   */
  public static Properties withoutEncoding(RouterSettings settings, int pollRecords) {
    return of(settings, pollRecords, null, FailureHandling.unobserved(settings.topics().dlq()));
  }

  /** When a task asks for commits; one for each. */
  static CommitPace commitPace(RouterSettings settings) {
    return settings.guarantee() == ProcessingGuarantee.EXACTLY_ONCE
        ? CommitPace.ofTransactions()
        : CommitPace.none();
  }

  /**
   * The configuration.
   *
   * @param pollRecords most queries polled at once
   * @param encoding what the consumer interceptor hands a polled batch to; null for no interceptor
   * @param failures of the same client as the topology's
   */
  static Properties of(
      RouterSettings settings,
      int pollRecords,
      @Nullable BatchEncoding encoding,
      FailureHandling failures) {
    Map<String, Object> config = new HashMap<>();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, settings.guarantee().streamsName());
    config.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, settings.groupProtocol().streamsName());
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    if (settings.guarantee() == ProcessingGuarantee.AT_LEAST_ONCE) {
      // Streams' own 30 s would repeat half a minute of decisions after a crash.
      config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
    } else if (encoding != null) {
      config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_MILLIS);
    }
    CrashDetection.put(config, settings.groupProtocol() == GroupProtocol.CLASSIC);
    putConsumer(config, pollRecords, encoding);
    putProducer(config, settings);
    config.putAll(Clients.streamsDefaults());
    config.putAll(settings.kafka());
    failures.configure(config);
    Properties properties = new Properties();
    properties.putAll(config);
    return properties;
  }

  private static void putConsumer(
      Map<String, Object> config, int pollRecords, @Nullable BatchEncoding encoding) {
    if (encoding != null) {
      config.put(
          mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
          BatchEncodingInterceptor.class.getName());
      config.put(mainConsumerPrefix(BatchEncodingInterceptor.ENCODING_CONFIG), encoding);
    }
    config.put(mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), pollRecords);
    config.put(mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
  }

  private static void putProducer(Map<String, Object> config, RouterSettings settings) {
    // a commit sends what lingers; without transactions nothing else does
    boolean transactions = settings.guarantee() == ProcessingGuarantee.EXACTLY_ONCE;
    config.put(producerPrefix(ProducerConfig.LINGER_MS_CONFIG), transactions ? 5 : 0);
    config.put(producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 * 1024);
    config.put(producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    config.put(producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 64 * MIB);
    if (transactions) {
      config.put(
          producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
          Math.toIntExact(settings.transactionTimeout().toMillis()));
    } else {
      config.put(
          producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), Clients.IN_ORDER);
    }
  }
}
