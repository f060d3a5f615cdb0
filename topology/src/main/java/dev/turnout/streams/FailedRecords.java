package dev.turnout.streams;

import dev.turnout.streams.SourcedRecord.SourcedHeaders;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.LogText;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.errors.StreamsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers which source records failed, so that they are dead-lettered at the retry instead of
 * failing for ever.
 *
 * <p>A send that fails under exactly-once aborts its transaction: nothing can be added to it any
 * more, a dead letter neither. So the thread or task ends, everything since the last commit is read
 * again, and the record that is to blame fails again. Kafka Streams' own answer, to let a handler
 * return "resume" with a dead letter, cannot help there, and under at-least-once it would lose what
 * was refused while the rest of the record's output stands. Hence:
 *
 * <ol>
 *   <li><b>A failing record always takes its transaction with it.</b> No handler goes on; under
 *       either guarantee the offset of a record is committed only with all that was made of it.
 *   <li><b>Before that, the record to blame is noted</b>, by topic, partition and offset. Whatever
 *       a processor throws, an {@code Error} too, is noted where it is caught, by {@link
 *       DeadLetteringProcessor}; what a serializer throws, by {@link FailingExceptionHandler}; what
 *       a broker or the producer refuses, by {@link SourceInterceptor}.
 *   <li><b>At the retry it is dead-lettered before anything else is done with it</b>, so that it
 *       cannot fail a second time. A record costs one restart at most, and several that are in
 *       flight together usually cost one together, since each refused one is noted.
 *   <li><b>What accompanies a dead letter is sent once</b> ({@link Accompaniment}). If it is that
 *       which fails, the letter goes without it.
 *   <li><b>Only a record's own fault is noted.</b> An outage is waited for, however long. When a
 *       batch is refused for one record in it, its neighbours fail with an exception that names no
 *       fault, and are not noted.
 *   <li><b>Notes are in memory, of this process, and few.</b> One that is lost costs a restart
 *       more: the record fails and is noted again, by whoever has the partition then.
 * </ol>
 *
 * <p>Sends fail later, on the producer's thread, while other records are processed. The context
 * that Kafka Streams hands its production handler then is that of the record processed at that
 * moment, not of the one that failed (seen on 4.3.1). So the source travels with each produced
 * record: the interceptor wraps it, and finds the source again when the send ends. Nothing of that
 * is written to a topic.
 *
 * <p>What a punctuation sends, or a store flushes at the commit, has no source record. If such a
 * send is refused for good, no record is to blame that could be set aside; the client waits, as in
 * an outage, and says for what. Dead letters are the exception: see {@link DeadLetterSize}.
 *
 * <p>Safe for use by several threads.
 *
 * <p>Sources: KIP-447 (what a transaction holds), KIP-1034 (dead letters of Kafka Streams), {@code
 * RecordCollectorImpl} and {@code Sender.failBatch} of Kafka 4.3.1.
 */
final class FailedRecords {
  private static final Logger LOG = LoggerFactory.getLogger(FailedRecords.class);

  /** More than any process has in flight between two commits. */
  private static final int MOST = 10_000;

  private static final int LONGEST_DETAIL = 1_000;

  /** Of each stream thread, which belongs to one client. */
  private static final ThreadLocal<@Nullable SourceRecord> CURRENT = new ThreadLocal<>();

  private final String deadLetterTopic;
  private final StreamHealth health;
  private final DeadLetterSize deadLetterSize;
  private final FailureMetrics metrics;
  private final Map<SourceRecord, FailedRecord> failed = new ConcurrentHashMap<>();
  private final Set<SourceRecord> lettered = ConcurrentHashMap.newKeySet();
  private final Queue<SourceRecord> order = new ArrayDeque<>();
  private final AtomicLong noted = new AtomicLong();
  private long answeredFor;

  FailedRecords(
      String deadLetterTopic,
      StreamHealth health,
      DeadLetterSize deadLetterSize,
      FailureMetrics metrics) {
    this.deadLetterTopic = deadLetterTopic;
    this.health = health;
    this.deadLetterSize = deadLetterSize;
    this.metrics = metrics;
  }

  DeadLetterSize deadLetterSize() {
    return deadLetterSize;
  }

  /** Why a record failed before; null if it did not. */
  @Nullable FailedRecord find(SourceRecord source) {
    return failed.get(source);
  }

  /** Whether a record that failed before is dead-lettered for the first time. */
  boolean firstLetter(SourceRecord source) {
    return failed.containsKey(source) && lettered.add(source);
  }

  /** A record that failed before is dead-lettered. */
  void deadLettered(FailedRecord record) {
    metrics.deadLettered(record);
  }

