package dev.turnout.gateway.limit;

import dev.turnout.backlog.LlmTopics;
import dev.turnout.kafka.LoopBody;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.schema.Priority;
import dev.turnout.topic.TopicCatalogue;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says when a new request would wait longer than its client does: by how far the routers are behind
 * the queries, by what waits for the workers of the LLMs that may answer, and by how many requests
 * wait here for how fast answers come. Safe for use by several threads.
 */
public final class BackPressure implements AutoCloseable {
  private final AnswerPace pace = new AnswerPace();
  private final Supplier<QueueWait> lag;
  private final @Nullable LlmQueues llms;
  private final Runnable closing;

  private BackPressure(Supplier<QueueWait> lag, @Nullable LlmQueues llms, Runnable closing) {
    this.lag = lag;
    this.llms = llms;
    this.closing = closing;
  }

  /** Goes by the pace of answers alone. */
  public static BackPressure ofAnswers() {
    return new BackPressure(() -> QueueWait.NONE, null, () -> {});
  }

  /**
   * Looks after the routers too.
   *
   * @param kafka settings of Kafka clients
   * @param queries topic of the queries
   * @param routerGroup group of the routers
   */
  public static BackPressure start(Map<String, Object> kafka, String queries, String routerGroup) {
    RouterLag lag = new RouterLag(kafka, queries, routerGroup);
    SupervisedLoop loop = loop("gateway-lag", lag);
    return new BackPressure(lag::waiting, null, loop::close);
  }

  /**
   * Looks after routers and workers too.
   *
   * @param kafka settings of Kafka clients
   * @param routerGroup group of the routers
   * @param llms that take requests, asked every time
   */
  public static BackPressure start(
      Map<String, Object> kafka,
      TopicCatalogue topics,
      String routerGroup,
      Supplier<Collection<LlmTopics>> llms) {
    RouterLag lag = new RouterLag(kafka, topics.queries(), routerGroup);
    LlmQueues queues = new LlmQueues(kafka, topics, llms);
    SupervisedLoop routers = loop("gateway-lag", lag);
    SupervisedLoop workers = loop("gateway-queues", queues);
    return new BackPressure(
        lag::waiting,
        queues,
        () -> {
          routers.close();
          workers.close();
        });
  }

  private static SupervisedLoop loop(String name, LoopBody body) {
    return SupervisedLoop.start(
        name, body, SupervisedLoop.Pacing.standard().closingWithin(Duration.ofSeconds(12)));
  }

  /**
   * A request waits for an LLM's answer from now on.
   *
   * @return the moment, for {@link #ended}
   */
  public long asked() {
    synchronized (pace) {
      pace.opened();
    }
    return now();
  }

  /**
   * It waits no more.
   *
   * @param since as {@link #asked} told it
   */
  public void ended(boolean answered, long since) {
    long now = now();
    synchronized (pace) {
      pace.closed(answered, now - since, now);
    }
  }

  /** What waits before a new request. */
  public QueueWait waiting() {
    QueueWait here;
    synchronized (pace) {
      here = pace.estimate(now());
    }
    return lag.get().longer(here);
  }

  /**
   * What waits before a new request at the LLM where it would wait least.
   *
   * @param allowed LLMs that may answer; empty for all
   * @param most that may wait for one
   */
  public QueueWait waitingFor(Collection<String> allowed, Priority priority, long most) {
    return llms == null ? QueueWait.NONE : llms.shortest(allowed, priority, most);
  }

  private static long now() {
    return System.nanoTime() / 1_000_000;
  }

  @Override
  public void close() {
    closing.run();
  }
}
