package dev.turnout.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.access.Caller;
import dev.turnout.gateway.access.ClaimedIds;
import dev.turnout.gateway.access.GatewayAccess;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.topic.FieldLimits;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Takes queries, and tells what was decided on them and what came of them. */
final class QueryEndpoints {

  private final GatewaySettings settings;
  private final GatewayKafka kafka;
  private final GatewayAccess access;
  private final ClaimedIds ids = new ClaimedIds();
  private final Responses responses;
  private final MeterRegistry metrics;
  private final Clock clock;

  QueryEndpoints(
      GatewaySettings settings,
      GatewayKafka kafka,
      GatewayAccess access,
      Responses responses,
      MeterRegistry metrics,
      Clock clock) {
    this.settings = settings;
    this.kafka = kafka;
    this.access = access;
    this.responses = responses;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** {@code POST /v1/chat/completions}. */
  void chat(Context context) {
    Query query =
        finish(context, QueryReader.chat(QueryReader.json(RequestBody.read(context)), newId()));
    answer(context, query, AnswerWriter::chat);
  }

  /** {@code POST /v1/queries}. */
  void query(Context context) {
    String ours = newId();
    Query.Builder read = QueryReader.query(QueryReader.json(RequestBody.read(context)), ours);
    Caller caller = Caller.of(context);
    boolean chosen = !read.getId().equals(ours);
    if (chosen) {
      read.setId(caller.queryId(read.getId()));
    }
    Query query = finish(context, read);
    boolean repeated = chosen && !ids.claim(caller, query.getId(), query.getText());
    if (Boolean.parseBoolean(context.queryParam("wait"))) {
      answer(
          context,
          query,
          outcome -> AnswerWriter.outcome(outcome, kafka.decision(query.getId()).orElse(null)));
      return;
    }
    ObjectNode accepted = JsonNodeFactory.instance.objectNode();
    accepted.put("id", query.getId());
    accepted.put("decision", "/v1/decisions/" + query.getId());
    if (repeated && kafka.refusal(query.getId()).isEmpty()) {
      access.settle(context, null);
      Responses.write(context, 202, accepted);
      return;
    }
    responses.afterSending(
        context, () -> kafka.publish(query), () -> Responses.write(context, 202, accepted));
  }

  /** {@code GET /v1/decisions/{id}}. */
  void decision(Context context) {
    String id = context.pathParam("id");
    Caller caller = Caller.of(context);
    for (String meant : caller.meant(id)) {
      Optional<Refusal> refusal = kafka.refusal(meant);
      if (refusal.isPresent()) {
        throw refusal.get().error();
      }
    }
    RoutingDecision decision =
        caller.meant(id).stream()
            .flatMap(meant -> kafka.decision(meant).stream())
            .filter(found -> caller.mayRead(found.getTenant()))
            .findFirst()
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
    Responses.write(context, 200, AnswerWriter.decision(decision));
  }

  private Query finish(Context context, Query.Builder query) {
    settings
        .connection()
        .replyTopics()
        .refusal(query.getReplyTo())
        .ifPresent(
            why -> {
              throw GatewayError.badRequest(why);
            });
    query.setTenant(access.tenant(context, query.hasTenant() ? query.getTenant() : null));
    Query finished =
        access
            .admit(context, query, settings.timeout())
            .setSubmittedAt(clock.instant())
            .setDeadline(clock.instant().plus(settings.timeout()))
            .build();
    String excess = FieldLimits.excess(finished);
    if (excess != null) {
      throw GatewayError.tooLarge("the query's " + excess);
    }
    return finished;
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
                access.settle(context, outcome);
                if (outcome == null) {
                  ids.release(query.getId());
                  responses.fail(context, failure);
                } else if (outcome.getStatus() == OutcomeStatus.SUCCEEDED) {
                  describe(context, outcome);
                  Responses.write(context, 200, format.of(outcome));
                } else {
                  describe(context, outcome);
                  int status = outcome.getStatus() == OutcomeStatus.TIMED_OUT ? 504 : 502;
                  Responses.refuse(
                      context,
                      status,
                      Responses.API_ERROR,
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

  private static String newId() {
    return UUID.randomUUID().toString();
  }
}
