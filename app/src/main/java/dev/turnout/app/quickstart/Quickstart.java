package dev.turnout.app.quickstart;

import dev.turnout.app.config.Configuration;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.console.ProgramVersion;
import dev.turnout.app.quickstart.scenario.EndpointScenario;
import dev.turnout.app.quickstart.scenario.RecordedScenario;
import dev.turnout.app.quickstart.scenario.SampleScenario;
import dev.turnout.app.quickstart.scenario.Scenario;
import dev.turnout.app.quickstart.scenario.StreamIds;
import dev.turnout.app.quickstart.view.LiveFigures;
import dev.turnout.app.quickstart.view.PlainView;
import dev.turnout.app.quickstart.view.RunningQuickstart;
import dev.turnout.app.quickstart.view.StepProgress;
import dev.turnout.app.quickstart.view.TerminalView;
import dev.turnout.app.quickstart.view.TopicWatch;
import dev.turnout.app.quickstart.view.View;
import dev.turnout.app.quickstart.view.ViewFrame;
import dev.turnout.console.Console;
import dev.turnout.console.ConsoleSettings;
import dev.turnout.control.belief.PosteriorFollower;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.gateway.Gateway;
import dev.turnout.gateway.GatewaySettings;
import dev.turnout.learner.Learner;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.model.RouterModel;
import dev.turnout.offpolicy.GateSettings;
import dev.turnout.router.Router;
import dev.turnout.router.RouterSettings;
import dev.turnout.schema.LlmProfile;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.train.Recipes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs everything in this process: starts broker, registry, model, router, LLMs and grader, lets a
 * scenario's queries flow, shows what happens, and counts at the end what became of each query.
 */
