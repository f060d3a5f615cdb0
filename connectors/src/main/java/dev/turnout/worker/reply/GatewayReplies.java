package dev.turnout.worker.reply;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.kafka.ByteBudget;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.DaemonThreads;
import dev.turnout.kafka.RecordSender;
import dev.turnout.schema.Query;
import dev.turnout.schema.Reply;
import dev.turnout.schema.ReplyAddress;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.serde.AvroSerdes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends replies to the partition of the replies topic that a query names. Has a producer of its
 * own, which waits for nothing to fill its batches: a piece of an answer is worth most at once.
 * Safe for use by several threads.
 */
public final class GatewayReplies implements AutoCloseable {

  private static final Duration MAX_BLOCK = Duration.ofSeconds(5);
  private static final int THREADS = 2;

  private final String llm;
  private final String topic;
  private final Producer<byte[], byte[]> producer;
  private final RecordSender sender;
  private final Serializer<Reply> serializer;
  private final ExecutorService threads;
  private final ByteBudget memory = ByteBudget.ofHeap();
  private final String instance = UUID.randomUUID().toString();
  private final AtomicLong calls = new AtomicLong();

  /**
   * Connects when the first reply is sent.
   *
   * @param llm whose answers these are
   */
  public GatewayReplies(ConnectionSettings connection, String llm) {
    this(
        llm,
        connection.topics().replies(),
        producer(connection),
        AvroSerdes.of(Reply.class, connection.registry()).serializer(),
        Executors.newFixedThreadPool(THREADS, DaemonThreads.named("worker-replies")));
  }

  /** With what sends; all of it is closed with this. */
  GatewayReplies(
      String llm,
      String topic,
      Producer<byte[], byte[]> producer,
      Serializer<Reply> serializer,
      ExecutorService threads) {
    this.llm = llm;
    this.topic = topic;
    this.producer = producer;
    this.sender = new RecordSender(producer);
    this.serializer = serializer;
    this.threads = threads;
  }

  private static Producer<byte[], byte[]> producer(ConnectionSettings connection) {
    Map<String, Object> config = new HashMap<>(connection.kafka());
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK.toMillis());
    return Clients.producer(config);
  }

  /** What goes to whoever asked a request; goes nowhere if nobody waits for it. */
  public ReplyStream open(RoutedRequest request) {
    Query query = request.getQuery();
    @Nullable ReplyAddress to = request.getShadow() ? null : query.getReply();
    return new ReplyStream(this, request, to, instance + "/" + calls.incrementAndGet());
  }

  /** Runs what sends; throws as executors do when this is closed. */
  void execute(Runnable sending) {
    threads.execute(sending);
  }

  ByteBudget memory() {
    return memory;
  }

  String llm() {
    return llm;
  }

  String topic() {
    return topic;
  }

  /**
   * Sends a reply; may block. Replies to one address arrive in the order of the calls.
   *
   * @return completes when it is safe on its topic; exceptionally, with {@link
   *     IllegalArgumentException} if there is no such partition
   */
  CompletableFuture<Void> send(ReplyAddress to, Reply reply) {
    ProducerRecord<byte[], byte[]> record;
    try {
      int partitions = producer.partitionsFor(topic).size();
      int partition = to.getPartition();
      if (partition < 0 || partition >= partitions) {
        // a send would wait for the partition to come
        throw new IllegalArgumentException(
            "the query's reply address is partition "
                + partition
                + " of "
                + topic
                + ", which has "
                + partitions);
      }
      record =
          new ProducerRecord<>(
              topic,
              partition,
              reply.getAsk().getBytes(StandardCharsets.UTF_8),
              serializer.serialize(topic, reply));
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
    return sender.send(record);
  }

  /** Sends what was handed over, within some seconds. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      boolean unusedEnded = threads.awaitTermination(MAX_BLOCK.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sender.close();
  }
}