  /** This thread processes a record from here on. */
  void begin(SourceRecord source) {
    CURRENT.set(source);
  }

  /** This thread processes no record any more. */
  void end() {
    CURRENT.remove();
  }

  /** The record that this thread processes; null if none. */
  @Nullable SourceRecord current() {
    return CURRENT.get();
  }

  /** A record was processed; whether what it sends arrives is not known yet. */
  void processed(SourceRecord source) {
    health.processed(source);
  }

  /** What was sent to a topic arrived. */
  void acknowledged(String topic) {
    health.acknowledged(topic);
  }

  /** A processor threw, or what it forwarded to did. */
  void threw(SourceRecord source, Throwable failure) {
    if (failure instanceof StreamsException streams) {
      // From below the processor: a send that failed before, a fenced producer, a store. Whose send
      // it was, the interceptor knows. Of a value that its sink cannot even take, nobody else does.
      if (streams.getCause() instanceof ClassCastException mismatch) {
        note(
            source,
            FailedRecord.Step.SERIALIZE,
            DeadLetterReason.INTERNAL_ERROR,
            mismatch.toString());
      }
    } else if (FailureCause.of(failure) == FailureCause.OUTAGE) {
      health.waitsFor(source);
    } else {
      note(source, FailedRecord.Step.PROCESS, reason(failure), failure.toString());
    }
  }

  /** A serializer threw on what this thread made of its current record. */
  void notSerialized(String topic, Exception failure) {
    SourceRecord source = current();
    if (source == null) {
      return;
    }
    if (FailureCause.of(failure) == FailureCause.OUTAGE) {
      health.waitsFor(source);
    } else {
      note(
          source,
          FailedRecord.Step.SERIALIZE,
          reason(failure),
          "what is to go to topic " + topic + " cannot be serialized: " + failure);
    }
  }

  /** What was sent to a topic did not arrive, through no fault of a record. */
  void notSent(String topic, Exception failure) {
    if (FailureCause.of(failure) == FailureCause.OUTAGE) {
      health.waitsFor(topic);
    }
  }

  /** A topic, or the producer, refused what was sent for what it is. */
  void refused(String topic, SourcedHeaders sent, boolean tooLarge, Exception failure) {
    long size = DeadLetterSize.of(sent.valueSize(), sent);
    if (topic.equals(deadLetterTopic)) {
      if (tooLarge && deadLetterSize.refused(size, sent.valueSize() < 0)) {
        noted.incrementAndGet();
      } else {
        health.waitsFor(topic);
      }
      return;
    }
    SourceRecord source = sent.source();
    if (source == null) {
      health.waitsFor(topic);
    } else if (tooLarge) {
      note(
          source,
          FailedRecord.Step.SEND,
          DeadLetterReason.TOO_LARGE,
          "topic "
              + topic
              + " refused what this record became, "
              + size
              + " bytes before compression; raise max.message.bytes of the topic, or make the"
              + " record smaller: "
              + failure);
    } else {
      note(
          source,
          FailedRecord.Step.SEND,
          DeadLetterReason.INTERNAL_ERROR,
          "topic " + topic + " refused what this record became: " + failure);
    }
  }

  /** Whether a record was noted since this was last asked. */
  synchronized boolean anyNoted() {
    long now = noted.get();
    boolean any = now > answeredFor;
    answeredFor = now;
    return any;
  }

  private void note(
      SourceRecord source, FailedRecord.Step step, DeadLetterReason reason, String detail) {
    FailedRecord record = new FailedRecord(step, reason, BoundedText.cut(detail, LONGEST_DETAIL));
    synchronized (order) {
      // the first failure is the cause, others of the same record follow from it
      if (failed.putIfAbsent(source, record) != null) {
        if (lettered.contains(source)) {
          // what accompanied its dead letter has failed; it goes without next time
          noted.incrementAndGet();
        }
        return;
      }
      order.add(source);
      if (order.size() > MOST) {
        SourceRecord oldest = order.remove();
        failed.remove(oldest);
        lettered.remove(oldest);
      }
    }
    noted.incrementAndGet();
    metrics.failed(record);
    LOG.atError()
        .setMessage("record failed; it is read again and dead-lettered")
        .addKeyValue("topic", source.topic())
        .addKeyValue("partition", source.partition())
        .addKeyValue("offset", source.offset())
        .addKeyValue("step", step)
        .addKeyValue("reason", reason)
        .addKeyValue("detail", LogText.of(record.detail()))
        .log();
  }

  private static DeadLetterReason reason(Throwable failure) {
    return FailureCause.isTooLarge(failure)
        ? DeadLetterReason.TOO_LARGE
        : DeadLetterReason.INTERNAL_ERROR;
  }
}
