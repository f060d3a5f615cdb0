package dev.turnout.dlq;

import dev.turnout.kafka.Clients;
import dev.turnout.topic.DeadLetterMark;
import dev.turnout.topic.LogText;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a replay of a letter would send, and where to: the refused record with its own key
 * and headers, to the partition it came from. Where the letter only refers to the record, the
 * record is taken from where it stood, if it still stands there. Confined to one thread.
 */
final class ReplayPlan implements AutoCloseable {
  private final Map<String, Object> client;
  private final TopicCatalogue topics;
  private final Admin admin;
  private final Map<String, OptionalInt> partitions = new HashMap<>();

  ReplayPlan(Map<String, Object> client, TopicCatalogue topics) {
    this.client = client;
    this.topics = topics;
    this.admin = Clients.admin(client);
  }

  /** What becomes of one letter. */
  sealed interface Step {
    /** The record is sent. */
    record Send(ProducerRecord<byte[], byte[]> record) implements Step {}

    /** The record cannot be sent; why, and what would help. */
    record Refuse(String why) implements Step {}
  }

  Step of(Letter letter) {
    String topic = letter.topic();
    if (topic.isEmpty()) {
      return new Step.Refuse(
          "the letter does not say which topic its record came from; no part of Turnout wrote it");
    }
    if (!carriesTraffic(topic)) {
      return new Step.Refuse(
          "its record came from %s, which carries no traffic of this installation; take the bytes by"
                  .formatted(LogText.of(topic))
              + " turnout dlq show --raw and publish them yourself");
    }
    OptionalInt count = partitionsOf(topic);
    if (count.isEmpty()) {
      return new Step.Refuse(
          "topic "
              + LogText.of(topic)
              + " does not exist any more; create it, or drop the letter by turnout dlq drop "
              + letter.position());
    }
    byte[] key = letter.record().key();
    byte[] value = letter.record().value();
    Headers headers = letter.producerHeaders();
    if (!letter.omitted().isEmpty()) {
      Optional<ConsumerRecord<byte[], byte[]>> original = OriginalRecord.find(client, letter);
      if (original.isEmpty()) {
        return new Step.Refuse(OriginalRecord.gone(letter));
      }
      key = original.get().key();
      value = original.get().value();
      headers = Letter.withoutOurs(original.get().headers());
    }
    headers.add(
        DeadLetterMark.REPLAYS,
        Long.toString(letter.replays() + 1).getBytes(StandardCharsets.UTF_8));
    // whoever wrote it chose its partition, by a rule that we cannot know
    @Nullable Integer partition =
        letter
            .origin()
            .map(Letter.Origin::partition)
            .filter(each -> each < count.getAsInt())
            .orElse(null);
    return new Step.Send(new ProducerRecord<>(topic, partition, key, value, headers));
  }

  /** A header could name any topic of the cluster; only what roles read as records is sent to. */
  private boolean carriesTraffic(String topic) {
    return topic.startsWith(topics.requestsPrefix())
        || Set.of(
                topics.queries(),
                topics.decisions(),
                topics.outcomes(),
                topics.feedback(),
                topics.samples(),
                topics.budgetEvents())
            .contains(topic);
  }

  private OptionalInt partitionsOf(String topic) {
    return partitions.computeIfAbsent(
        topic,
        name -> {
          try {
            return OptionalInt.of(
                admin
                    .describeTopics(List.of(name))
                    .allTopicNames()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .partitions()
                    .size());
          } catch (InterruptedException e) {
            throw new InterruptException(e);
          } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
              return OptionalInt.empty();
            }
            throw new KafkaException(
                "topic " + name + " cannot be described: " + e.getCause(), e.getCause());
          }
        });
  }

  @Override
  public void close() {
    admin.close();
  }
}
