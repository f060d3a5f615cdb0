package dev.turnout.worker;

import dev.turnout.kafka.LoopBody;
import dev.turnout.kafka.member.Slots;
import dev.turnout.schema.Priority;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The members by which a worker takes requests of both priorities, all filling the same slots.
 *
 * <p>A share group has a member for each slot and some more ({@link ShareGroupLoop} says why one is
 * not enough). A member of a share group sees some of the partitions, so that a request waits, free
 * slots or not, while all that see its partition are busy: the more members, the rarer. Above
 * {@link #MOST_MEMBERS} each takes several requests, and waits for the slowest of them before it
 * takes more. Members for batch join when batch requests come; one is always there to see them.
 *
 * <p>The first member prepares the group; the others join when it has, so that an outage is told
 * once.
 */
final class WorkerMembers {

  /** Members of one priority; a group may have 200 unless the brokers are told otherwise. */
  static final int MOST_MEMBERS = 96;

  /** Members of a share group beyond one a slot. */
  private static final int EXTRA_MEMBERS = 8;

  /** Members join one after the other: all at once would keep a small broker from answering any. */
  private static final long STAGGER_NANOS = Duration.ofMillis(50).toNanos();

  /** How long batch members stay after the last batch request. */
  private static final long STAY_NANOS = Duration.ofMinutes(2).toNanos();

  private final WorkerSettings settings;
  private final RequestHandler handler;
  private final Slots slots;
  private final GroupPreparation group;
  private final BooleanSupplier hasBatch;
  private volatile long batchCameAt = System.nanoTime() - STAY_NANOS;

  /**
   * @param hasBatch whether there is a topic for batch requests
   */
  WorkerMembers(
      WorkerSettings settings,
      RequestHandler handler,
      Slots slots,
      GroupPreparation group,
      BooleanSupplier hasBatch) {
    this.settings = settings;
    this.handler = handler;
    this.slots = slots;
    this.group = group;
    this.hasBatch = hasBatch;
  }

  /** What loops are to run, by their names. */
  Map<String, LoopBody> bodies() {
    int members = settings.consumers();
    int most = 1;
    if (settings.delivery() == Delivery.SHARE_GROUP) {
      members =
          Math.min(
              settings.slots() + Math.min(settings.slots(), EXTRA_MEMBERS),
              Math.max(MOST_MEMBERS, settings.consumers()));
      // enough in hand that slots are filled although some members wait for their slowest
      most = settings.slots() <= members ? 1 : (4 * settings.slots() + members - 1) / members;
    }
    Map<String, LoopBody> bodies = new LinkedHashMap<>();
    for (int i = 0; i < members; i++) {
      String name = "worker-" + settings.llm() + "-" + i;
      int atOnce = most;
      bodies.put(
          name,
          i == 0
              ? LoopBody.reopened(() -> open(Priority.INTERACTIVE, atOnce))
              : new SpareMember(name, isTurnOf(i), () -> open(Priority.INTERACTIVE, atOnce)));
    }
    for (int i = 0; i < members; i++) {
      String name = "worker-" + settings.llm() + "-batch-" + i;
      int atOnce = most;
      boolean first = i == 0 || settings.delivery() == Delivery.CONSUMER_GROUP;
      bodies.put(
          name,
          new SpareMember(
              name,
              () -> group.isDone() && hasBatch.getAsBoolean() && (first || batchComes()),
              () -> open(Priority.BATCH, atOnce)));
    }
    return bodies;
  }

  private BooleanSupplier isTurnOf(int member) {
    return () -> group.isDone() && System.nanoTime() - group.doneAt() > member * STAGGER_NANOS;
  }

  private boolean batchComes() {
    return System.nanoTime() - batchCameAt < STAY_NANOS;
  }

  private LoopBody open(Priority priority, int most) {
    group.prepare();
    RequestHandling handling = priority == Priority.BATCH ? this::handleBatch : handler;
    return switch (settings.delivery()) {
      case SHARE_GROUP -> new ShareGroupLoop(settings, handling, slots, priority, most);
      case CONSUMER_GROUP -> ConsumerGroupLoop.open(settings, handling, slots, priority);
    };
  }

  private CompletableFuture<Acknowledgement> handleBatch(
      ConsumerRecord<byte[], byte[]> record, int delivery) {
    batchCameAt = System.nanoTime();
    return handler.handle(record, delivery);
  }
}
