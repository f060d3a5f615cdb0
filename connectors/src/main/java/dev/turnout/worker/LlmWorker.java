package dev.turnout.worker;

import dev.turnout.kafka.LoopBody;
import dev.turnout.kafka.LoopHealth;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.llm.LlmClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * Answers the requests of one LLM: takes them from its topic, asks the LLM, writes what became of
 * each to the outcomes topic and, where the query asks for it and is not a shadow, to the query's
 * reply topic. Any number of workers, here and elsewhere, share the work through their group.
 *
 * <p>A request is answered at least once; one that keeps failing ends in the dead-letter topic and
 * as a failed outcome.
 */
public final class LlmWorker implements AutoCloseable {

  private final LlmClient client;
  private final OutcomePublisher publisher;
  private final ExecutorService executor;
  private final List<SupervisedLoop> loops;
  private final AtomicBoolean closing = new AtomicBoolean();

  private LlmWorker(WorkerSettings settings, LlmClient client, MeterRegistry metrics) {
    this.client = client;
    this.executor =
        Executors.newFixedThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task, "worker-" + settings.llm() + "-answers");
              thread.setDaemon(true);
              return thread;
            });
    this.publisher = new OutcomePublisher(settings, executor);
    RequestHandler handler =
        new RequestHandler(settings, client, publisher, metrics, executor, Clock.systemUTC());
    SupervisedLoop.Pacing pacing =
        SupervisedLoop.Pacing.standard().closingWithin(settings.grace().plusSeconds(10));
    this.loops =
        IntStream.range(0, settings.consumers())
            .mapToObj(
                i ->
                    SupervisedLoop.start(
                        "worker-" + settings.llm() + "-" + i,
                        LoopBody.reopened(() -> body(settings, handler)),
                        pacing))
            .toList();
  }

  private static LoopBody body(WorkerSettings settings, RequestHandler handler) {
    GroupHandover.take(settings);
    return switch (settings.delivery()) {
      case SHARE_GROUP -> new ShareGroupLoop(settings, handler);
      case CONSUMER_GROUP -> ConsumerGroupLoop.open(settings, handler);
    };
  }

  /**
   * Starts a worker. It needs neither the topic nor the LLM to be there yet.
   *
   * @param client asks the LLM; closed with the worker
   * @param metrics where calls, redeliveries and dead letters are counted
   */
  public static LlmWorker start(WorkerSettings settings, LlmClient client, MeterRegistry metrics) {
    if (settings.delivery() == Delivery.SHARE_GROUP) {
      ShareGroupRules.apply(settings);
    }
    return new LlmWorker(settings, client, metrics);
  }

  /** How the worker's loops are doing. */
  public LoopHealth health(Instant now) {
    return LoopHealth.of(loops.stream().map(SupervisedLoop::state).toList(), now);
  }

  /** Waits for the answers under way, within the grace period, and gives the rest back. */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    // all at once: each waits for its answers
    loops.forEach(SupervisedLoop::stop);
    loops.forEach(SupervisedLoop::close);
    executor.shutdown();
    publisher.close();
    client.close();
  }
}
