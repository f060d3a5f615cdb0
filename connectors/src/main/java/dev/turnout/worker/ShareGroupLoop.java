package dev.turnout.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a share group, on a thread of its own.
 *
 * <p>Every record of a poll has to be acknowledged before the next: what is answered is accepted at
 * once, what is still under way when a third of the lock's duration has gone is renewed, and Kafka
 * hands a renewed record out again, to be waited for once more. While anything is renewed the
 * consumer gets no new records.
 */
final class ShareGroupLoop implements WorkerLoop {

  private static final Logger LOG = LoggerFactory.getLogger(ShareGroupLoop.class);

  /** Settings a share consumer refuses because the group decides about them. */
  private static final Set<String> REFUSED =
      Set.of(
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
          ConsumerConfig.GROUP_PROTOCOL_CONFIG,
          ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG,
          ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
          ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);

  private static final Duration POLL = Duration.ofMillis(500);
  private static final int SHORTEST_LOCK_MS = 15_000;

  private final WorkerSettings settings;
  private final RequestHandler handler;
  private final KafkaShareConsumer<byte[], byte[]> consumer;
  private final Map<Place, Call> calls = new HashMap<>();
  private final BlockingQueue<Place> finished = new LinkedBlockingQueue<>();
  private volatile boolean closing;

  private record Place(int partition, long offset) {}

  private record Call(
      ConsumerRecord<byte[], byte[]> record, CompletableFuture<Acknowledgement> verdict) {}

  ShareGroupLoop(WorkerSettings settings, RequestHandler handler) {
    this.settings = settings;
    this.handler = handler;
    Map<String, Object> config = new HashMap<>(settings.kafka());
    config.keySet().removeAll(REFUSED);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.groupId());
    config.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
    config.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.concurrency());
    this.consumer =
        new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.setAcknowledgementCommitCallback(this::committed);
  }

  @Override
  public void run() {
    try (consumer) {
      consumer.subscribe(List.of(settings.requestTopic()));
      while (!closing) {
        turn(consumer.poll(POLL));
      }
    } finally {
      calls.values().forEach(call -> call.verdict().cancel(false));
    }
  }

  private void turn(Iterable<ConsumerRecord<byte[], byte[]>> records) {
    Set<Place> held = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      Place place = new Place(record.partition(), record.offset());
      held.add(place);
      calls.computeIfAbsent(place, fresh -> begin(fresh, record));
    }
    long patience = lock().dividedBy(3).toNanos();
    long start = System.nanoTime();
    long stopBy = Long.MAX_VALUE;
    acknowledgeFinished(held);
    while (!held.isEmpty() && System.nanoTime() - start < patience) {
      if (closing && stopBy == Long.MAX_VALUE) {
        stopBy = System.nanoTime() - start + settings.grace().toNanos();
      }
      if (System.nanoTime() - start >= stopBy) {
        break;
      }
      awaitOne();
      if (acknowledgeFinished(held)) {
        consumer.commitAsync();
      }
    }
    AcknowledgeType rest = closing ? AcknowledgeType.RELEASE : AcknowledgeType.RENEW;
    for (Place place : held) {
      Call call = calls.get(place);
      if (call != null) {
        consumer.acknowledge(call.record(), rest);
      }
    }
  }

  private Call begin(Place place, ConsumerRecord<byte[], byte[]> record) {
    int delivery = record.deliveryCount().map(Short::intValue).orElse(1);
    CompletableFuture<Acknowledgement> verdict = handler.handle(record, delivery);
    CompletableFuture<Boolean> unusedSignal =
        verdict.handle((done, failure) -> finished.add(place));
    return new Call(record, verdict);
  }

  private void awaitOne() {
    try {
      @Nullable Place unusedFirst = finished.poll(100, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      closing = true;
    }
  }

  /** Tells Kafka about every held request that has its verdict; true when there was one. */
  private boolean acknowledgeFinished(Set<Place> held) {
    finished.clear();
    boolean any = false;
    for (Place place : List.copyOf(held)) {
      Call call = calls.get(place);
      if (call == null || !call.verdict().isDone()) {
        continue;
      }
      Acknowledgement verdict = call.verdict().getNow(Acknowledgement.AGAIN);
      consumer.acknowledge(
          call.record(),
          verdict == Acknowledgement.DONE ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE);
      held.remove(place);
      calls.remove(place);
      any = true;
    }
    return any;
  }

  /** A request whose lock was lost belongs to another worker now. */
  private void committed(Map<TopicIdPartition, Set<Long>> offsets, @Nullable Exception failure) {
    if (failure == null) {
      return;
    }
    LOG.warn("acknowledgement of {} failed, these requests will come again", offsets, failure);
    offsets.forEach(
        (partition, places) ->
            places.forEach(offset -> calls.remove(new Place(partition.partition(), offset))));
  }

  private Duration lock() {
    return Duration.ofMillis(consumer.acquisitionLockTimeoutMs().orElse(SHORTEST_LOCK_MS));
  }

  @Override
  public void close() {
    closing = true;
  }
}
