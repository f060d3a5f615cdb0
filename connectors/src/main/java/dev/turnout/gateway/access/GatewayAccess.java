package dev.turnout.gateway.access;

import dev.turnout.gateway.limit.Admission;
import dev.turnout.gateway.limit.Allowances;
import dev.turnout.gateway.limit.BackPressure;
import dev.turnout.gateway.limit.Exceeded;
import dev.turnout.gateway.limit.QueueWait;
import dev.turnout.gateway.limit.TrafficLimits;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
public final class GatewayAccess implements RequestAccess, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayAccess.class);
  private static final Duration LONGEST_START = Duration.ofSeconds(30);
  private static final String TENANT_HEADER = "x-turnout-tenant";

  /** Taken for the answer of a request that does not say how long it may be. */
  private static final long ANSWER_TOKENS = 512;

  private static final int BYTES_PER_TOKEN = 4;

  /** How much of a client's patience may be spent on waiting before it is not worth it. */
  private static final double WORTH_WAITING = 0.8;

  private final KeyFollower keys;
  private final Allowances allowances;
  private final BackPressure pressure;
  private final boolean loopback;
  private final MeterRegistry metrics;
  private final Clock clock;

  private GatewayAccess(AccessSettings settings, MeterRegistry metrics, Clock clock) {
    this.allowances = new Allowances(() -> System.nanoTime() / 1_000_000);
    this.metrics = metrics;
    this.clock = clock;
    this.loopback = !settings.listens().isOpen();
    this.keys =
        new KeyFollower(
            settings,
            snapshot -> {
              allowances.retainKeys(snapshot.keys().ids());
              allowances.retainTenants(snapshot.tenants().keySet());
            });
    this.pressure =
        new BackPressure(
            settings.connection().kafka(),
            settings.connection().topics().queries(),
            settings.routerGroup());
  }

  /**
   * Starts, and returns when all keys are known.
   *
   * @throws IllegalStateException if the topics cannot be read
   * @throws IllegalArgumentException if the file of keys cannot be read
   */
  public static GatewayAccess start(AccessSettings settings, MeterRegistry metrics, Clock clock)
      throws InterruptedException {
    GatewayAccess access = new GatewayAccess(settings, metrics, clock);
    if (!access.keys.awaitCaughtUp(LONGEST_START)) {
      access.close();
      throw new IllegalStateException(
          "gateway: the keys on "
              + settings.connection().topics().keys()
              + " cannot be read: "
              + access.keys.state().lastError());
    }
    if (access.keys.snapshot().keys().isEmpty()) {
      if (access.loopback) {
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
    return access;
  }

  /** How following keys is doing. */
  public LoopState state() {
    return keys.state();
  }

  @Override
  public void authenticate(Context context) {
    String method = context.method().name();
    if (method.equals("OPTIONS")) {
      return; // browsers ask before they send a key
    }
    Caller caller;
    AccessKey key = null;
    KeyFollower.Snapshot snapshot = keys.snapshot();
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

  @Override
  public Caller caller(Context context) {
    return Caller.of(context);
  }

  private void enter(Context context, Caller caller, TrafficLimits limits) {
    Admission admission =
        allowances.enter(
            caller.key(), limits, caller.tenant(), keys.snapshot().limitsOf(caller.tenant()));
    if (admission instanceof Admission.Granted granted) {
      new Visit(granted.lease(), pressure).attachTo(context);
      granted.lease().remaining().headers().forEach(context::header);
    } else if (admission instanceof Admission.Refused refusal) {
      throw refused(AccessException.limited(refusal.why(), Map.of()));
    }
  }

  @Override
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

  @Override
  public Query.Builder admit(Context context, Query.Builder query, Duration patience) {
    Caller caller = Caller.of(context);
    try {
      allow(caller, query);
      requireWorthwhile(patience);
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

  private void requireWorthwhile(Duration patience) {
    QueueWait wait = pressure.waiting();
    if (wait.millis() == QueueWait.UNENDING) {
      throw AccessException.busy(
          503, wait.waiting() + " queries wait and no router reads them", 5_000);
    }
    if (wait.millis() > patience.toMillis() * WORTH_WAITING) {
      throw AccessException.busy(
          429,
          String.format(
              Locale.ROOT,
              "%d requests wait before this one, about %d s; the answer would come too late",
              wait.waiting(),
              wait.millis() / 1_000),
          Math.max(1_000, wait.millis() - patience.toMillis() / 2));
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

  @Override
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
    keys.close();
    pressure.close();
  }
}
