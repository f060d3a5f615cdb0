package dev.turnout.worker;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;

/**
 * Polls a share consumer without burning a processor. While a heartbeat is under way, Kafka's (4.3)
 * share consumer does not wait in its poll but turns in a circle. With one consumer and a quick
 * broker that is nothing; many on a busy machine keep the broker from answering and turn the
 * longer. How much processor time a poll took tells: one that waits takes next to none. After one
 * that did not wait this pauses, longer each time. What comes meanwhile waits for so long, at most.
 */
final class PatientPoll {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final long WAITED_NANOS = Duration.ofMillis(4).toNanos();
  private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(50).toNanos();
  private static final long LONGEST_PAUSE_NANOS = Duration.ofMillis(400).toNanos();
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private long pause = FIRST_PAUSE_NANOS;

  ConsumerRecords<byte[], byte[]> poll(KafkaShareConsumer<byte[], byte[]> consumer) {
    long before = processorTime();
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    if (!records.isEmpty() || processorTime() - before < WAITED_NANOS) {
      pause = FIRST_PAUSE_NANOS;
    } else {
      LockSupport.parkNanos(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
    return records;
  }

  /** Of this thread, in nanoseconds; does not advance where the machine cannot tell. */
  private static long processorTime() {
    return THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : 0;
  }
}
