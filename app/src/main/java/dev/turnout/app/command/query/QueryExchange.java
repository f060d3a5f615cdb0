package dev.turnout.app.command.query;

import dev.turnout.app.command.Connection;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.kafka.CommittedReader;
import dev.turnout.kafka.RecordSender;
import dev.turnout.kafka.TopicTail;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.serde.SkippingDecoder;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** Publishes a query and reads what comes of it: a decision, an outcome or a dead letter. */
final class QueryExchange implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final TopicCatalogue topics;
  private final TopicTail<byte[], byte[]> tail;
  private final RecordSender sender;
  private final Serializer<Query> queries;
  private final Deserializer<RoutingDecision> decisions;
  private final Deserializer<Outcome> outcomes;
  private final Deque<ConsumerRecord<byte[], byte[]>> unread = new ArrayDeque<>();

  private QueryExchange(Connection connection) {
    this.topics = connection.topics();
    this.tail =
        TopicTail.fromEnd(
            CommittedReader.open(connection.client()),
            List.of(topics.decisions(), topics.outcomes(), topics.dlq()));
    this.sender = RecordSender.open(connection.client());
    this.queries = AvroSerdes.of(Query.class, connection.serde()).serializer();
    this.decisions = AvroSerdes.of(RoutingDecision.class, connection.serde()).deserializer();
    this.outcomes = AvroSerdes.of(Outcome.class, connection.serde()).deserializer();
  }

  /** Ready to ask: what is published from now on will be seen. */
  static QueryExchange open(Connection connection) {
    QueryExchange exchange = new QueryExchange(connection);
    exchange.tail.begin();
    return exchange;
  }

  /**
   * Publishes the query and waits for its decision.
   *
   * @return nothing if none came in time
   * @throws CommandFailure if the query was dead-lettered
   */
  Optional<RoutingDecision> ask(Query query, Duration deadline) {
    try {
      RecordSender.await(
          sender.send(topics.queries(), query.getId(), queries, query),
          "query " + query.getId() + " to " + topics.queries());
    } catch (KafkaException e) {
      throw new CommandFailure("the query cannot be published to " + topics.queries(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted while publishing the query", e);
    }
    return await(
        deadline,
        record -> {
          if (record.topic().equals(topics.dlq())) {
            requireNoRefusal(record, query.getId());
          }
          return record.topic().equals(topics.decisions())
              ? SkippingDecoder.decode(decisions, record)
                  .filter(decision -> decision.getQueryId().equals(query.getId()))
              : Optional.empty();
        });
  }

  private void requireNoRefusal(ConsumerRecord<byte[], byte[]> letter, String id) {
    if (letter.key() != null
        && new String(letter.key(), StandardCharsets.UTF_8).equals(id)
        && header(letter, DeadLetters.TOPIC).equals(topics.queries())) {
      throw new CommandFailure(
          "the router refused the query (%s): %s"
              .formatted(header(letter, DeadLetters.REASON), header(letter, DeadLetters.DETAIL)));
    }
  }

  /** Waits for the outcome of a query that was asked. */
  Optional<Outcome> outcome(String id, Duration deadline) {
    return await(
        deadline,
        record ->
            record.topic().equals(topics.outcomes())
                ? SkippingDecoder.decode(outcomes, record)
                    .filter(outcome -> outcome.getQueryId().equals(id) && !outcome.getShadow())
                : Optional.empty());
  }

  private <T> Optional<T> await(
      Duration deadline, Function<ConsumerRecord<byte[], byte[]>, Optional<T>> wanted) {
    long end = System.nanoTime() + deadline.toNanos();
    while (true) {
      while (!unread.isEmpty()) {
        Optional<T> found = wanted.apply(unread.poll());
        if (found.isPresent()) {
          return found;
        }
      }
      if (System.nanoTime() > end) {
        return Optional.empty();
      }
      tail.poll(POLL, unread::add);
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "no " + name : new String(header.value(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    sender.close();
    tail.close();
  }
}
