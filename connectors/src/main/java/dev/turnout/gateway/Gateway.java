package dev.turnout.gateway;

import dev.turnout.gateway.access.AccessException;
import dev.turnout.gateway.access.GatewayAccess;
import dev.turnout.kafka.LoopHealth;
import dev.turnout.topic.RecordLimits;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * HTTP for clients that do not speak Kafka.
 *
 * <ul>
 *   <li>{@code POST /v1/chat/completions}: OpenAI's API without streaming; the model "turnout",
 *       "auto" or none lets the router choose, any other name is the LLM to ask
 *   <li>{@code POST /v1/queries}: a query with all its constraints; answers 202 with the id at
 *       once, or with {@code ?wait=true} the outcome
 *   <li>{@code GET /v1/decisions/{id}}: the decision on a query, or why it was refused
 *   <li>{@code POST /v1/feedback}: a grade
 *   <li>{@code GET /health/live}, {@code GET /health/ready}
 * </ul>
 *
 * Answers carry {@code x-turnout-llm} and {@code x-turnout-query-id}, and where the decision has
 * been seen {@code x-turnout-model-version}. A query the router refuses is answered at once with
 * the status {@link Refusal#error()} gives and the reason as the error's code.
 */
public final class Gateway implements AutoCloseable {

  private final GatewaySettings settings;
  private final MeterRegistry metrics;
  private final Clock clock;
  private final GatewayAccess access;
  private final GatewayKafka kafka;
  private final Javalin server;

  private Gateway(
      GatewaySettings settings, GatewayAccess access, MeterRegistry metrics, Clock clock) {
    this.access = access;
    this.settings = settings;
    this.metrics = metrics;
    this.clock = clock;
    this.kafka = new GatewayKafka(settings, clock);
    this.server =
        Javalin.create(
            config -> {
              config.showJavalinBanner = false;
              config.http.maxRequestSize = RecordLimits.HTTP_BODY;
              config.http.asyncTimeout = settings.timeout().plusSeconds(5).toMillis();
              config.jetty.threadPool = new QueuedThreadPool(32, 4);
              config.jetty.modifyServer(jetty -> jetty.setRequestLog(access.releasing()));
            });
  }

  /**
   * Starts a gateway and returns when it takes requests.
   *
   * @throws IllegalStateException if the port is taken or the topics are not there
   */
  public static Gateway start(GatewaySettings settings, MeterRegistry metrics) {
    Clock clock = Clock.systemUTC();
    Gateway gateway = new Gateway(settings, openAccess(settings, metrics, clock), metrics, clock);
    try {
      if (!gateway.kafka.awaitStart()) {
        throw new IllegalStateException(
            "gateway: the topics "
                + String.join(", ", settings.followed())
                + " are not all there or the broker does not answer; check kafka.bootstrap.servers and"
                + " create the topics");
      }
      gateway.routes();
      gateway.server.start(settings.host(), settings.port());
      return gateway;
    } catch (JavalinBindException taken) {
      gateway.close();
      throw new IllegalStateException(
          "gateway.port: port "
              + settings.port()
              + " is taken; choose another (0 takes a free one)",
          taken);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      gateway.close();
      throw new IllegalStateException("gateway: interrupted while starting", interrupted);
    } catch (RuntimeException failed) {
      gateway.close();
      throw failed;
    }
  }

  private static GatewayAccess openAccess(
      GatewaySettings settings, MeterRegistry metrics, Clock clock) {
    try {
      return GatewayAccess.start(settings.access(), metrics, clock);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("gateway: interrupted while starting", interrupted);
    }
  }

  /** Base URL, e.g. {@code http://localhost:8080}. */
  public String url() {
    return "http://" + settings.host() + ":" + server.port();
  }

  /** How the gateway's loop is doing. */
  public LoopHealth health(Instant now) {
    return LoopHealth.of(List.of(kafka.loop(), access.state()), now);
  }

  @Override
  public void close() {
    server.stop();
    kafka.close();
    access.close();
  }

  private void routes() {
    Responses responses = new Responses(settings);
    QueryEndpoints queries = new QueryEndpoints(settings, kafka, access, responses, metrics, clock);
    FeedbackEndpoint feedback = new FeedbackEndpoint(kafka, responses, clock);
    server.before("/v1/*", access::authenticate);
    server.post("/v1/chat/completions", queries::chat);
    server.post("/v1/queries", queries::query);
    server.get("/v1/decisions/{id}", queries::decision);
    server.post("/v1/feedback", feedback::feedback);
    server.get("/health/live", context -> probe(context, health(Instant.now()).live(), "live"));
    server.get("/health/ready", context -> probe(context, health(Instant.now()).ready(), "ready"));
    server.exception(GatewayError.class, (error, context) -> Responses.refuse(context, error));
    server.exception(AccessException.class, (error, context) -> Responses.refuse(context, error));
    server.exception(
        HttpResponseException.class,
        (error, context) ->
            Responses.refuse(
                context, error.getStatus(), "invalid_request_error", error.getMessage()));
    server.exception(Exception.class, (error, context) -> responses.fail(context, error));
  }

  private static void probe(Context context, boolean fulfilled, String what) {
    context.status(fulfilled ? 200 : 503).result(fulfilled ? what : "not " + what);
  }
}
