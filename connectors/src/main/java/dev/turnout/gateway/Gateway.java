package dev.turnout.gateway;

import dev.turnout.gateway.access.GatewayAccess;
import dev.turnout.gateway.endpoint.ChatEndpoints;
import dev.turnout.gateway.endpoint.CrossOrigin;
import dev.turnout.gateway.endpoint.FeedbackEndpoint;
import dev.turnout.gateway.endpoint.ModelsEndpoint;
import dev.turnout.gateway.endpoint.QueryEndpoints;
import dev.turnout.gateway.exchange.ErrorForm;
import dev.turnout.gateway.exchange.Serving;
import dev.turnout.gateway.memory.AnsweredIds;
import dev.turnout.gateway.models.ModelNames;
import dev.turnout.gateway.trace.RequestSpan;
import dev.turnout.kafka.LoopHealth;
import dev.turnout.telemetry.Telemetry;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import org.eclipse.jetty.server.RequestLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP for clients that do not speak Kafka.
 *
 * <ul>
 *   <li>{@code POST /v1/chat/completions}, {@code POST /v1/responses} and {@code …/input_tokens}:
 *       OpenAI's APIs, {@code POST /v1/messages} and {@code …/count_tokens}: Anthropic's; in pieces
 *       too. The models "auto" and "turnout", or none, let the router choose, an LLM's id asks that
 *       one
 *   <li>{@code GET /v1/models}: which models there are
 *   <li>{@code POST /v1/route}: the decision on such a request, and no answer
 *   <li>{@code POST /v1/queries}: a query with all its constraints; answers 202 with the id at
 *       once, or with {@code ?wait=true} the outcome
 *   <li>{@code GET /v1/decisions/{id}}: the decision on a query, or why it was refused; {@code GET
 *       /v1/outcomes/{id}}: what became of it
 *   <li>{@code POST /v1/feedback}: a grade or a thumb
 *   <li>{@code GET /health/live}, {@code GET /health/ready}
 * </ul>
 *
 * Answers carry {@code x-turnout-query-id} and, where the LLM is known before the first byte,
 * {@code x-turnout-llm}, {@code x-turnout-attempt} and {@code x-turnout-model-version}. A query the
 * router refuses is answered at once with the status {@link Refusal#error()} gives and the reason
 * as the error's code. Errors come in the form of the API that was called.
 */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  private final GatewaySettings settings;
  private final GatewayParts parts;
  private final Serving serving;
  private final Telemetry telemetry;
  private final Javalin server;
  private volatile boolean closing;

  private Gateway(
      GatewaySettings settings, GatewayParts parts, MeterRegistry metrics, Clock clock) {
    this.settings = settings;
    this.parts = parts;
    this.serving = new Serving(metrics, clock, settings.heartbeat(), settings.streamBufferBytes());
    this.server =
        HttpServer.of(
            settings.host(),
            settings.port(),
            settings.timeout().plus(settings.drain()),
            ended(parts.access()));
    // last of what may fail, since only a whole gateway is closed
    this.telemetry = Telemetry.start(settings.connection().telemetry(), "gateway");
    routes(clock);
  }

  /**
   * Starts a gateway and returns when it takes requests.
   *
   * @throws IllegalStateException if the port is taken or the topics are not there
   */
  public static Gateway start(GatewaySettings settings, MeterRegistry metrics) {
    Clock clock = Clock.systemUTC();
    return start(settings, GatewayParts.onKafka(settings, clock, metrics), metrics, clock);
  }

  /** The same with what stands behind it, which it closes. */
  static Gateway start(
      GatewaySettings settings, GatewayParts parts, MeterRegistry metrics, Clock clock) {
    Gateway gateway;
    try {
      gateway = new Gateway(settings, parts, metrics, clock);
    } catch (RuntimeException | Error failed) {
      parts.closing().run();
      throw failed;
    }
    try {
      gateway.server.start(settings.host(), settings.port());
      return gateway;
    } catch (JavalinBindException taken) {
      gateway.close();
      throw new IllegalStateException(
          "gateway.port: port "
              + settings.port()
              + " is taken; choose another (0 takes a free one)",
          taken);
    } catch (RuntimeException failed) {
      gateway.close();
      throw failed;
    }
  }

  private static RequestLog ended(GatewayAccess access) {
    RequestLog releasing = access.releasing();
    return (request, response) -> {
      releasing.log(request, response);
      RequestSpan.of(request).end(response.getStatus());
    };
  }

  /** Base URL, e.g. {@code http://localhost:8080}. */
  public String url() {
    return "http://" + settings.host() + ":" + server.port();
  }

  /** How the gateway's loops are doing. */
  public LoopHealth health(Instant now) {
    return LoopHealth.of(parts.loops().get(), now);
  }

  /** Takes nothing new, lets what is under way end within {@code gateway.drain}, and closes. */
  @Override
  public void close() {
    closing = true;
    serving.drain(settings.drain());
    try {
      server.stop();
    } catch (JavalinException slow) {
      LOG.atInfo()
          .setMessage("closed connections of clients that do not read")
          .setCause(slow)
          .log();
    }
    serving.close();
    telemetry.close();
    parts.closing().run();
  }

  private void routes(Clock clock) {
    AnsweredIds ids = new AnsweredIds();
    GatewayAccess access = parts.access();
    ModelNames names = new ModelNames(settings.aliases(), parts.llms());
    CrossOrigin crossOrigin = new CrossOrigin(settings.corsOrigins());
    server.before(crossOrigin::before);
    server.before("/v1/*", context -> RequestSpan.begin(context, telemetry));
    server.before("/v1/*", context -> serving.requireOpen());
    server.before("/v1/*", access::authenticate);
    ChatEndpoints chats =
        new ChatEndpoints(access, parts.traffic(), serving, names, ids, settings.timeout(), clock);
    server.post("/v1/chat/completions", chats::chat);
    server.post("/v1/messages", chats::messages);
    server.post("/v1/messages/count_tokens", chats::countTokens);
    server.post("/v1/responses", chats::responses);
    server.post("/v1/responses/input_tokens", chats::inputTokens);
    server.post("/v1/route", chats::route);
    ModelsEndpoint models = new ModelsEndpoint(names, clock.instant());
    server.get("/v1/models", models::list);
    server.get("/v1/models/<id>", models::one);
    QueryEndpoints queries =
        new QueryEndpoints(
            access,
            parts.traffic(),
            serving,
            settings.connection().replyTopics(),
            ids,
            settings.timeout(),
            clock);
    server.post("/v1/queries", queries::query);
    server.get("/v1/decisions/<id>", queries::decision);
    server.get("/v1/outcomes/<id>", queries::outcome);
    FeedbackEndpoint feedback = new FeedbackEndpoint(parts.traffic(), serving, ids, clock);
    server.post("/v1/feedback", feedback::feedback);
    server.get("/health/live", context -> probe(context, health(Instant.now()).live(), "live"));
    server.get(
        "/health/ready",
        context -> probe(context, !closing && health(Instant.now()).ready(), "ready"));
    server.exception(
        HttpResponseException.class, (error, context) -> ErrorForm.write(context, of(error)));
    server.exception(Exception.class, (error, context) -> ErrorForm.write(context, error));
  }

  private static GatewayError of(HttpResponseException error) {
    String message =
        switch (error.getStatus()) {
          case 404 -> "there is no such path; see docs/clients.md for those that there are";
          case 405 -> "this path does not take that method";
          default -> error.getMessage() == null ? "" : error.getMessage();
        };
    return new GatewayError(
        error.getStatus(),
        error.getStatus() == 404 ? "not_found_error" : "invalid_request_error",
        message);
  }

  private static void probe(Context context, boolean fulfilled, String what) {
    context.status(fulfilled ? 200 : 503).result(fulfilled ? what : "not " + what);
  }
}
