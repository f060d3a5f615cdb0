package dev.turnout.console.state;

import dev.turnout.availability.Unavailable;
import dev.turnout.belief.Posteriors;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.console.letters.LetterDesk;
import dev.turnout.console.page.Words;
import dev.turnout.console.recent.FlowRate;
import dev.turnout.console.recent.RecentPast;
import dev.turnout.console.recent.RecentQueries;
import dev.turnout.console.recent.SeenQuery;
import dev.turnout.console.savings.GradedTrafficFollower;
import dev.turnout.console.savings.SavingsView;
import dev.turnout.console.savings.ScoredDecision;
import dev.turnout.console.traffic.TrafficCounts;
import dev.turnout.console.traffic.TrafficListener;
import dev.turnout.console.traffic.TrafficReport;
import dev.turnout.console.traffic.TrafficWindow;
import dev.turnout.console.tries.KafkaTryDesk;
import dev.turnout.console.tries.TryDesk;
import dev.turnout.control.TopicFollower;
import dev.turnout.control.availability.AvailabilityListener;
import dev.turnout.control.backlog.RequestBacklog;
import dev.turnout.control.belief.PosteriorFollower;
import dev.turnout.control.llm.RegisteredLlm;
import dev.turnout.control.tenant.TenantTerms;
import dev.turnout.gateway.GatewaySettings;
import dev.turnout.gateway.limit.BackPressure;
import dev.turnout.gateway.limit.QueueWait;
import dev.turnout.gateway.lookup.QueryLookup;
import dev.turnout.gateway.lookup.RefusedQuery;
import dev.turnout.gateway.models.GatewayLlms;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.StartedParts;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.offpolicy.savings.ScoredChoice;
import dev.turnout.schema.ApiKey;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.Tenant;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state as the topics tell it. */
public final class KafkaState implements ConsoleState, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaState.class);
  private static final int MOST_SCORED = 5_000;
  private static final Duration LOOKUP = Duration.ofSeconds(16);
  private static final Duration LOOKUP_MEMORY = Duration.ofHours(1);

  private final RecentQueries recent;
  private final FlowRate rate;
  private final TrafficCounts counts;
  private final QueryLookup lookup;
  private final GatewayLlms llms;
  private final AtomicReference<Map<String, Unavailable>> unavailable;
  private final TopicFollower availability;
  private final BackPressure pressure;
  private final SupervisedLoop backlog;

  /** Apart from the role's metrics, since every router reports the same there. */
  private final MeterRegistry backlogs = new SimpleMeterRegistry();

  private final ModelsView models;
  private final PosteriorFollower posteriors;
  private final ModelActions actions;
  private final LatestView<Tenant> tenants;
  private final LatestView<BudgetState> accounts;
  private final LatestView<ApiKey> keys;
  private final LetterDesk letters;
  private final KafkaTryDesk tries;
  private final GradedTrafficFollower graded;
  private final double costWeight;

  /**
   * What the console has to be told.
   *
   * @param gateway how queries are asked, and of which routers the lag is shown
   * @param applicationId of its Kafka Streams application
   * @param recent decisions that are kept whole
   * @param history how much of the past a new application counts
   * @param costWeight what a saved US cent is worth to the routers
   */
  public record Source(
      GatewaySettings gateway,
      String applicationId,
      String stateDir,
      int recent,
      Duration history,
      double costWeight) {}

  private KafkaState(Source source, MeterRegistry metrics, Clock clock, StartedParts started) {
    ConnectionSettings connection = source.gateway().connection();
    TopicCatalogue topics = connection.topics();
    Map<String, Object> clients = connection.clients();
    this.recent = new RecentQueries(source.recent());
    this.rate = new FlowRate(clock);
    this.actions = ModelActions.onKafka(connection);
    this.costWeight = source.costWeight();
    this.lookup =
        started.add(
            new QueryLookup(
                connection.kafka(), connection.registry(), topics, LOOKUP_MEMORY, clock));
    this.llms =
        started.add(new GatewayLlms(connection.kafka(), connection.registry(), topics.llms()));
    this.unavailable = new AtomicReference<>(Map.of());
    this.availability =
        started.add(AvailabilityListener.follow(topics.availability(), clients, unavailable::set));
    this.pressure =
        started.add(
            BackPressure.start(
                connection.kafka(), topics.queries(), source.gateway().routerGroup()));
    this.backlog =
        started.add(
            RequestBacklog.start(
                connection.kafka(),
                topics,
                () ->
                    llms.all().values().stream()
                        .map(profile -> new RegisteredLlm(profile, null, null, true))
                        .toList(),
                backlogs));
    this.models = started.add(ModelsView.follow(topics.models(), clients));
    this.posteriors = started.add(PosteriorFollower.start(topics.posteriors(), clients));
    this.tenants =
        started.add(
            LatestView.follow(
                topics.tenants(),
                clients,
                Tenant.class,
                // what routers refuse does not hold, and is not shown
                tenant -> TenantTerms.of(tenant).tenant()));
    this.accounts =
        started.add(
            LatestView.follow(
                topics.budgets(), clients, BudgetState.class, BudgetState::getTenant));
    this.keys = started.add(LatestView.follow(topics.keys(), clients, ApiKey.class, ApiKey::getId));
    this.letters = LetterDesk.onKafka(connection);
    this.tries = started.add(new KafkaTryDesk(source.gateway(), clock));
    this.graded = started.add(GradedTrafficFollower.start(connection, clock));
    RecentPast.read(connection, source.recent(), recent);
    this.counts =
        started.add(
            TrafficCounts.start(
                connection,
                source.applicationId(),
                source.stateDir(),
                source.history(),
                new Both(recent, rate),
                metrics,
                clock));
  }

  /**
   * Starts to follow the topics, which must exist, and returns when the latest of the past is
   * known.
   */
  public static KafkaState start(Source source, MeterRegistry metrics, Clock clock) {
    StartedParts started = new StartedParts();
    try {
      return new KafkaState(source, metrics, clock, started);
    } catch (RuntimeException | Error failed) {
      started.giveUp(failed);
      throw failed;
    }
  }

  private record Both(TrafficListener one, TrafficListener other) implements TrafficListener {
    @Override
    public void decided(RoutingDecision decision, int bytes) {
      one.decided(decision, bytes);
      other.decided(decision, bytes);
    }

    @Override
    public void ended(Outcome outcome, int bytes) {
      one.ended(outcome, bytes);
      other.ended(outcome, bytes);
    }

    @Override
    public void graded(Grade grade) {
      one.graded(grade);
      other.graded(grade);
    }
  }

  @Override
  public TrafficReport traffic(TrafficWindow window) {
    return counts.report(window);
  }

  @Override
  public Map<String, Double> decisionsPerSecond() {
    return rate.perSecond();
  }

  @Override
  public RecentQueries recent() {
    return recent;
  }

  @Override
  public Optional<SeenQuery> find(String queryId) {
    Optional<SeenQuery> known = recent.find(queryId);
    if (known.isPresent()) {
      return known;
    }
    return await(lookup.decision(queryId))
        .map(
            decision ->
                new SeenQuery(
                    decision,
                    await(lookup.outcome(queryId)).stream().toList(),
                    await(lookup.grades(queryId))
                        .map(QueryLookup.QueryGrades::grades)
                        .orElse(List.of())));
  }

  @Override
  public Optional<Query> query(String queryId) {
    return await(lookup.query(queryId));
  }

  @Override
  public Optional<RefusedQuery> refusal(String queryId) {
    return await(lookup.refusal(queryId));
  }

  private static <T> Optional<T> await(CompletableFuture<Optional<T>> looking) {
    try {
      return looking.get(LOOKUP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException failure) {
      LOG.atWarn().setMessage("looking up a query failed").setCause(failure).log();
    }
    return Optional.empty();
  }

  @Override
  public List<LlmStanding> llms() {
    Map<String, Unavailable> out = Objects.requireNonNull(unavailable.get());
    return llms.all().values().stream().map(profile -> standing(profile, out)).toList();
  }

  private LlmStanding standing(LlmProfile profile, Map<String, Unavailable> out) {
    Unavailable why = out.get(profile.getId());
    Gauge gauge = backlogs.find("turnout.requests.backlog").tag("llm", profile.getId()).gauge();
    return new LlmStanding(
        profile, why == null ? null : why.text(), gauge == null ? Double.NaN : gauge.value());
  }

  @Override
  public QueueWait waiting() {
    return pressure.waiting();
  }

  @Override
  public ModelsSeen models() {
    return models.seen();
  }

  @Override
  public @Nullable Posteriors posteriors(String modelVersion) {
    return posteriors.of(modelVersion);
  }

  @Override
  public SavingsView savings() {
    List<ScoredChoice> scored =
        recent.latest(MOST_SCORED, seen -> !seen.grades().isEmpty()).stream()
            .flatMap(seen -> scored(seen).stream())
            .toList();
    return new SavingsView(graded.traffic(), scored, costWeight);
  }

  private static Optional<ScoredChoice> scored(SeenQuery seen) {
    return seen.served()
        .flatMap(
            served ->
                ScoredDecision.of(
                    seen.decision(),
                    served.getLlm(),
                    seen.reward(served.getLlm()),
                    Words.orNaN(served.getCostUsd())));
  }

  @Override
  public ModelActions modelActions() {
    return actions;
  }

  @Override
  public List<TenantStanding> tenants() {
    return TenantStanding.of(tenants.all(), accounts.all(), keys.all().values());
  }

  @Override
  public LetterDesk letters() {
    return letters;
  }

  @Override
  public TryDesk tries() {
    return tries;
  }

  /** How its loops are doing. */
  public List<LoopState> loops() {
    List<LoopState> loops =
        List.of(
            counts.state(),
            graded.state(),
            llms.loop(),
            availability.state(),
            models.state(),
            posteriors.state(),
            tenants.state(),
            accounts.state(),
            keys.state(),
            backlog.state());
    return Stream.concat(loops.stream(), tries.loops().stream()).toList();
  }

  @Override
  public void close() {
    counts.close();
    tries.close();
    keys.close();
    accounts.close();
    tenants.close();
    graded.close();
    posteriors.close();
    models.close();
    backlog.close();
    pressure.close();
    availability.close();
    llms.close();
    lookup.close();
  }
}
