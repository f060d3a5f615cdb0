package dev.turnout.gateway.lookup;

import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A query that the router refused, as the dead-letter topic has it.
 *
 * @param queryId the query
 * @param reason name of a {@link dev.turnout.topic.DeadLetterReason}, or of one that a newer router
 *     knows
 * @param detail what was found and what would be right, in words
 * @param at when
 */
public record RefusedQuery(String queryId, String reason, String detail, Instant at) {

  /** The refusal that a dead letter holds; empty if it was not a query that was refused. */
  public static Optional<RefusedQuery> of(
      ConsumerRecord<byte[], byte[]> letter, TopicCatalogue topics) {
    // grades, outcomes and requests that cannot be read are dead-lettered too, under the same key
    if (letter.key() == null || !header(letter, DeadLetters.TOPIC).equals(topics.queries())) {
      return Optional.empty();
    }
    return Optional.of(
        new RefusedQuery(
            new String(letter.key(), StandardCharsets.UTF_8),
            header(letter, DeadLetters.REASON),
            header(letter, DeadLetters.DETAIL),
            Instant.ofEpochMilli(letter.timestamp())));
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String key) {
    Header header = record.headers().lastHeader(key);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
