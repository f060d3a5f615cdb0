package dev.turnout.gateway.limit;

import dev.turnout.kafka.SupervisedLoop;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Says when a new request would wait longer than its client does: by how far the routers are behind
 * the queries, and by how many requests wait here for how fast answers come. Safe for use by
 * several threads.
 */
public final class BackPressure implements AutoCloseable {
  private final AnswerPace pace = new AnswerPace();
  private final Supplier<QueueWait> lag;
  private final Runnable closing;

  private BackPressure(Supplier<QueueWait> lag, Runnable closing) {
    this.lag = lag;
    this.closing = closing;
  }

  /** Goes by the pace of answers alone. */
  public static BackPressure ofAnswers() {
    return new BackPressure(() -> QueueWait.NONE, () -> {});
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
    SupervisedLoop loop =
        SupervisedLoop.start(
            "gateway-lag",
            lag,
            SupervisedLoop.Pacing.standard().closingWithin(Duration.ofSeconds(12)));
    return new BackPressure(lag::waiting, loop::close);
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

  private static long now() {
    return System.nanoTime() / 1_000_000;
  }

  @Override
  public void close() {
    closing.run();
  }
}
