package dev.turnout.router.encode;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The door through which {@link BatchEncoding} sees each polled batch, just before {@code poll}
 * returns it to Kafka Streams. Kafka makes it by its name, so the live object comes in through the
 * consumer's configuration. Why encoding at this place is sound stands at {@link BatchEncoding}.
 */
public final class BatchEncodingInterceptor implements ConsumerInterceptor<byte[], byte[]> {
  /** Main consumer configuration key that hands over the live {@link BatchEncoding}. */
  public static final String ENCODING_CONFIG = "turnout.batch.preparation";

  private @Nullable BatchEncoding encoding;

  /**
   * Takes over the router's batch encoding.
   *
   * @throws IllegalArgumentException if the configuration holds none
   */
  @Override
  public void configure(Map<String, ?> configs) {
    Object live = configs.get(ENCODING_CONFIG);
    if (!(live instanceof BatchEncoding handedOver)) {
      throw new IllegalArgumentException(
          "consumer configuration "
              + ENCODING_CONFIG
              + " must hold the router's batch encoding; the interceptor only works inside"
              + " Router.start");
    }
    encoding = handedOver;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    if (encoding != null) {
      encoding.encodeAhead(records);
    }
    // The very object: a rebuilt one would lose the next offsets that Streams commits.
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void close() {}
}
