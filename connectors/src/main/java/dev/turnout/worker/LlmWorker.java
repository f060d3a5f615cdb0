package dev.turnout.worker;

import dev.turnout.kafka.DaemonThreads;
import dev.turnout.kafka.LoopBody;
import dev.turnout.kafka.LoopHealth;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.StartedParts;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.kafka.member.Slots;
import dev.turnout.llm.LlmClient;
import dev.turnout.schema.Priority;
import dev.turnout.worker.cancel.CancellationFollower;
import dev.turnout.worker.cancel.CancelledAsks;
import dev.turnout.worker.failover.FailOver;
import dev.turnout.worker.failover.WorkerPlace;
import dev.turnout.worker.pace.LlmPace;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Answers the requests of one LLM: takes them from its topic, asks the LLM, writes what became of
 * each to the outcomes topic and, where the query asks for it and is not a shadow, to the query's
 * reply topic. Any number of workers, here and elsewhere, share the work through their group.
 *
 * <p>A request is answered at least once; one that keeps failing goes on to the next LLM of its
 * decision, and ends in the dead-letter topic and as a failed outcome when there is none.
 */
public final class LlmWorker implements AutoCloseable {

  private final WorkerSettings settings;
  private final Slots slots;
  private final LlmRegistration.State registration = new LlmRegistration.State();
  private final LlmClient client;
  private final FailOver failOver;
  private final OutcomePublisher publisher;
  private final ExecutorService decoding;
  private final ExecutorService sending;
  private final RequestHandler handler;
  private final CancellationFollower cancellations;
  private final List<SupervisedLoop> loops;
  private final AtomicBoolean closing = new AtomicBoolean();

  private LlmWorker(
      WorkerSettings settings, LlmClient asked, MeterRegistry metrics, StartedParts parts) {
    this.settings = settings;
    this.slots = new Slots(settings.slots());
    LlmPace pace =
        new LlmPace(settings.llm(), settings.slots(), settings.adaptive(), slots, metrics);
    this.client = pace.watch(asked);
    this.decoding = threads(1, "worker-" + settings.llm() + "-requests");
    parts.add(decoding::shutdown);
    this.sending = threads(2, "worker-" + settings.llm() + "-answers");
    parts.add(sending::shutdown);
    this.publisher = parts.add(new OutcomePublisher(settings, sending));
    CancelledAsks cancelled = new CancelledAsks();
    this.cancellations =
        parts.add(
            CancellationFollower.start(
                settings.connection(),
                "worker-" + settings.llm() + "-cancellations",
                cancelled,
                Clock.systemUTC()));
    this.failOver =
        parts.add(
            new FailOver(
                settings.failOver(),
                new WorkerPlace(
                    settings.llm(),
                    settings.workerId(),
                    settings.slots(),
                    settings.topics(),
                    settings.kafka(),
                    settings.serde()),
                client,
                Clock.systemUTC()));
    GroupPreparation group = new GroupPreparation(settings);
    this.handler =
        new RequestHandler(
            settings,
            group,
            client,
            failOver,
            pace,
            publisher,
            metrics,
            new RequestHandler.Threads(decoding, sending),
            Clock.systemUTC(),
            cancelled);
    WorkerMembers members =
        new WorkerMembers(settings, handler, slots, group, registration::hasBatch);
    failOver.start();
    SupervisedLoop.Pacing pacing =
        SupervisedLoop.Pacing.standard().closingWithin(settings.grace().plusSeconds(10));
    List<SupervisedLoop> started = new ArrayList<>();
    members
        .bodies()
        .forEach((name, body) -> started.add(parts.add(SupervisedLoop.start(name, body, pacing))));
    started.add(
        parts.add(
            SupervisedLoop.start(
                "worker-" + settings.llm() + "-registration",
                LoopBody.reopened(() -> new LlmRegistration(settings, registration)))));
    this.loops = List.copyOf(started);
  }

  private static ExecutorService threads(int count, String name) {
    return Executors.newFixedThreadPool(count, DaemonThreads.named(name));
  }

  /**
   * Starts a worker. It needs neither the topic nor the LLM to be there yet.
   *
   * @param client asks the LLM; closed with the worker, and if that cannot be started
   * @param metrics where calls, redeliveries and dead letters are counted
   */
  public static LlmWorker start(WorkerSettings settings, LlmClient client, MeterRegistry metrics) {
    StartedParts parts = new StartedParts();
    parts.add(client);
    try {
      return new LlmWorker(settings, client, metrics, parts);
    } catch (RuntimeException | Error failed) {
      parts.giveUp(failed);
      throw failed;
    }
  }

  /** How the worker's loops are doing, what its requests wait for, and what its LLM lacks. */
  public LoopHealth health(Instant now) {
    LoopHealth health =
        LoopHealth.of(
            Stream.concat(
                    loops.stream().map(SupervisedLoop::state),
                    Stream.of(cancellations.state(), failOver.state()))
                .toList(),
            now);
    List<String> waiting =
        Stream.of(
                handler.problem(now, LoopState.TOLERATED),
                registration.problem(settings.llm(), failOver.isUnadded()),
                failOver.problem(now))
            .filter(Objects::nonNull)
            .toList();
    return new LoopHealth(
        health.live(),
        health.ready() && waiting.isEmpty(),
        Stream.concat(told(health.problems()), waiting.stream()).toList());
  }

  /** Members fail alike: a few of them say enough. */
  private static Stream<String> told(List<String> problems) {
    int most = 3;
    return problems.size() <= most
        ? problems.stream()
        : Stream.concat(
            problems.stream().limit(most),
            Stream.of("and " + (problems.size() - most) + " more of its members"));
  }

  /** How many requests of a priority are in hand and wait for a slot. */
  int waiting(Priority priority) {
    return slots.waiting(priority);
  }

  /** Waits for the answers under way, within the grace period, and gives the rest back. */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    handler.close();
    failOver.close();
    slots.close();
    // all at once: each waits for its answers
    loops.forEach(SupervisedLoop::stop);
    loops.forEach(SupervisedLoop::close);
    cancellations.close();
    decoding.shutdown();
    sending.shutdown();
    publisher.close();
    client.close();
  }
}
