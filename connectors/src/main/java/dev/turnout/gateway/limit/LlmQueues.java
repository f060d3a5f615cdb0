package dev.turnout.gateway.limit;

import dev.turnout.backlog.BacklogReader;
import dev.turnout.backlog.LlmBacklog;
import dev.turnout.backlog.LlmTopics;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.LoopBody;
import dev.turnout.schema.Priority;
import dev.turnout.topic.TopicCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * Looks every second what waits for the workers of each LLM; where this itself takes long, it rests
 * as long as that took, for five seconds at most.
 *
 * <p>What was not heard for half a minute is not known any more, and whoever may not ask knows
 * nothing: then nothing is refused for it.
 */
final class LlmQueues implements LoopBody {
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration LONGEST_REST = Duration.ofSeconds(5);
  private static final Duration WITHIN = Duration.ofSeconds(10);
  private static final long STALE_NANOS = Duration.ofSeconds(30).toNanos();

  private final Supplier<Collection<LlmTopics>> llms;
  private final Admin admin;
  private final BacklogReader reader;
  private final Map<String, LlmQueue> queues = new HashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Measured measured = new Measured(Map.of(), 0);

  private record Measured(Map<String, Map<Priority, QueueWait>> waits, long atNanos) {}

  /**
   * @param kafka settings of Kafka clients
   * @param llms that take requests, asked every time
   */
  LlmQueues(
      Map<String, Object> kafka, TopicCatalogue topics, Supplier<Collection<LlmTopics>> llms) {
    this.llms = llms;
    Map<String, Object> config = new HashMap<>(kafka);
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) WITHIN.toMillis());
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) WITHIN.toMillis());
    this.admin = Clients.admin(config);
    this.reader = new BacklogReader(admin, topics, "gateway", WITHIN);
  }

  /**
   * What waits before a new request at the LLM where it would wait least.
   *
   * @param allowed who may answer; empty for all
   * @param most where so many wait, a shorter wait is of no use as long as another has room
   */
  QueueWait shortest(Collection<String> allowed, Priority priority, long most) {
    Measured last = measured;
    if (System.nanoTime() - last.atNanos > STALE_NANOS) {
      return QueueWait.NONE;
    }
    Collection<String> some = allowed.isEmpty() ? last.waits.keySet() : allowed;
    return some.stream()
        .map(llm -> last.waits.getOrDefault(llm, Map.of()).getOrDefault(priority, QueueWait.NONE))
        .min(
            Comparator.comparing((QueueWait wait) -> wait.waiting() >= most)
                .thenComparing(QueueWait::millis)
                .thenComparing(QueueWait::waiting))
        .orElse(QueueWait.NONE);
  }

  @Override
  public void turn() throws InterruptedException, ExecutionException, TimeoutException {
    long begun = System.nanoTime();
    measure();
    long took = System.nanoTime() - begun;
    long rest = Math.min(LONGEST_REST.toNanos(), Math.max(EVERY.toNanos(), took));
    boolean unusedClosing = closing.await(rest, TimeUnit.NANOSECONDS);
  }

  private void measure() throws InterruptedException, ExecutionException, TimeoutException {
    List<LlmBacklog> backlogs = reader.read(new ArrayList<>(llms.get()));
    long now = System.nanoTime() / 1_000_000;
    queues.keySet().retainAll(backlogs.stream().map(LlmBacklog::llm).toList());
    Map<String, Map<Priority, QueueWait>> waits = new HashMap<>();
    for (LlmBacklog backlog : backlogs) {
      LlmQueue queue = queues.computeIfAbsent(backlog.llm(), llm -> new LlmQueue(backlog, now));
      queue.add(backlog, now);
      Map<Priority, QueueWait> own = new EnumMap<>(Priority.class);
      for (Priority priority : Priority.values()) {
        own.put(priority, queue.estimate(priority));
      }
      waits.put(backlog.llm(), own);
    }
    measured = new Measured(waits, System.nanoTime());
  }

  @Override
  public void wakeUp() {
    closing.countDown();
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
