package dev.turnout.kafka.member;

import dev.turnout.kafka.LoopBody;
import dev.turnout.schema.Priority;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a consumer group that handles many records at once, in any order, be that within
 * milliseconds or minutes: whenever one is done the next begins, whatever the others do.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>Only what is done is committed.</b> A commit is the first offset that is not done, and
 *       says in its metadata what behind it is done already ({@link PartitionProgress}). So every
 *       record is handled at least once, and of those that are done none again, except what was
 *       done since the last commit by a member that dies.
 *   <li><b>Bounded</b>: a record begins when it has a slot ({@link Slots}); while as many wait for
 *       one as there are, all partitions are paused. A partition whose oldest record is not done
 *       takes no more than {@link #LOOK_AHEAD} records behind it.
 *   <li><b>The member polls on</b> while it waits, which keeps it in its group. What a rebalance
 *       brings meanwhile is paused by the listener, before the poll fetches; records that come all
 *       the same wait like others.
 *   <li><b>A partition that a rebalance takes</b> leaves with as much done as can be: what has not
 *       begun is dropped, what has is awaited for a while, and committed. What is still under way
 *       when another has the partition is cancelled. If the partition comes back, its progress is
 *       still known here: what is done or under way is not begun again.
 * </ul>
 *
 * <p>Confined to the loop's thread but for two things: slots are given and freed, and results come,
 * on other threads; both only put what to do into {@code events}.
 */
public final class ConcurrentMember implements LoopBody {
  private static final Logger LOG = LoggerFactory.getLogger(ConcurrentMember.class);
  private static final Duration POLL = Duration.ofMillis(300);
  private static final long POLL_ON_NANOS = Duration.ofMillis(100).toNanos();

  /** How long a partition that goes to another waits for what is under way. */
  private static final Duration HANDOVER = Duration.ofSeconds(10);

  /** Offsets of a partition between the oldest that is not done and the latest. */
  private static final long LOOK_AHEAD = 10_000;

  private final Consumer<byte[], byte[]> consumer;
  private final RecordHandler handler;
  private final Duration grace;
  private final Slots slots;
  private final Priority priority;
  private final OutOfOrderCommits commits;
  private final Map<Place, Task> waiting = new LinkedHashMap<>();
  private final Map<Place, Task> underWay = new LinkedHashMap<>();
  private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
  private long polledAt;
  private volatile boolean closing;
  private volatile long stopBy;

  private record Place(TopicPartition partition, long offset) {}

  /** A record in hand, from the poll that brought it until it is done or dropped. */
  private static final class Task {
    private final ConsumerRecord<byte[], byte[]> record;
    private Slots.@Nullable Ticket ticket;
    private @Nullable CompletableFuture<?> result;

    private Task(ConsumerRecord<byte[], byte[]> record) {
      this.record = record;
    }

    private void release() {
      Slots.Ticket held = ticket;
      if (held != null) {
        held.release();
      }
    }
  }

  /** What is done with a record. */
  @FunctionalInterface
  public interface RecordHandler {
    /**
     * Begins to handle a record.
     *
     * @param closing whether the member is asked to end
     * @return completes when the record may be committed; exceptionally to fail the member's turn.
     *     The member cancels it when the record is another's; whoever else cancels it, since the
     *     member closes, leaves the record to the next
     */
    CompletableFuture<?> handle(ConsumerRecord<byte[], byte[]> record, BooleanSupplier closing);
  }

  /**
   * @param consumer a {@linkplain dev.turnout.kafka.Clients#cooperativeMember member}; closed with
   *     this
   * @param grace how long a closing member waits for what is under way
   * @param slots may be shared with other members
   * @param priority of this topic's records
   */
  public ConcurrentMember(
      Consumer<byte[], byte[]> consumer,
      String topic,
      Duration grace,
      Slots slots,
      Priority priority,
      RecordHandler handler) {
    this.consumer = consumer;
    this.commits = new OutOfOrderCommits(consumer);
    this.handler = handler;
    this.grace = grace;
    this.slots = slots;
    this.priority = priority;
    consumer.subscribe(List.of(topic), new Rebalances());
  }

  @Override
  public void turn() throws InterruptedException {
    runEvents();
    if (closing) {
      drop(waiting.keySet());
    }
    commits.ifDue();
    if (waiting.isEmpty() && !closing) {
      resume();
      take(consumer.poll(POLL));
      return;
    }
    awaitEvent(POLL_ON_NANOS);
    // as many in hand as there are slots, so that all that come free find their next
    boolean room = waiting.size() < slots.limit() && !closing;
    if (room) {
      resume();
    } else {
      pause();
    }
    if (room || System.nanoTime() - polledAt >= POLL_ON_NANOS) {
      take(consumer.poll(Duration.ZERO));
    }
  }

  private void take(Iterable<ConsumerRecord<byte[], byte[]>> records) {
    polledAt = System.nanoTime();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      Place place = new Place(partition, record.offset());
      boolean unfinished = commits.isUnfinished(partition, record.offset());
      if (unfinished && !waiting.containsKey(place) && !underWay.containsKey(place)) {
        Task task = new Task(record);
        waiting.put(place, task);
        task.ticket = slots.request(priority, () -> events.add(() -> begin(place, task)));
      }
    }
  }

  /** It has its slot. */
  private void begin(Place place, Task task) {
    if (!waiting.remove(place, task)) {
      return; // dropped meanwhile, its slot is free again
    }
    CompletableFuture<?> result;
    try {
      result = handler.handle(task.record, () -> closing);
    } catch (RuntimeException | Error failure) {
      task.release();
      throw failure;
    }
    task.result = result;
    underWay.put(place, task);
    CompletableFuture<?> unusedEnd =
        result.whenComplete(
            (value, failure) -> {
              task.release();
              events.add(() -> ended(place, task, result));
            });
  }

  private void ended(Place place, Task task, CompletableFuture<?> result) {
    // what the member gave up itself is under way no more; cancelled by others it was never done
    if (underWay.remove(place, task) && !(closing && result.isCancelled())) {
      Object unusedValue = result.join();
      commits.done(place.partition(), place.offset());
    }
  }

  private void runEvents() {
    Runnable event;
    while ((event = events.poll()) != null) {
      event.run();
    }
  }

  private void awaitEvent(long nanos) throws InterruptedException {
    Runnable event = events.poll(nanos, TimeUnit.NANOSECONDS);
    if (event != null) {
      event.run();
      runEvents();
    }
  }

  private void drop(Collection<Place> places) {
    for (Place place : List.copyOf(places)) {
      Task dropped = waiting.remove(place);
      if (dropped != null) {
        dropped.release();
      }
    }
  }

  private void pause() {
    consumer.pause(consumer.assignment());
  }

  /** All but those that are too far ahead of what may be committed. */
  private void resume() {
    consumer.resume(consumer.assignment());
    Set<TopicPartition> tooFar = new HashSet<>();
    for (TopicPartition partition : consumer.assignment()) {
      if (commits.ahead(partition) >= LOOK_AHEAD) {
        tooFar.add(partition);
      }
    }
    consumer.pause(tooFar);
  }

  private final class Rebalances implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      if (!waiting.isEmpty() || closing) {
        consumer.pause(partitions);
      }
      Set<TopicPartition> setBack = commits.assigned(partitions);
      giveUp(place -> setBack.contains(place.partition()), "the group was set back");
      Set<TopicPartition> mine = consumer.assignment();
      giveUp(place -> !mine.contains(place.partition()), "another member has the partition");
    }

    private void dropWaiting(Set<TopicPartition> partitions) {
      drop(
          waiting.keySet().stream()
              .filter(place -> partitions.contains(place.partition()))
              .toList());
    }

    private void awaitUnderWay(Set<TopicPartition> partitions) {
      long until = System.nanoTime() + HANDOVER.toNanos();
      runEvents();
      while (System.nanoTime() < until
          && underWay.keySet().stream().anyMatch(place -> partitions.contains(place.partition()))) {
        try {
          awaitEvent(until - System.nanoTime());
        } catch (InterruptedException interrupted) {
          throw new InterruptException(interrupted);
        }
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      Set<TopicPartition> revoked = new HashSet<>(partitions);
      dropWaiting(revoked);
      awaitUnderWay(revoked);
      commits.now(revoked);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      dropWaiting(new HashSet<>(partitions));
    }
  }

  private void giveUp(Predicate<Place> which, String why) {
    for (Place place : underWay.keySet().stream().filter(which).toList()) {
      Task task = underWay.remove(place);
      CompletableFuture<?> result = task == null ? null : task.result;
      if (result != null && result.cancel(false)) {
        LOG.atWarn()
            .setMessage("what is under way is given up")
            .addKeyValue("why", why)
            .addKeyValue("topic", place.partition().topic())
            .addKeyValue("partition", place.partition().partition())
            .addKeyValue("offset", place.offset())
            .log();
      }
    }
  }

  @Override
  public void wakeUp() {
    stopBy = System.nanoTime() + grace.toNanos();
    closing = true;
  }

  @Override
  public boolean unfinished() {
    return !underWay.isEmpty() && System.nanoTime() < stopBy;
  }

  @Override
  public void close() {
    try {
      drop(waiting.keySet());
      runEvents();
    } catch (RuntimeException failure) {
      LOG.atDebug().setMessage("a record failed while its member closes").setCause(failure).log();
    } finally {
      commits.now(consumer.assignment());
      giveUp(place -> true, "the member closes");
      consumer.close();
    }
  }
}
