package dev.turnout.gateway.access;

import dev.turnout.gateway.limit.Admission;
import dev.turnout.gateway.limit.Allowances;
import dev.turnout.gateway.limit.BackPressure;
import dev.turnout.gateway.limit.Exceeded;
import dev.turnout.gateway.limit.TrafficLimits;
import dev.turnout.gateway.models.RegisteredLlms;
import dev.turnout.kafka.LoopState;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.topic.BoundedText;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.server.RequestLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of the gateway: who may come in, and what they may take.
 *
 * <p>Every request below {@code /v1} passes {@link #authenticate}, which leaves its {@link Caller};
 * an endpoint that finds none fails. Every query passes {@link #admit}. What a request holds it
 * gives back when its response has ended, however it ended: the server itself says so, not the
 * endpoint ({@link #releasing}).
 */
public final class GatewayAccess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayAccess.class);
  private static final Duration LONGEST_START = Duration.ofSeconds(30);
  private static final String TENANT_HEADER = "x-turnout-tenant";

  /** Taken for the answer of a request that does not say how long it may be. */
  private static final long ANSWER_TOKENS = 512;

  private static final int BYTES_PER_TOKEN = 4;

  private final Supplier<KeyFollower.Snapshot> keys;
  private final Allowances allowances;
  private final BackPressure pressure;
  private final CongestionCheck congestion;
  private final boolean loopback;
  private final MeterRegistry metrics;
  private final Clock clock;
  private final Supplier<List<LoopState>> loops;
  private final Runnable closing;

  private GatewayAccess(
      Supplier<KeyFollower.Snapshot> keys,
      Allowances allowances,
      BackPressure pressure,
      int maxBacklog,
      boolean loopback,
      MeterRegistry metrics,
      Clock clock,
      Supplier<List<LoopState>> loops,
      Runnable closing) {
    this.keys = keys;
    this.allowances = allowances;
    this.pressure = pressure;
    this.congestion = new CongestionCheck(pressure, maxBacklog);
    this.loopback = loopback;
    this.metrics = metrics;
    this.clock = clock;
    this.loops = loops;
    this.closing = closing;
  }

  /**
   * Knows these keys alone, and no Kafka.
   *
   * @param tokens secrets with all rights for the default tenant
   * @param loopback whether nobody but this machine can reach the gateway
   */
  public static GatewayAccess ofTokens(
      List<String> tokens, boolean loopback, MeterRegistry metrics, Clock clock) {
    KeyFollower.Snapshot fixed =
        new KeyFollower.Snapshot(KeyRing.of(KeyFollower.ofTokens(tokens)), Map.of());
    return new GatewayAccess(
        () -> fixed,
        allowances(),
        BackPressure.ofAnswers(),
        Integer.MAX_VALUE,
        loopback,
        metrics,
        clock,
        List::of,
        () -> {});
  }

  private static Allowances allowances() {
    return new Allowances(() -> System.nanoTime() / 1_000_000);
  }

  /**
   * Follows keys and tenants, and returns when all that there are are known.
   *
   * @param llms whose queues are watched
   * @throws IllegalStateException if the topics cannot be read
   * @throws IllegalArgumentException if the file of keys cannot be read
   */
  public static GatewayAccess start(
      AccessSettings settings, RegisteredLlms llms, MeterRegistry metrics, Clock clock)
      throws InterruptedException {
    Allowances allowances = allowances();
    KeyFollower keys =
        new KeyFollower(
            settings,
            snapshot -> {
              allowances.retainKeys(snapshot.keys().ids());
              allowances.retainTenants(snapshot.tenants().keySet());
            });
    BackPressure pressure;
    try {
      if (!keys.awaitCaughtUp(LONGEST_START)) {
        throw new IllegalStateException(
            "gateway: the keys on "
                + settings.connection().topics().keys()
                + " cannot be read: "
                + keys.state().lastError());
      }
      pressure =
          BackPressure.start(
              settings.connection().kafka(),
              settings.connection().topics(),
              settings.routerGroup(),
              llms::requestTopics);
    } catch (InterruptedException | RuntimeException | Error failed) {
      keys.close();
      throw failed;
    }
    boolean loopback = !settings.listens().isOpen();
    if (keys.snapshot().keys().isEmpty()) {
      tellOfNoKey(settings, loopback);
    }
    return new GatewayAccess(
        keys::snapshot,
        allowances,
        pressure,
        settings.maxBacklog(),
        loopback,
        metrics,
        clock,
        () -> List.of(keys.state()),
        () -> {
          keys.close();
          pressure.close();
        });
  }

  private static void tellOfNoKey(AccessSettings settings, boolean loopback) {
    if (loopback) {
      LOG.atInfo().setMessage("there is no key yet: whoever is on this machine may ask").log();
    } else {
      LOG.atWarn()
          .setMessage(
              "there is no key yet and other machines can reach this gateway: every request is"
                  + " refused; make one with turnout keys create")
          .addKeyValue("host", settings.listens().host())
          .log();
    }
  }

  /** How its loops are doing. */
  public List<LoopState> loops() {
    return loops.get();
  }

  /**
   * Lets a request in or not; comes before every endpoint.
   *
   * @throws AccessException with 401, 403, 429 or 503
   */
  public void authenticate(Context context) {
    String method = context.method().name();
    if (method.equals("OPTIONS")) {
      return; // browsers ask before they send a key
    }
    Caller caller;
    AccessKey key = null;
    KeyFollower.Snapshot snapshot = keys.get();
    if (snapshot.keys().isEmpty() && loopback) {
      caller = Caller.anybody();
    } else {
      key =
          PresentedSecrets.of(context)
              .flatMap(secret -> snapshot.keys().find(secret, clock.instant()).stream())
              .findFirst()
              .orElseThrow(() -> refused(AccessException.unauthenticated()));
      caller = Caller.of(key);
    }
    EndpointRight right = EndpointRight.of(method, context.path());
    if (!right.isIn(caller.rights())) {
      throw refused(AccessException.forbidden("this key may not " + right.words()));
    }
    context.attribute(Caller.ATTRIBUTE, caller);
    enter(context, caller, key == null ? TrafficLimits.NONE : key.limits());
  }

  private void enter(Context context, Caller caller, TrafficLimits limits) {
    Admission admission =
        allowances.enter(
            caller.key(), limits, caller.tenant(), keys.get().limitsOf(caller.tenant()));
    if (admission instanceof Admission.Granted granted) {
      new Visit(granted.lease(), pressure).attachTo(context);
      granted.lease().remaining().headers().forEach(context::header);
    } else if (admission instanceof Admission.Refused refusal) {
      throw refused(AccessException.limited(refusal.why(), Map.of()));
    }
  }

  /**
   * Whose a query is: its key's tenant; where no key is asked for, the one that the request names.
   *
   * @param claimed what the request's body says; null for nothing
   * @throws AccessException with 403 if body or header name another tenant than the key's
   */
  public String tenant(Context context, @Nullable String claimed) {
    Caller caller = Caller.of(context);
    try {
      String ofBody = caller.tenantOf(claimed);
      String header = context.header(TENANT_HEADER);
      return header == null || header.isBlank() ? ofBody : caller.tenantOf(header);
    } catch (AccessException e) {
      throw refused(e);
    }
  }

  /**
   * Makes a query its caller's: tenant and allowed LLMs are the key's, and its tokens are taken
   * from the limits.
   *
   * @param query with what the client says, tenant and constraints among it
   * @param patience how long the client waits
   * @return the same builder
   * @throws AccessException with 403 if the query wants what its key does not allow, with 429 or
   *     503 if it is not worth starting now
   */
  public Query.Builder admit(Context context, Query.Builder query, Duration patience) {
    Caller caller = Caller.of(context);
    try {
      allow(caller, query);
      congestion.check(query, patience);
      Optional<Visit> visit = Visit.of(context.req());
      if (visit.isPresent()) {
        Exceeded exceeded = visit.get().ask(estimate(query));
        Map<String, String> remaining = visit.get().remaining().headers();
        if (exceeded != null) {
          throw AccessException.limited(exceeded, remaining);
        }
        remaining.forEach(context::header);
      }
      return query;
    } catch (AccessException e) {
      throw refused(e);
    }
  }

  private static void allow(Caller caller, Query.Builder query) {
    QueryConstraints wanted = query.getConstraints();
    List<String> allowed = caller.allowedOf(wanted == null ? List.of() : wanted.getAllowedLlms());
    if (!allowed.isEmpty()) {
      QueryConstraints.Builder constraints =
          wanted == null ? QueryConstraints.newBuilder() : QueryConstraints.newBuilder(wanted);
      query.setConstraints(constraints.setAllowedLlms(allowed).build());
    }
  }

  /** Tokens of prompt and answer together. */
  private static long estimate(Query.Builder query) {
    var needs = query.getNeeds();
    Long prompt = needs == null ? null : needs.getPromptTokens();
    Long answer = needs == null ? null : needs.getMaxOutputTokens();
    return (prompt == null ? BoundedText.bytes(query.getText()) / BYTES_PER_TOKEN + 1 : prompt)
        + (answer == null ? ANSWER_TOKENS : answer);
  }

  /**
   * Puts what an answer took in the place of what was estimated; without an answer nothing was
   * taken. An outcome that does not say leaves the estimate.
   */
  public void settle(Context context, @Nullable Outcome outcome) {
    Visit.of(context.req()).ifPresent(visit -> visit.settle(outcome));
  }

  /** What the server has to call when a response has ended. */
  public RequestLog releasing() {
    return (request, response) -> Visit.of(request).ifPresent(Visit::end);
  }

  private AccessException refused(AccessException why) {
    metrics
        .counter(
            "turnout.gateway.refused", "status", Integer.toString(why.status()), "code", why.code())
        .increment();
    return why;
  }

  @Override
  public void close() {
    closing.run();
  }
}