public final class Quickstart implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Quickstart.class);
  private static final Duration FRAME = Duration.ofMillis(250);
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(30);
  private static final Duration GRADED_WITHIN = Duration.ofSeconds(20);
  private static final int PARTITIONS = 3;
  private static final int TRAIN_AFTER_GRADES = 1_000;
  private static final Duration TRAIN_AFTER = Duration.ofMinutes(1);

  /** Candidates are judged on a third, since a few hundred grades say little. */
  private static final double HELD_OUT = 0.33;

  /** Far above the usual floor: the gate must see enough of what the candidate would choose. */
  private static final double LEARNING_FLOOR = 0.1;

  private static final double USUAL_FLOOR = 0.03;

  /** Grades a run must bring for a candidate to be trained, judged and to serve for a while. */
  private static final int ENOUGH_TO_LEARN = 2 * TRAIN_AFTER_GRADES;

  /** Where learning is to be seen, the first model knows little. */
  private static final int TIMES_GRADED_TO_LEARN = 1;

  private static final int TIMES_GRADED = 20;

  private final QuickstartOptions options;
  private final PrintWriter progress;
  private final TopicCatalogue topics = TopicCatalogue.standard().withPartitions(PARTITIONS);
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Path state = TemporaryDirectory.create("turnout-state-");
  private final CountDownLatch stop = new CountDownLatch(1);

  public Quickstart(QuickstartOptions options, PrintWriter progress) {
    this.options = options;
    this.progress = progress;
  }

  /** Asks {@link #run} to end; it then closes everything and returns its summary. */
  public void stop() {
    stop.countDown();
  }

  /**
   * Runs to the end: of the wanted number of queries, or until {@link #stop}.
   *
   * @throws CommandFailure if a part does not start or stops on its own
   */
  public QuickstartSummary run() throws InterruptedException {
    PlainView steps = new PlainView(progress);
    Scenario played =
        options.data() == null
            ? new SampleScenario(topics, options.warmUp(), timesGraded(), options.seed())
            : new RecordedScenario(topics, options.data(), options.seed());
    Scenario scenario =
        options.endpoints().isEmpty()
            ? played
            : new EndpointScenario(played, topics, options.endpoints().keySet());
    steps.step("Playing: " + scenario.title() + ".");

    // Broker, encoder and training do not need each other, and each takes seconds.
    CompletableFuture<Cluster> starting =
        CompletableFuture.supplyAsync(() -> startCluster(scenario));
    started.push(() -> closeStarted(starting));
    QueryEncoder encoder = opened(Encoders.open(options.encoder()));
    steps.step("Encoder %s is loaded.".formatted(encoder.id()));
    CompletableFuture<RouterModel> training =
        CompletableFuture.supplyAsync(() -> train(scenario, encoder, steps));
    started.push(() -> training.exceptionally(failed -> null).join());
    Cluster cluster = join(starting);
    steps.step(
        "Kafka listens on %s, the schema registry on %s."
            .formatted(cluster.bootstrapServers(), cluster.registryUrl()));

    MeterRegistry metrics = new SimpleMeterRegistry();
    PosteriorFollower posteriors =
        opened(PosteriorFollower.start(topics.posteriors(), cluster.settings()));
    Router router = opened(Router.start(routerSettings(cluster), encoder, metrics, posteriors));
    StreamIds ids = new StreamIds("q" + Long.toString(System.currentTimeMillis(), 36));
    LiveFigures figures = new LiveFigures(scenario, ids);
    opened(TopicWatch.start(topics, figures, cluster.clientSettings(), cluster.serdeSettings()));
    opened(AnsweringSide.start(topics, scenario, ids, cluster, options.endpoints(), metrics));
    RouterModel model = join(training);
    cluster.publish(topics, model, "trained by the quickstart on graded warm-up queries");
    awaitReady(router);
    steps.step("The router serves model " + model.version() + ".");
    if (options.learn()) {
      opened(Learner.start(learnerSettings(cluster, scenario), encoder.id(), metrics));
      steps.step("The learner follows the grades; promotions are announced below.");
    }

    Gateway gateway = opened(Gateway.start(gatewaySettings(cluster), metrics));
    Console console = opened(Console.start(consoleSettings(cluster), metrics));

    RunningQuickstart where =
        new RunningQuickstart(
            ProcessHandle.current().pid(),
            cluster.bootstrapServers(),
            cluster.registryUrl(),
            topics.prefix());
    where.announce();
    started.push(where::retract);
    steps.step("The gateway answers on %s.".formatted(gateway.url()));
    steps.step("Open %s in a browser to see what flows, and why.".formatted(console.url()));
    invite(steps, where, gateway.url());

    QueryFlow flow =
        opened(
            new QueryFlow(
                topics,
                scenario,
                ids,
                figures,
                cluster.clientSettings(),
                cluster.serdeSettings(),
                options.limit() == 0 ? scenario.streamLength() : Math.max(0, options.limit()),
                options.rate()));
    long begin = System.nanoTime();
    flow.start();
    watch(flow, figures, scenario, where, begin);
    flow.stop();
    boolean settled = Await.until(() -> figures.settled() >= flow.published(), SETTLED_WITHIN);
    boolean graded = Await.until(() -> figures.awaitingGrade() <= 0, GRADED_WITHIN);
    LOG.atDebug()
        .setMessage("queries flowed")
        .addKeyValue("settled", settled)
        .addKeyValue("graded", graded)
        .log();
    LiveFigures.Snapshot last = figures.snapshot(System.currentTimeMillis());
    // Routed, lost and duplicated come from the log, not from what was seen on the way.
    router.close();
    CommittedTally tally =
        CommittedTally.count(
            topics, cluster.clientSettings(), cluster.serdeSettings(), ids, flow.published());
    return QuickstartSummary.of(
        flow.published(),
        tally,
        figures,
        last,
        encoder.id(),
        options.learn() ? learning(scenario) : null);
  }

  /** Too few queries to learn from show a router that was trained on much instead. */
  private boolean longEnoughToLearn() {
    return options.learn() && (options.limit() == 0 || options.limit() >= ENOUGH_TO_LEARN);
  }

  private int timesGraded() {
    return longEnoughToLearn() ? TIMES_GRADED_TO_LEARN : TIMES_GRADED;
  }

  private double explorationFloor() {
    return longEnoughToLearn() ? LEARNING_FLOOR : USUAL_FLOOR;
  }

  private RouterModel train(Scenario scenario, QueryEncoder encoder, View steps) {
    long start = System.nanoTime();
    StepProgress progress = new StepProgress(steps);
    RouterModel model =
        InitialModel.train(
            scenario,
            encoder,
            Recipes.named("turnout", scenario.trainingOptions()),
            options.seed(),
            progress);
    steps.step(
        String.format(
            Locale.ROOT,
            "Model %s is trained on %d graded queries in %.1f s.",
            model.version(),
            scenario.warmUp().size(),
            (System.nanoTime() - start) / 1e9));
    return model;
  }

  private Cluster startCluster(Scenario scenario) {
    Cluster cluster = Cluster.start(options.port(), options.registryPort());
    try {
      cluster.prepare(topics, scenario.llms());
      return cluster;
    } catch (InterruptedException e) {
      cluster.close();
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted while the broker was starting", e);
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private static void closeStarted(CompletableFuture<Cluster> starting) {
    try {
      starting.join().close();
    } catch (CompletionException failed) {
      LOG.atDebug().setMessage("no cluster to close, it did not start").setCause(failed).log();
    }
  }

  private RouterSettings routerSettings(Cluster cluster) {
    Map<String, String> texts = cluster.texts(topics);
    texts.put("router.from", "earliest");
    texts.put("router.policy", options.policy());
    texts.put("router.seed", Long.toString(options.seed()));
    texts.put("kafka.state.dir", state.resolve("router").toString());
    if (options.learn()) {
      texts.put("router.exploration-floor", Double.toString(explorationFloor()));
    }
    return RouterSettings.from(Configuration.of(texts), ProgramVersion.text());
  }

  private LearnerSettings learnerSettings(Cluster cluster, Scenario scenario) {
    Map<String, String> texts = cluster.texts(topics);
    texts.put("learner.from", "earliest");
    texts.put("learner.cold-start", "false");
    texts.put("learner.cells", Integer.toString(scenario.cells()));
    texts.put("learner.train-after-grades", Integer.toString(TRAIN_AFTER_GRADES));
    texts.put("learner.train-after", TRAIN_AFTER.toString());
    texts.put("learner.held-out", Double.toString(HELD_OUT));
    texts.put("learner.seed", Long.toString(options.seed()));
    texts.put("learner.state-dir", state.resolve("learner").toString());
    return LearnerSettings.from(Configuration.of(texts)).withLearning(scenario.learning());
  }

  private static void awaitReady(Router router) throws InterruptedException {
    if (!Await.until(() -> router.status().ready(), READY_WITHIN)) {
      throw new CommandFailure(
          "the router is not ready after "
              + READY_WITHIN.toSeconds()
              + " s: "
              + String.join("; ", router.status().problems())
              + " (--verbose shows its log)");
    }
  }

  private GatewaySettings gatewaySettings(Cluster cluster) {
    Map<String, String> texts = cluster.texts(topics);
    texts.put("gateway.port", Integer.toString(Cluster.orFree(options.gatewayPort())));
    return GatewaySettings.from(Configuration.of(texts));
  }

  private ConsoleSettings consoleSettings(Cluster cluster) {
    Map<String, String> texts = cluster.texts(topics);
    texts.put("console.port", Integer.toString(Cluster.orFree(options.consolePort())));
    texts.put("console.state-dir", state.resolve("console").toString());
    return ConsoleSettings.from(Configuration.of(texts));
  }

  private static void invite(View steps, RunningQuickstart where, String api) {
    steps.step("From another terminal, while this runs:");
    steps.step("  ./turnout query \"Why is the sky blue?\"     send a query, see its decision");
    steps.step("  ./turnout topics                           what is in which topic");
    ClientExamples.of(api).forEach(line -> steps.step("  " + line));
    steps.step(
        "  any Kafka client: brokers %s, registry %s, Avro in Confluent's wire format,"
            .formatted(where.bootstrapServers(), where.registryUrl()));
    steps.step(
        "  write %squeries, read %sdecisions with isolation.level=read_committed"
            .formatted(where.topicPrefix(), where.topicPrefix()));
  }

  private void watch(
      QueryFlow flow, LiveFigures figures, Scenario scenario, RunningQuickstart where, long begin)
      throws InterruptedException {
    Map<String, String> descriptions =
        scenario.llms().stream()
            .collect(Collectors.toMap(LlmProfile::getId, LlmProfile::getDescription));
    ViewFrame frame = new ViewFrame(where, scenario.title(), descriptions);
    try (View view = options.live() ? TerminalView.open(frame) : new PlainView(progress)) {
      long doneAt = Long.MAX_VALUE;
      boolean ended = false;
      while (!ended) {
        ended = stop.await(FRAME.toMillis(), TimeUnit.MILLISECONDS);
        view.show(
            figures.snapshot(System.currentTimeMillis()),
            Duration.ofNanos(System.nanoTime() - begin));
        Throwable failure = flow.failure();
        if (failure != null) {
          throw new CommandFailure("queries cannot be published", failure);
        }
        if (flow.done() && !options.servesOnly()) {
          doneAt = Math.min(doneAt, System.nanoTime());
          ended |=
              figures.settled() >= flow.published()
                  || System.nanoTime() - doneAt > SETTLED_WITHIN.toNanos();
        }
      }
    }
  }

  private QuickstartSummary.Learning learning(Scenario scenario) {
    GateSettings gate = GateSettings.defaults();
    return new QuickstartSummary.Learning(
        explorationFloor(),
        TRAIN_AFTER_GRADES,
        HELD_OUT,
        scenario.cells(),
        gate.margin(),
        gate.confidence());
  }

  private <T extends AutoCloseable> T opened(T part) {
    started.push(part);
    return part;
  }

  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Closes what was started, last first; idempotent. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.atWarn()
            .setMessage("part did not close cleanly")
            .addKeyValue("part", part.getClass().getSimpleName())
            .setCause(e)
            .log();
      }
    }
    TemporaryDirectory.delete(state);
  }
}
