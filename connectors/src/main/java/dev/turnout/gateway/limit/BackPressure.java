package dev.turnout.gateway.limit;

import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.SupervisedLoop;
import java.time.Duration;
import java.util.Map;

/**
 * Says when a new request would wait longer than its client does: by how far the routers are behind
 * the queries, and by how many requests wait here for how fast answers come. Safe for use by
 * several threads.
 */
public final class BackPressure implements AutoCloseable {
  private final AnswerPace pace = new AnswerPace();
  private final RouterLag lag;
  private final SupervisedLoop loop;

  /**
   * Starts to look.
   *
   * @param kafka settings of Kafka clients
   * @param queries topic of the queries
   * @param routerGroup group of the routers
   */
  public BackPressure(Map<String, Object> kafka, String queries, String routerGroup) {
    this.lag = new RouterLag(kafka, queries, routerGroup);
    this.loop =
        SupervisedLoop.start(
            "gateway-lag",
            lag,
            SupervisedLoop.Pacing.standard().closingWithin(Duration.ofSeconds(12)));
  }

  /** A request waits for an LLM's answer from now on. */
  public void asked() {
    pace.opened();
  }

  /** It waits no more. */
  public void ended(boolean answered) {
    pace.closed(answered, System.nanoTime() / 1_000_000);
  }

  /** What waits before a new request. */
  public QueueWait waiting() {
    return lag.waiting().longer(pace.estimate(System.nanoTime() / 1_000_000));
  }

  /** How looking after the routers is doing. */
  public LoopState state() {
    return loop.state();
  }

  @Override
  public void close() {
    loop.close();
  }
}
