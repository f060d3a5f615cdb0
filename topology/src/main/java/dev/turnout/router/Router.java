package dev.turnout.router;

import dev.turnout.control.TopicFollower;
import dev.turnout.control.availability.AvailabilityListener;
import dev.turnout.control.backlog.RequestBacklog;
import dev.turnout.control.belief.CandidateRefiner;
import dev.turnout.control.llm.LlmTopicListener;
import dev.turnout.control.llm.RegisteredLlm;
import dev.turnout.control.model.ModelTopicListener;
import dev.turnout.control.model.ServingSnapshot;
import dev.turnout.control.model.ServingState;
import dev.turnout.control.tenant.BudgetFollower;
import dev.turnout.control.tenant.TenantFollower;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.GroupStart;
import dev.turnout.kafka.LoopHealth;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.OverdueTransactions;
import dev.turnout.ledger.BudgetLedger;
import dev.turnout.policy.Policies;
import dev.turnout.router.decide.BudgetAdmission;
import dev.turnout.router.decide.Decider;
import dev.turnout.router.emit.RouteProcessor;
import dev.turnout.router.encode.BatchEncoding;
import dev.turnout.router.encode.PollSize;
import dev.turnout.router.intake.QueryIntake;
import dev.turnout.router.intake.TextCheck;
import dev.turnout.schema.Query;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.streams.FailureHandling;
import dev.turnout.streams.RecordsLag;
import dev.turnout.telemetry.Telemetry;
import dev.turnout.topic.ForwardedHeaders;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running router: the followers of models and LLMs, and the Kafka Streams client that routes.
 *
 * <pre>{@code
 * try (QueryEncoder encoder = Encoders.open(EncoderSettings.staticEncoder());
 *     Router router = Router.start(
 *         RouterSettings.from(SettingValues.of(Map.of("router.threads", "2")), "1.0"),
 *         encoder,
 *         meters)) {
 *   ...
 * }
 * }</pre>
 */
