package dev.turnout.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.gateway.access.Caller;
import dev.turnout.schema.Grade;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.topic.FieldLimits;
import io.javalin.http.Context;
import java.time.Clock;
import java.util.Optional;

/** Takes grades from clients. */
final class FeedbackEndpoint {

  private final GatewayKafka kafka;
  private final Responses responses;
  private final Clock clock;

  FeedbackEndpoint(GatewayKafka kafka, Responses responses, Clock clock) {
    this.kafka = kafka;
    this.responses = responses;
    this.clock = clock;
  }

  /** {@code POST /v1/feedback}. */
  void feedback(Context context) {
    JsonNode json = QueryReader.json(RequestBody.read(context));
    String queryId = json.path("queryId").asText("");
    double reward = json.path("reward").asDouble(Double.NaN);
    if (queryId.isBlank() || !(reward >= 0 && reward <= 1)) {
      throw GatewayError.badRequest("\"queryId\" and a \"reward\" within 0..1 are needed");
    }
    Caller caller = Caller.of(context);
    Optional<RoutingDecision> decision =
        caller.meant(queryId).stream()
            .flatMap(id -> kafka.decision(id).stream())
            .filter(found -> caller.mayGradeOf(found.getTenant()))
            .findFirst();
    if (decision.isEmpty() && !caller.mayGradeAnything()) {
      throw new GatewayError(
          404, "not_found_error", "no decision on query \"" + queryId + "\" is known here");
    }
    String llm =
        json.path("llm").isTextual()
            ? json.path("llm").asText()
            : decision
                .map(RoutingDecision::getLlm)
                .orElseThrow(
                    () ->
                        GatewayError.badRequest(
                            "\"llm\" is needed: the decision on query \""
                                + queryId
                                + "\" is not known here any more"));
    Grade grade =
        Grade.newBuilder()
            .setQueryId(decision.map(RoutingDecision::getQueryId).orElse(queryId))
            .setLlm(llm)
            .setGrader(caller.grader(json.path("grader").asText(null)))
            .setReward(reward)
            .setComment(json.path("comment").isTextual() ? json.path("comment").asText() : null)
            .setGradedAt(clock.instant())
            .build();
    String excess = FieldLimits.excess(grade);
    if (excess != null) {
      throw GatewayError.tooLarge("the grade's " + excess);
    }
    responses.afterSending(context, () -> kafka.publish(grade), () -> context.status(202));
  }
}
