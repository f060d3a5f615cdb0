package dev.turnout.gateway.exchange;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.chat.ChatDialect;
import dev.turnout.gateway.dialect.AnswerSource;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import org.jspecify.annotations.Nullable;

/** Answers with the decision alone. */
public record RouteForm() implements AnswerForm {

  @Override
  public String name() {
    return "route";
  }

  @Override
  public ObjectNode answer(
      AnswerSource source, Outcome outcome, @Nullable RoutingDecision decision) {
    throw new GatewayError(
        500, Failures.API_ERROR, "not_decided", "the query was answered and not only decided");
  }

  @Override
  public ObjectNode error(GatewayError error) {
    return ChatDialect.openAiError(error);
  }
}