public final class Router implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

  /** Name of the Kafka Streams client among the loops. */
  private static final String STREAMS = "turnout-router";

  private final RouterSettings settings;
  private final ServingState live = new ServingState();
  private final List<AutoCloseable> closeables = new ArrayList<>();
  private final List<Supplier<LoopState>> loops = new CopyOnWriteArrayList<>();
  private final Idleness idleness = new Idleness();
  private final RouterMetrics metrics;
  private final FailureHandling failures;
  private volatile boolean caughtUp;
  private volatile boolean ran;
  private KafkaStreams streams;

  @SuppressWarnings("NullAway.Init") // set by run(), before the router leaves start()
  private Router(RouterSettings settings, MeterRegistry registry) {
    this.settings = settings;
    this.metrics = new RouterMetrics(registry);
    this.failures =
        FailureHandling.of(
            "router", settings.topics().dlq(), settings.threadReplacements(), registry);
  }

  /**
   * Starts a router without a feedback loop.
   *
   * @see #start(RouterSettings, QueryEncoder, MeterRegistry, CandidateRefiner)
   */
  public static Router start(
      RouterSettings settings, QueryEncoder encoder, MeterRegistry registry) {
    return start(settings, encoder, registry, CandidateRefiner.none());
  }

  /**
   * Starts a router: checks that its topics exist, reads models and LLM profiles to their ends (or
   * until the start deadline), warms the encoder, then routes. Without a model it routes to the
   * fallback LLM until one is promoted.
   *
   * @param encoder stays the caller's, who closes it after the router
   * @param registry where metrics go
   * @param refiner what the feedback loop adds to the scores
   * @throws MissingTopicsException if topics are missing; the message says which, and the remedy
   */
  public static Router start(
      RouterSettings settings,
      QueryEncoder encoder,
      MeterRegistry registry,
      CandidateRefiner refiner) {
    Router router = new Router(settings, registry);
    try {
      router.run(encoder, registry, refiner);
      return router;
    } catch (InterruptedException e) {
      router.close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the router was starting", e);
    } catch (RuntimeException e) {
      router.close();
      throw e;
    }
  }

  private void run(QueryEncoder encoder, MeterRegistry registry, CandidateRefiner refiner)
      throws InterruptedException {
    long end = System.nanoTime() + settings.startDeadline().toNanos();
    Map<String, Object> clients = settings.connection().clients();
    Telemetry telemetry = Telemetry.start(settings.connection().telemetry(), "router");
    closeables.add(telemetry);
    Admin admin = Clients.admin(clients);
    closeables.add(admin);
    Preflight.requireTopics(admin, settings);
    Preflight.requireRoom(encoder.id());
    Preflight.warnOfSmallTopics(admin, settings);
    LedgerStart ledger = new LedgerStart(() -> startLedger(clients, registry));
    closeables.add(ledger);
    loops.add(ledger::state);
    TenantFollower tenants = TenantFollower.start(settings.topics().tenants(), clients, ledger);
    closeables.add(tenants);
    loops.add(tenants::state);
    BudgetFollower accounts = BudgetFollower.start(settings.topics().budgets(), clients, registry);
    closeables.add(accounts);
    loops.add(accounts::state);
    follow(admin, clients, encoder, registry, end);
    int pollRecords =
        settings.pollRecords() > 0 ? settings.pollRecords() : PollSize.fitting(encoder);
    LOG.atInfo()
        .setMessage("router starts")
        .addKeyValue("router", settings.routerId())
        .addKeyValue("topic", settings.topics().queries())
        .addKeyValue("policy", settings.policy())
        .addKeyValue("policies", Policies.names())
        .addKeyValue("guarantee", settings.guarantee())
        .addKeyValue("pollRecords", pollRecords)
        .log();
    awaitRead(tenants, accounts, end);
    if (accounts.any()) {
      ledger.ensure(); // for the accounts of tenants that were removed while no router ran
    }
    QueryPartitions partitions =
        new QueryPartitions(
            admin, settings.topics().queries(), Preflight.queryPartitions(admin, settings));
    GroupStart.settle(
        clients,
        settings.applicationId(),
        Map.of(settings.topics().queries(), Duration.ZERO),
        settings.from(),
        "router.from");
    startStreams(
        encoder,
        registry,
        telemetry,
        partitions,
        () ->
            new Decider(
                live,
                settings,
                refiner,
                new BudgetAdmission(tenants, partitions, accounts::of),
                tenants),
        clients,
        pollRecords);
  }

  private void awaitRead(TenantFollower tenants, BudgetFollower accounts, long end)
      throws InterruptedException {
    boolean tenantsRead = tenants.awaitCaughtUp(left(end));
    if (!accounts.awaitCaughtUp(left(end)) || !tenantsRead) {
      LOG.atWarn()
          .setMessage("tenants and their accounts unread; routing starts with what is known")
          .addKeyValue("deadline", settings.startDeadline())
          .log();
    }
  }

  private BudgetLedger startLedger(Map<String, Object> clients, MeterRegistry registry) {
    return BudgetLedger.start(
        settings.budgetWindow(),
        settings.stateDir(),
        settings.topics(),
        settings.applicationId(),
        clients,
        settings.kafka(),
        registry);
  }

  private void follow(
      Admin admin,
      Map<String, Object> clients,
      QueryEncoder encoder,
      MeterRegistry registry,
      long end)
      throws InterruptedException {
    TopicFollower models =
        ModelTopicListener.follow(settings.topics().models(), clients, encoder.id(), live, metrics);
    closeables.add(models);
    loops.add(models::state);
    TopicFollower llms =
        LlmTopicListener.follow(
            clients, admin, settings.topics(), settings.connection().replication(), live);
    closeables.add(llms);
    loops.add(llms::state);
    TopicFollower availability =
        AvailabilityListener.follow(
            settings.topics().availability(),
            clients,
            unavailable -> {
              live.replaceUnavailable(unavailable);
              metrics.unavailable(
                  unavailable.keySet(), llm -> live.serving().directory().isOutOfService(llm));
            });
    closeables.add(availability);
    loops.add(availability::state);
    closeables.add(
        RequestBacklog.start(
            clients, settings.topics(), () -> live.serving().directory().all(), registry));
    boolean modelsRead = models.awaitCaughtUp(left(end));
    boolean llmsRead = llms.awaitCaughtUp(left(end));
    caughtUp = availability.awaitCaughtUp(left(end)) && llmsRead && modelsRead;
    if (!caughtUp) {
      LOG.atWarn()
          .setMessage("models and LLMs not read in time; routing starts with what is known")
          .addKeyValue("deadline", settings.startDeadline())
          .log();
    }
  }

  private void startStreams(
      QueryEncoder encoder,
      MeterRegistry registry,
      Telemetry telemetry,
      QueryPartitions partitions,
      Supplier<Decider> deciders,
      Map<String, Object> clients,
      int pollRecords) {
    Clock clock = Clock.systemUTC();
    var queries = AvroSerdes.of(Query.class, clients);
    closeables.add(queries);
    QueryIntake intake =
        new QueryIntake(
            settings.topics().queries(),
            queries.deserializer(),
            new TextCheck(settings.maxTextBytes()));
    BatchEncoding encoding =
        new BatchEncoding(
            settings.topics().queries(), intake, encoder, metrics, clock, encodingThreads());
    Topology topology =
        RouterTopology.of(
            settings,
            clients,
            () ->
                new RouteProcessor(
                    intake,
                    encoding,
                    deciders.get(),
                    ForwardedHeaders.named(settings.forwardedHeaders()),
                    RouterStreamsConfig.commitPace(settings),
                    metrics,
                    telemetry,
                    clock),
            failures);
    Properties config = RouterStreamsConfig.of(settings, pollRecords, encoding, failures);
    streams = new KafkaStreams(topology, config);
    failures.watch(streams);
    loops.add(() -> failures.state(STREAMS, Instant.now()));
    streams.setStateListener(
        (now, before) -> {
          LOG.atInfo()
              .setMessage("streams client changes state")
              .addKeyValue("router", settings.routerId())
              .addKeyValue("from", before)
              .addKeyValue("to", now)
              .log();
          ran |= now == KafkaStreams.State.RUNNING;
          if (now == KafkaStreams.State.RUNNING) {
            partitions.refresh();
          }
        });
    KafkaStreamsMetrics binder = new KafkaStreamsMetrics(streams);
    binder.bindTo(registry);
    closeables.add(binder);
    metrics.watchQueueLag(new RecordsLag(streams, Set.of(settings.topics().queries())));
    streams.start();
    if (settings.guarantee() == ProcessingGuarantee.EXACTLY_ONCE) {
      closeables.add(
          OverdueTransactions.start(
              clients,
              settings.applicationId(),
              new StreamsConfig(config).getProducerConfigs(settings.applicationId())));
    }
  }

  private ExecutorService encodingThreads() {
    AtomicInteger started = new AtomicInteger();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            settings.threads(),
            task -> {
              Thread thread = new Thread(task, "turnout-encode-" + started.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    // What is queued still runs: a processor may be waiting for it.
    closeables.add(threads::shutdown);
    return threads;
  }

  /**
   * How the router is doing; cheap enough for a probe. A router that owns no partition is ready all
   * the same, since a spare owns none, but warns once.
   */
  public RouterStatus status() {
    return status(Instant.now());
  }

  RouterStatus status(Instant now) {
    ServingSnapshot serving = live.serving();
    KafkaStreams.State state = streams.state();
    warnIfIdle(state);
    boolean alive = state.isRunningOrRebalancing() || state == KafkaStreams.State.CREATED;
    List<String> problems = new ArrayList<>();
    if (!alive) {
      problems.add("the streams client is " + state + "; start the router again");
    }
    if (!ran) {
      problems.add("no partitions have been assigned yet");
    }
    if (serving.model() == null) {
      problems.add("no model is promoted on " + settings.topics().models());
    }
    noLlm(serving.directory().all()).ifPresent(problems::add);
    LoopHealth following = LoopHealth.of(loops.stream().map(Supplier::get).toList(), now);
    problems.addAll(following.problems());
    boolean ready = problems.isEmpty();
    live.problems().forEach((llm, problem) -> problems.add("LLM " + llm + ": " + problem));
    return new RouterStatus(
        ran,
        alive && following.live() && !failures.isExhausted(now),
        ready,
        state.name(),
        serving.model() == null ? null : serving.model().version(),
        problems);
  }

  /** Why there is no LLM to route to, in words. */
  private Optional<String> noLlm(Collection<RegisteredLlm> llms) {
    if (llms.stream().anyMatch(llm -> llm.ineligibleReason() == null)) {
      return Optional.empty();
    }
    return Optional.of(
        llms.stream()
            .filter(llm -> llm.standingReason() == null)
            .map(llm -> "LLM " + llm.profile().getId() + " is " + llm.unavailable())
            .reduce((first, next) -> first + "; " + next)
            .orElseGet(() -> "no LLM is active on " + settings.topics().llms()));
  }

  private void warnIfIdle(KafkaStreams.State state) {
    boolean owning =
        state != KafkaStreams.State.RUNNING
            || streams.metadataForLocalThreads().stream()
                .anyMatch(thread -> !thread.activeTasks().isEmpty());
    if (idleness.observe(owning, Instant.now())) {
      LOG.atWarn()
          .setMessage(
              "router has no partition and routes nothing: other routers of its group have them"
                  + " all. A spare one may wait like that; else end the others, or set another"
                  + " router.application-id")
          .addKeyValue("router", settings.routerId())
          .addKeyValue("topic", settings.topics().queries())
          .addKeyValue("group", settings.applicationId())
          .addKeyValue("seconds", Idleness.LIMIT.toSeconds())
          .log();
    }
  }

  /** What the router routes by at this moment. */
  public ServingSnapshot serving() {
    return live.serving();
  }

  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  /** Commits, leaves the group so that others take over at once, and stops following. */
  @Override
  public void close() {
    failures.close();
    if (streams != null) {
      boolean closed =
          streams.close(
              CloseOptions.groupMembershipOperation(
                      CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                  .withTimeout(CLOSE_TIMEOUT));
      if (!closed) {
        LOG.atWarn()
            .setMessage("router did not close in time")
            .addKeyValue("router", settings.routerId())
            .addKeyValue("timeout", CLOSE_TIMEOUT)
            .log();
      }
    }
    for (int i = closeables.size() - 1; i >= 0; i--) {
      try {
        closeables.get(i).close();
      } catch (Exception e) {
        LOG.atWarn()
            .setMessage("a part of the router did not close")
            .addKeyValue("part", closeables.get(i))
            .setCause(e)
            .log();
      }
    }
    closeables.clear();
  }
}
