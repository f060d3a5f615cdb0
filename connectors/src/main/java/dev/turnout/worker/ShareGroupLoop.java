package dev.turnout.worker;

import dev.turnout.kafka.LoopBody;
import dev.turnout.kafka.member.Slots;
import dev.turnout.schema.Priority;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
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
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a share group, for as few requests at a time as may be, mostly one: Kafka gives a
 * consumer no new records while it renews the lock of any, so that with many a slow one would hold
 * the places of those that are done. A worker has a member for each of its slots instead.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>Each record of a poll is acknowledged exactly once before the next poll</b>, as the
 *       explicit mode demands: accepted when its outcome or dead letter is safe, released when
 *       nothing came of it or the worker closes, renewed when it waits for a slot or its call is
 *       still under way. {@code held} are the records of this poll that have not been acknowledged;
 *       a record leaves it with its acknowledgement, and what is left at the end of the turn gets
 *       one there.
 *   <li><b>A call is begun once for as long as the lock is held.</b> Kafka hands a renewed record
 *       out again with the next poll; {@code requests}, by partition and offset, tells that its
 *       call is under way, and the turn waits for the same call.
 *   <li><b>No call begins without its lock, and no lock runs out under a call.</b> The broker takes
 *       a record back when its lock's duration has passed since it was acquired or renewed. When
 *       that was a client is not told; it was not before the last poll ended, or before the renewal
 *       was sent ({@code lockedAt}). A turn ends a third of the lock after it, so that a renewal
 *       may be late by two more thirds, and what is that old already, as after a pause of the
 *       process, is renewed before it begins. An acknowledgement that fails says that the lock was
 *       lost all the same: the record is another worker's, its call here is cancelled, and its
 *       outcome may come twice, which readers see by the query's id.
 *   <li><b>The last delivery is ours, not the broker's.</b> After its limit of deliveries ({@link
 *       DeliveryLimits#broker}) the broker archives a record and tells nobody. So the handler is
 *       told the number of the delivery: the last ones before that limit ask no LLM, they write a
 *       failed outcome and a dead letter and have the record accepted. A renewal is no delivery, so
 *       a request may wait for an outage as long as that lasts.
 *   <li><b>A closing worker waits for its calls as long as its grace</b> and releases the rest, so
 *       that others get them at once and not after the lock.
 * </ul>
 *
 * <p>Slots are given, and results come, on other threads and only put their place into {@code
 * events}; everything else is confined to the loop's thread, where Kafka also calls {@code
 * committed}. Sources: KIP-932 (share groups), KIP-1222 (renewal), KIP-1206 (strict limit of
 * records).
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

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int SHORTEST_LOCK_MS = 15_000;

  /** What a fetch reads of a partition to find one record; a larger record comes all the same. */
  private static final int FETCH_BYTES = 1 << 20;

  /** A third of the longest lock that brokers grant by default; a longer turn looks stuck. */
  private static final Duration LONGEST_TURN = Duration.ofSeconds(20);

  /** A batch request that is in hand so long is no longer kept waiting by interactive ones. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final RequestHandling handler;
  private final Slots slots;
  private final Priority priority;
  private final Duration grace;
  private final int most;
  private final KafkaShareConsumer<byte[], byte[]> consumer;
  private final Map<Place, Request> requests = new HashMap<>();
  private final BlockingQueue<Place> events = new LinkedBlockingQueue<>();

  /** When the latest poll ended: what comes later was acquired after it. */
  private long polledAt = System.nanoTime();

  private final PatientPoll patience = new PatientPoll();
  private boolean polling;
  private volatile boolean closing;

  private record Place(int partition, long offset) {}

  /** A request in hand. */
  private static final class Request {
    private final ConsumerRecord<byte[], byte[]> record;
    private final long cameAt = System.nanoTime();
    private long lockedAt;
    private @Nullable Priority askedAs;
    private Slots.@Nullable Ticket ticket;
    private volatile boolean granted;
    private @Nullable CompletableFuture<Acknowledgement> result;

    private Request(ConsumerRecord<byte[], byte[]> record) {
      this.record = record;
    }

    /** Asks for a slot, with this priority from now on. */
    private void ask(Slots slots, Priority priority, Runnable signal) {
      Slots.Ticket before = ticket;
      if (before != null) {
        before.release();
      }
      askedAs = priority;
      granted = false;
      ticket =
          slots.request(
              priority,
              () -> {
                granted = true;
                signal.run();
              });
    }

    private boolean isDone() {
      return result != null && result.isDone();
    }

    /** Gives the slot back, or the wait for one up; a call under way is of use to nobody. */
    private void end() {
      Slots.Ticket held = ticket;
      if (held != null) {
        held.release();
      }
      if (result != null) {
        boolean unusedOpen = result.cancel(false);
      }
    }
  }

  /**
   * @param most requests in hand at the same time
   */
  ShareGroupLoop(
      WorkerSettings settings, RequestHandling handler, Slots slots, Priority priority, int most) {
    this.handler = handler;
    this.slots = slots;
    this.priority = priority;
    this.grace = settings.grace();
    this.most = most;
    Map<String, Object> config = new HashMap<>(settings.kafka());
    config.keySet().removeAll(REFUSED);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.groupId());
    config.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
    config.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, most);
    config.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    // a member whose turn does not come for long is no dead one; the lock is what tells
    config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, Integer.MAX_VALUE);
    this.consumer =
        new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.setAcknowledgementCommitCallback(this::committed);
    consumer.subscribe(List.of(settings.requestTopic(priority)));
  }

  @Override
  public void turn() throws InterruptedException {
    // a fetch that brought nothing yet goes on behind the poll: whoever polled once polls on
    if (!polling && !slots.awaitPolling(priority, most, Duration.ZERO)) {
      // acknowledgements must not wait for the next poll
      consumer.commitAsync();
      if (!slots.awaitPolling(priority, most, PAUSE)) {
        return;
      }
    }
    ConsumerRecords<byte[], byte[]> records = patience.poll(consumer);
    // what came, new or renewed, was locked after the poll before
    work(take(records, polledAt));
  }

  private Set<Place> take(Iterable<ConsumerRecord<byte[], byte[]>> records, long lockedAt) {
    polledAt = System.nanoTime();
    Set<Place> held = new LinkedHashSet<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      Place place = new Place(record.partition(), record.offset());
      Request request = requests.computeIfAbsent(place, fresh -> new Request(record));
      request.lockedAt = lockedAt;
      held.add(place);
      if (request.ticket == null) {
        request.ask(slots, priority, () -> events.add(place));
      }
    }
    return held;
  }

  private void work(Set<Place> held) {
    long third = Math.min(lock().toNanos() / 3, LONGEST_TURN.toNanos());
    boolean came = !held.isEmpty();
    long stopBy = Long.MAX_VALUE;
    proceed(held, third);
    while (!held.isEmpty() && youngest(held, third) > 0) {
      if (closing && stopBy == Long.MAX_VALUE) {
        stopBy = System.nanoTime() + grace.toNanos();
      }
      if (closing && (System.nanoTime() >= stopBy || held.stream().noneMatch(this::isUnderWay))) {
        break;
      }
      awaitOne();
      if (proceed(held, third) && !held.isEmpty()) {
        consumer.commitAsync();
      }
    }
    AcknowledgeType rest = closing ? AcknowledgeType.RELEASE : AcknowledgeType.RENEW;
    for (Place place : held) {
      Request request = requests.get(place);
      if (request != null) {
        consumer.acknowledge(request.record, rest);
        if (closing) {
          forget(place);
        }
      }
    }
    // until what is renewed is done, Kafka brings nothing else
    polling = !came || !requests.isEmpty();
    polledAt = System.nanoTime();
  }

  private boolean isUnderWay(Place place) {
    Request request = requests.get(place);
    return request != null && request.result != null;
  }

  /** Nanoseconds until the first of these locks has to be renewed. */
  private long youngest(Set<Place> held, long third) {
    long now = System.nanoTime();
    long left = third;
    for (Place place : held) {
      Request request = requests.get(place);
      if (request != null) {
        left = Math.min(left, third - (now - request.lockedAt));
      }
    }
    return left;
  }

  private void awaitOne() {
    try {
      @Nullable Place unusedFirst = events.poll(100, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      closing = true;
    }
  }

  /**
   * Begins what has its slot and its lock, and tells Kafka about what has its result; true when it
   * told of any.
   */
  private boolean proceed(Set<Place> held, long third) {
    events.clear();
    boolean any = false;
    for (Place place : List.copyOf(held)) {
      Request request = requests.get(place);
      if (request == null) {
        held.remove(place);
      } else if (request.isDone()) {
        acknowledge(place, request);
        held.remove(place);
        any = true;
      } else if (!request.granted && isOverdue(request)) {
        request.ask(slots, Priority.INTERACTIVE, () -> events.add(place));
      } else if (request.granted
          && request.result == null
          && !closing
          && System.nanoTime() - request.lockedAt < third) {
        begin(place, request);
      }
    }
    return any;
  }

  /** Few batch requests are in hand, and no other worker can have them meanwhile. */
  private static boolean isOverdue(Request request) {
    return request.askedAs == Priority.BATCH
        && System.nanoTime() - request.cameAt > LONGEST_WAIT.toNanos();
  }

  private void begin(Place place, Request request) {
    int delivery = request.record.deliveryCount().map(Short::intValue).orElse(1);
    CompletableFuture<Acknowledgement> result = handler.handle(request.record, delivery);
    request.result = result;
    CompletableFuture<Boolean> unusedSignal =
        result.handle(
            (done, failure) -> {
              Slots.Ticket held = request.ticket;
              if (held != null) {
                held.release();
              }
              return events.add(place);
            });
  }

  private void acknowledge(Place place, Request request) {
    Acknowledgement result =
        request.result == null
            ? Acknowledgement.AGAIN
            : request.result.getNow(Acknowledgement.AGAIN);
    consumer.acknowledge(
        request.record,
        result == Acknowledgement.DONE ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE);
    forget(place);
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
    Request request = requests.remove(place);
    if (request != null) {
      request.end();
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
  public boolean unfinished() {
    return !requests.isEmpty();
  }

  @Override
  public void close() {
    List.copyOf(requests.keySet()).forEach(this::forget);
    consumer.close();
  }
}
