package dev.turnout.worker;

import dev.turnout.llm.LlmClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of one LLM: takes them from its topic, asks the LLM, writes what became of
 * each to the outcomes topic and, where the query asks for it and is not a shadow, to the query's
 * reply topic. Any number of workers, here and elsewhere, share the work through their group.
 *
 * <p>A request is answered at least once; one that keeps failing ends in the dead-letter topic and
 * as a failed outcome.
 */
public final class LlmWorker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LlmWorker.class);
  private static final Duration RESTART_DELAY = Duration.ofSeconds(1);

  private final WorkerSettings settings;
  private final LlmClient client;
  private final OutcomePublisher publisher;
  private final ExecutorService executor;
  private final RequestHandler handler;
  private final List<WorkerLoop> loops = new CopyOnWriteArrayList<>();
  private final CountDownLatch stopped;
  private final AtomicBoolean closing = new AtomicBoolean();

  private LlmWorker(WorkerSettings settings, LlmClient client, MeterRegistry metrics) {
    this.settings = settings;
    this.client = client;
    this.publisher = new OutcomePublisher(settings);
    this.executor =
        Executors.newFixedThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task, "worker-" + settings.llm() + "-answers");
              thread.setDaemon(true);
              return thread;
            });
    this.handler =
        new RequestHandler(settings, client, publisher, metrics, executor, Clock.systemUTC());
    this.stopped = new CountDownLatch(settings.consumers());
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
    LlmWorker worker = new LlmWorker(settings, client, metrics);
    for (int i = 0; i < settings.consumers(); i++) {
      Thread thread = new Thread(worker::work, "worker-" + settings.llm() + "-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    return worker;
  }

  /** A loop that breaks is replaced: a lost broker must not cost the worker. */
  private void work() {
    try {
      while (!closing.get()) {
        WorkerLoop loop =
            switch (settings.delivery()) {
              case SHARE_GROUP -> new ShareGroupLoop(settings, handler);
              case CONSUMER_GROUP -> new ConsumerGroupLoop(settings, handler);
            };
        loops.add(loop);
        if (closing.get()) {
          loop.close();
        }
        try {
          loop.run();
        } catch (AuthorizationException forbidden) {
          LOG.error(
              "worker of {} may not read {}", settings.llm(), settings.requestTopic(), forbidden);
        } catch (RuntimeException broken) {
          LOG.error("worker of {} broke and starts again", settings.llm(), broken);
        } finally {
          loops.remove(loop);
        }
        if (!closing.get()) {
          pause();
        }
      }
    } finally {
      stopped.countDown();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RESTART_DELAY.toMillis());
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }

  /** Waits for the answers under way, within the grace period, and gives the rest back. */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    loops.forEach(WorkerLoop::close);
    try {
      long patience = settings.grace().plusSeconds(10).toMillis();
      if (!stopped.await(patience, TimeUnit.MILLISECONDS)) {
        LOG.warn("worker of {} did not stop within {} ms", settings.llm(), patience);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    executor.shutdown();
    publisher.close();
    client.close();
  }
}
