package dev.turnout.control.backlog;

import dev.turnout.backlog.BacklogReader;
import dev.turnout.backlog.LlmBacklog;
import dev.turnout.control.llm.RegisteredLlm;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.LoopBody;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;

/**
 * Reports {@code turnout_requests_backlog{llm,group}}: requests that are written for an LLM and not
 * done by its workers, those in hand included ({@link BacklogReader} says how). Whoever scales
 * workers looks at it, so it must be there when no worker is: every router reports it, each of them
 * the same.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>What was not heard for a minute is not reported</b>: no number is better than an old
 *       one, by which somebody would scale.
 *   <li><b>Cheap</b>: a handful of requests to brokers every five seconds, however many LLMs there
 *       are; a scrape asks nobody. A router that cannot ask routes on, ready as it was.
 * </ul>
 */
public final class RequestBacklog implements LoopBody {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long FORGET_NANOS = Duration.ofMinutes(1).toNanos();

  private final Admin admin;
  private final BacklogReader reader;
  private final Supplier<Collection<RegisteredLlm>> llms;
  private final MultiGauge backlog;
  private final CountDownLatch closing = new CountDownLatch(1);
  private long heardAt = System.nanoTime();

  private RequestBacklog(
      Admin admin,
      TopicCatalogue topics,
      Supplier<Collection<RegisteredLlm>> llms,
      MeterRegistry registry) {
    this.admin = admin;
    this.reader = new BacklogReader(admin, topics, "router", PATIENCE);
    this.llms = llms;
    this.backlog =
        MultiGauge.builder("turnout.requests.backlog")
            .description(
                "requests of an LLM that its workers have not done, those in hand included")
            .register(registry);
  }

  /**
   * Starts to report.
   *
   * @param clients Kafka client settings
   * @param llms asked every time
   */
  public static SupervisedLoop start(
      Map<String, ?> clients,
      TopicCatalogue topics,
      Supplier<Collection<RegisteredLlm>> llms,
      MeterRegistry registry) {
    return SupervisedLoop.start(
        "turnout-request-backlog",
        new RequestBacklog(Clients.admin(clients), topics, llms, registry));
  }

  @Override
  public void turn() throws InterruptedException, ExecutionException, TimeoutException {
    try {
      measure();
      heardAt = System.nanoTime();
    } catch (ExecutionException | TimeoutException | RuntimeException failure) {
      if (System.nanoTime() - heardAt > FORGET_NANOS) {
        backlog.register(List.of(), true);
      }
      throw failure;
    }
    boolean unusedEnd = closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void measure() throws InterruptedException, ExecutionException, TimeoutException {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    for (LlmBacklog each : reader.read(llms.get().stream().map(RegisteredLlm::topics).toList())) {
      rows.add(
          MultiGauge.Row.of(
              Tags.of("llm", each.llm(), "group", each.group()), (double) each.sum()));
    }
    backlog.register(rows, true);
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
