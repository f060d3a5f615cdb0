package dev.turnout.console;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.TopicTail;
import dev.turnout.local.broker.EmbeddedBroker;
import dev.turnout.local.registry.InProcessRegistry;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.Reply;
import dev.turnout.schema.ReplyAddress;
import dev.turnout.schema.ReplyKind;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A router and workers in one thread: alpha before gamma, and each repeats the question, of which
 * nobody hears more than the beginning before {@link #finish}.
 */
final class RoutedByHand implements AutoCloseable {
  private final TopicCatalogue topics;
  private final Map<String, Object> serde;
  private final TopicTail<byte[], byte[]> queries;
  private final KafkaProducer<byte[], byte[]> producer;
  private final List<List<String>> allowed = new CopyOnWriteArrayList<>();
  private final List<String> chats = new CopyOnWriteArrayList<>();
  private final Queue<Runnable> ends = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean finishing;
  private volatile boolean running = true;

  RoutedByHand(TopicCatalogue topics, EmbeddedBroker broker, InProcessRegistry registry) {
    this.topics = topics;
    this.serde = Map.of("schema.registry.url", registry.url());
    Map<String, Object> clients = Map.of("bootstrap.servers", broker.bootstrapServers());
    this.queries = TopicTail.fromEnd(Clients.reader(clients), List.of(topics.queries()));
    this.producer =
        new KafkaProducer<>(clients, new ByteArraySerializer(), new ByteArraySerializer());
    queries.begin();
    this.thread = new Thread(this::run, "routed-by-hand");
    thread.start();
  }

  /** What each query allowed, in their order. */
  List<List<String>> allowed() {
    return List.copyOf(allowed);
  }

  /** The request of each query to LLMs, in their order. */
  List<String> chats() {
    return List.copyOf(chats);
  }

  /** Lets answers come to their end. */
  void finish() {
    finishing = true;
  }

  private void run() {
    while (running) {
      queries.poll(Duration.ofMillis(50), this::route);
      while (finishing && !ends.isEmpty()) {
        ends.remove().run();
      }
    }
  }

  private void route(ConsumerRecord<byte[], byte[]> record) {
    Query query =
        AvroSerdes.of(Query.class, serde)
            .deserializer()
            .deserialize(record.topic(), record.value());
    String id = query.getId();
    if (!id.startsWith("try-")) {
      return;
    }
    List<String> only = query.getConstraints().getAllowedLlms();
    if (!query.getText().startsWith("refuse")) {
      allowed.add(only);
      chats.add(query.getChat().getBody());
    }
    String llm = only.isEmpty() ? "alpha" : only.get(0);
    Instant now = Instant.now();
    RoutingDecision decision = Records.decision(id, llm, now);
    ReplyAddress address = query.getReply();
    if (query.getDecideOnly() && address != null) {
      boolean refused = query.getText().startsWith("refuse");
      Reply.Builder reply =
          Reply.newBuilder()
              .setAsk(address.getAsk())
              .setQueryId(id)
              .setKind(refused ? ReplyKind.REFUSAL : ReplyKind.DECISION);
      if (refused) {
        reply.setReason("NO_LLM").setDetail("nobody is up");
      } else {
        reply.setDecision(decision);
      }
      reply(address, reply.build());
      return;
    }
    send(topics.decisions(), null, id, RoutingDecision.class, decision);
    Reply.Builder reply =
        Reply.newBuilder()
            .setAsk(address.getAsk())
            .setQueryId(id)
            .setLlm(llm)
            .setModelVersion("m1")
            .setCall("call-" + id);
    reply(
        address,
        Reply.newBuilder(reply)
            .setKind(ReplyKind.CHUNK)
            .setChunks(List.of(Records.piece(llm + " says: ")))
            .build());
    Outcome outcome =
        Outcome.newBuilder(Records.outcome(id, llm, query.getText(), now))
            .setAnswer(llm + " says: " + query.getText())
            .build();
    ends.add(
        () -> {
          send(topics.outcomes(), null, id, Outcome.class, outcome);
          reply(
              address, reply.setKind(ReplyKind.OUTCOME).setSequence(1).setOutcome(outcome).build());
        });
  }

  private void reply(ReplyAddress address, Reply reply) {
    send(topics.replies(), address.getPartition(), address.getAsk(), Reply.class, reply);
  }

  private <T extends SpecificRecord> void send(
      String topic, @Nullable Integer partition, String key, Class<T> type, T value) {
    byte[] bytes = AvroSerdes.of(type, serde).serializer().serialize(topic, value);
    Future<RecordMetadata> unused =
        producer.send(
            new ProducerRecord<>(topic, partition, key.getBytes(StandardCharsets.UTF_8), bytes));
    producer.flush();
  }

  @Override
  public void close() throws InterruptedException {
    running = false;
    thread.join();
    queries.close();
    producer.close();
  }
}
