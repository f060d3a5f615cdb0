package dev.turnout.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.kafka.LoopHealth;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.topic.LogText;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final String TENANT_HEADER = "x-turnout-tenant";
  private static final String API_ERROR = "api_error";
  private static final long LARGEST_BODY = 4L * 1024 * 1024;

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
              config.http.maxRequestSize = LARGEST_BODY;
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
    server.before("/v1/*", this::authorise);
    server.post("/v1/chat/completions", this::chat);
    server.post("/v1/queries", this::query);
    server.get("/v1/decisions/{id}", this::decision);
    server.post("/v1/feedback", this::feedback);
    server.get("/health/live", context -> probe(context, health(Instant.now()).live(), "live"));
    server.get("/health/ready", context -> probe(context, health(Instant.now()).ready(), "ready"));
    server.exception(GatewayError.class, (error, context) -> refuse(context, error));
    server.exception(
        HttpResponseException.class,
        (error, context) ->
            refuse(context, error.getStatus(), "invalid_request_error", error.getMessage()));
    server.exception(Exception.class, (error, context) -> fail(context, error));
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

  private void chat(Context context) {
    Query query = finish(context, QueryReader.chat(QueryReader.json(context.body()), newId()));
    answer(context, query, AnswerWriter::chat);
  }

  private void query(Context context) {
    Query query = finish(context, QueryReader.query(QueryReader.json(context.body()), newId()));
    if (Boolean.parseBoolean(context.queryParam("wait"))) {
      answer(
          context,
          query,
          outcome -> AnswerWriter.outcome(outcome, kafka.decision(query.getId()).orElse(null)));
      return;
    }
    context.future(
        () ->
            kafka
                .publish(query)
                .handle(
                    (sent, failure) -> {
                      if (failure == null) {
                        ObjectNode accepted = JsonNodeFactory.instance.objectNode();
                        accepted.put("id", query.getId());
                        accepted.put("decision", "/v1/decisions/" + query.getId());
                        write(context, 202, accepted);
                      } else {
                        fail(context, failure);
                      }
                      return null;
                    }));
  }

  private Query finish(Context context, Query.Builder query) {
    String tenant = context.header(TENANT_HEADER);
    if (tenant != null && !tenant.isBlank()) {
      query.setTenant(tenant);
    }
    return query
        .setSubmittedAt(clock.instant())
        .setDeadline(clock.instant().plus(settings.timeout()))
        .build();
  }

  @FunctionalInterface
  private interface Format {
    JsonNode of(Outcome outcome);
  }

  private void answer(Context context, Query query, Format format) {
    Timer.Sample sample = Timer.start(metrics);
    context.header("x-turnout-query-id", query.getId());
    context.future(
        () -> {
          CompletableFuture<Outcome> asked = kafka.ask(query);
          return asked.handle(
              (outcome, failure) -> {
                if (outcome == null) {
                  fail(context, failure);
                } else if (outcome.getStatus() == OutcomeStatus.SUCCEEDED) {
                  describe(context, outcome);
                  write(context, 200, format.of(outcome));
                } else {
                  describe(context, outcome);
                  int status = outcome.getStatus() == OutcomeStatus.TIMED_OUT ? 504 : 502;
                  refuse(
                      context,
                      status,
                      API_ERROR,
                      outcome.getLlm() + " " + outcome.getStatus() + ": " + outcome.getError());
                }
                sample.stop(
                    metrics.timer(
                        "turnout.gateway.requests",
                        "status",
                        Integer.toString(context.statusCode())));
                return null;
              });
        });
  }

  private void describe(Context context, Outcome outcome) {
    context.header("x-turnout-llm", outcome.getLlm());
    kafka
        .decision(outcome.getQueryId())
        .ifPresent(
            decision -> context.header("x-turnout-model-version", decision.getModelVersion()));
  }

  private void decision(Context context) {
    String id = context.pathParam("id");
    Optional<Refusal> refusal = kafka.refusal(id);
    if (refusal.isPresent()) {
      throw refusal.get().error();
    }
    RoutingDecision decision =
        kafka
            .decision(id)
            .orElseThrow(
                () ->
                    new GatewayError(
                        404,
                        "not_found_error",
                        "no decision on query \""
                            + id
                            + "\" within the last "
                            + settings.mostRemembered()
                            + ": it is not decided yet, or its decision or refusal is"
                            + " on the topics "
                            + settings.topics().decisions()
                            + " and "
                            + settings.topics().dlq()
                            + " only"));
    write(context, 200, AnswerWriter.decision(decision));
  }

  private void feedback(Context context) {
    JsonNode json = QueryReader.json(context.body());
    String queryId = json.path("queryId").asText("");
    double reward = json.path("reward").asDouble(Double.NaN);
    if (queryId.isBlank() || !(reward >= 0 && reward <= 1)) {
      throw GatewayError.badRequest("\"queryId\" and a \"reward\" within 0..1 are needed");
    }
    String llm =
        json.path("llm").isTextual()
            ? json.path("llm").asText()
            : kafka
                .decision(queryId)
                .map(RoutingDecision::getLlm)
                .orElseThrow(
                    () ->
                        GatewayError.badRequest(
                            "\"llm\" is needed: the decision on query \""
                                + queryId
                                + "\" is not known here any more"));
    Grade grade =
        Grade.newBuilder()
            .setQueryId(queryId)
            .setLlm(llm)
            .setGrader(json.path("grader").asText("gateway"))
            .setReward(reward)
            .setComment(json.path("comment").isTextual() ? json.path("comment").asText() : null)
            .setGradedAt(clock.instant())
            .build();
    context.future(
        () ->
            kafka
                .publish(grade)
                .handle(
                    (sent, failure) -> {
                      if (failure == null) {
                        context.status(202);
                      } else {
                        fail(context, failure);
                      }
                      return null;
                    }));
  }

  private static String newId() {
    return UUID.randomUUID().toString();
  }

  private void fail(Context context, @Nullable Throwable failure) {
    @Nullable Throwable inner = failure == null ? null : failure.getCause();
    Throwable cause =
        failure instanceof CompletionException && inner != null
            ? inner
            : failure == null ? new IllegalStateException("no answer and no failure") : failure;
    if (cause instanceof GatewayError error) {
      refuse(context, error);
    } else if (cause instanceof TimeoutException) {
      refuse(
          context,
          504,
          API_ERROR,
          "no answer within "
              + settings.timeout().toSeconds()
              + " s; the query may be on the dead-letter topic "
              + settings.topics().dlq()
              + ", or no worker serves its LLM");
    } else {
      LOG.atError()
          .setMessage("request failed")
          .addKeyValue("method", context.method())
          .addKeyValue("path", LogText.of(context.path()))
          .setCause(cause)
          .log();
      if (cause instanceof KafkaException) {
        refuse(context, 503, API_ERROR, "Kafka or the schema registry does not answer; try again");
      } else {
        refuse(context, 500, API_ERROR, "internal error");
      }
    }
  }

  private static void refuse(Context context, GatewayError error) {
    String message = error.getMessage() == null ? "" : error.getMessage();
    write(context, error.status(), AnswerWriter.error(error.type(), error.code(), message));
  }

  private static void refuse(Context context, int status, String type, @Nullable String message) {
    refuse(context, new GatewayError(status, type, message == null ? "" : message));
  }

  private static void write(Context context, int status, JsonNode json) {
    context.status(status).contentType("application/json").result(json.toString());
  }
}
