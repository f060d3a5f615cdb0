package dev.turnout.worker;

import dev.turnout.kafka.LoopBody;
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
 * One member of a share group: what a worker's loop does by default.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>Each record of a poll is acknowledged exactly once before the next poll</b>, as the
 *       explicit mode demands: accepted when its outcome or dead letter is safe, released when
 *       nothing came of it or the worker closes, renewed when its call is still under way. {@code
 *       held} are the records of this poll that have not been acknowledged; a record leaves it with
 *       its acknowledgement, and what is left at the end of the turn gets one there.
 *   <li><b>A call is begun once for as long as the lock is held.</b> Kafka hands a renewed record
 *       out again with the next poll; {@code calls}, by partition and offset, tells that its call
 *       is under way, and the turn waits for the same call. While anything is renewed Kafka gives
 *       this consumer no new records, so at most {@code worker.concurrency} calls are open.
 *   <li><b>No lock runs out under a call.</b> The broker takes a record back when its lock's
 *       duration has passed since it was acquired or renewed. A turn ends after a third of that, so
 *       that a renewal may be late by two more thirds. An acknowledgement that fails says that the
 *       lock was lost all the same: the record is another worker's, its call here is forgotten, and
 *       its outcome may come twice, which readers see by the query's id.
 *   <li><b>The last delivery is ours, not the broker's.</b> After its limit of deliveries ({@link
 *       DeliveryLimits#broker}) the broker archives a record and tells nobody. So the handler is
 *       told the number of the delivery: the last ones before that limit ask no LLM, they write a
 *       failed outcome and a dead letter and have the record accepted. A renewal is no delivery, so
 *       a request may wait for an outage as long as that lasts.
 *   <li><b>A closing worker waits for its calls as long as its grace</b> and releases the rest, so
 *       that others get them at once and not after the lock.
 * </ul>
 *
 * <p>Results come on other threads and only put their place into {@code finished}; everything else
 * is confined to the loop's thread, where Kafka also calls {@code committed}. Sources: KIP-932
 * (share groups), KIP-1222 (renewal), KIP-1206 (strict limit of records).
 */
final class ShareGroupLoop implements LoopBody {

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

  /** A third of the longest lock that brokers grant by default; a longer turn looks stuck. */
  private static final Duration LONGEST_TURN = Duration.ofSeconds(20);

  private final WorkerSettings settings;
  private final RequestHandler handler;
  private final KafkaShareConsumer<byte[], byte[]> consumer;
  private final Map<Place, Call> calls = new HashMap<>();
  private final BlockingQueue<Place> finished = new LinkedBlockingQueue<>();
  private volatile boolean closing;

  private record Place(int partition, long offset) {}

  private record Call(
      ConsumerRecord<byte[], byte[]> record, CompletableFuture<Acknowledgement> result) {}

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
    consumer.subscribe(List.of(settings.requestTopic()));
  }

  @Override
  public void turn() {
    turn(consumer.poll(POLL));
  }

  private void turn(Iterable<ConsumerRecord<byte[], byte[]>> records) {
    Set<Place> held = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      Place place = new Place(record.partition(), record.offset());
      held.add(place);
      calls.computeIfAbsent(place, fresh -> begin(fresh, record));
    }
    long longestTurn = Math.min(lock().dividedBy(3).toNanos(), LONGEST_TURN.toNanos());
    long start = System.nanoTime();
    long stopBy = Long.MAX_VALUE;
    acknowledgeFinished(held);
    while (!held.isEmpty() && System.nanoTime() - start < longestTurn) {
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
    CompletableFuture<Acknowledgement> result = handler.handle(record, delivery);
    CompletableFuture<Boolean> unusedSignal = result.handle((done, failure) -> finished.add(place));
    return new Call(record, result);
  }

  private void awaitOne() {
    try {
      @Nullable Place unusedFirst = finished.poll(100, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      closing = true;
    }
  }

  /** Tells Kafka about every held request that has its result; true when there was one. */
  private boolean acknowledgeFinished(Set<Place> held) {
    finished.clear();
    boolean any = false;
    for (Place place : List.copyOf(held)) {
      Call call = calls.get(place);
      if (call == null || !call.result().isDone()) {
        continue;
      }
      Acknowledgement result = call.result().getNow(Acknowledgement.AGAIN);
      consumer.acknowledge(
          call.record(),
          result == Acknowledgement.DONE ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE);
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
    LOG.atWarn()
        .setMessage("acknowledgement failed, these requests will come again")
        .addKeyValue("offsets", offsets)
        .setCause(failure)
        .log();
    offsets.forEach(
        (partition, places) ->
            places.forEach(offset -> forget(new Place(partition.partition(), offset))));
  }

  private void forget(Place place) {
    Call lost = calls.remove(place);
    if (lost != null) {
      boolean unusedOpen = lost.result().cancel(false);
    }
  }

  private Duration lock() {
    return Duration.ofMillis(consumer.acquisitionLockTimeoutMs().orElse(SHORTEST_LOCK_MS));
  }

  @Override
  public void wakeUp() {
    closing = true;
  }

  @Override
  public void close() {
    calls.values().forEach(call -> call.result().cancel(false));
    consumer.close();
  }
}
