package dev.turnout.control;

import dev.turnout.registry.rest.Outage;
import dev.turnout.topic.LogText;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes records, and waits while the schema registry is away: an outage says nothing of the
 * record. For threads of their own, which nothing else waits for; an interrupt ends the wait.
 */
public final class RetryingDecoder<V> {
  private static final Logger LOG = LoggerFactory.getLogger(RetryingDecoder.class);

  private final Deserializer<V> deserializer;
  private final Duration pause;

  /**
   * A decoder.
   *
   * @param deserializer closed by the caller
   * @param pause time between two attempts
   */
  public RetryingDecoder(Deserializer<V> deserializer, Duration pause) {
    this.deserializer = deserializer;
    this.pause = pause;
  }

  /**
   * Decodes one record.
   *
   * @throws InterruptException if the thread is interrupted while it waits
   * @throws RuntimeException whatever else the deserializer throws: the record is unusable
   */
  public @Nullable V decode(ConsumerRecord<byte[], byte[]> record) {
    while (true) {
      try {
        return deserializer.deserialize(record.topic(), record.value());
      } catch (RuntimeException e) {
        if (!Outage.isBehind(e)) {
          throw e;
        }
        LOG.atWarn()
            .setMessage("waiting for the schema registry")
            .addKeyValue("topic", record.topic())
            .addKeyValue("problem", LogText.of(String.valueOf(e.getMessage())))
            .log();
        pause();
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
