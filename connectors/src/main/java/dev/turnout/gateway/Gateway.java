package dev.turnout.gateway;

import dev.turnout.kafka.LoopHealth;
import dev.turnout.topic.RecordLimits;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
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
  private final GatewayKafka kafka;
  private final Javalin server;

  private Gateway(GatewaySettings settings, MeterRegistry metrics, Clock clock) {
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
            });
  }

  /**
   * Starts a gateway and returns when it takes requests.
   *
   * @throws IllegalStateException if the port is taken or the topics are not there
   */
  public static Gateway start(GatewaySettings settings, MeterRegistry metrics) {
    Gateway gateway = new Gateway(settings, metrics, Clock.systemUTC());
    try {
      if (!gateway.kafka.awaitStart()) {
        throw new IllegalStateException(
            "gateway: the topics "
                + String.join(", ", settings.followed())
                + " are not all there or the broker does not answer; check kafka.bootstrap.servers and"
                + " create the topics");
      }
      if (settings.tokens().isEmpty()) {
        settings
            .listens()
            .warnIfOpen(
                "gateway",
                "anybody can ask and grade; set gateway.tokens, or gateway.host: localhost");
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

  /** Base URL, e.g. {@code http://localhost:8080}. */
  public String url() {
    return "http://" + settings.host() + ":" + server.port();
  }

  /** How the gateway's loop is doing. */
  public LoopHealth health(Instant now) {
    return LoopHealth.of(List.of(kafka.loop()), now);
  }

  @Override
  public void close() {
    server.stop();
    kafka.close();
  }

  private void routes() {
    Responses responses = new Responses(settings);
    QueryEndpoints queries = new QueryEndpoints(settings, kafka, responses, metrics, clock);
    FeedbackEndpoint feedback = new FeedbackEndpoint(kafka, responses, clock);
    server.before("/v1/*", this::authorise);
    server.post("/v1/chat/completions", queries::chat);
    server.post("/v1/queries", queries::query);
    server.get("/v1/decisions/{id}", queries::decision);
    server.post("/v1/feedback", feedback::feedback);
    server.get("/health/live", context -> probe(context, health(Instant.now()).live(), "live"));
    server.get("/health/ready", context -> probe(context, health(Instant.now()).ready(), "ready"));
    server.exception(GatewayError.class, (error, context) -> Responses.refuse(context, error));
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

  private void authorise(Context context) {
    if (settings.tokens().isEmpty()) {
      return;
    }
    String header = context.header("Authorization");
    byte[] given =
        (header == null ? "" : header.replaceFirst("(?i)^Bearer ", ""))
            .getBytes(StandardCharsets.UTF_8);
    for (String token : settings.tokens()) {
      // the time this takes must not tell how much of the token was right
      if (MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), given)) {
        return;
      }
    }
    throw new GatewayError(
        401, "authentication_error", "send a valid token as Authorization: Bearer …");
  }
}
