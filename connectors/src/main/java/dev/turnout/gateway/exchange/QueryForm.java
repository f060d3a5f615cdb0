package dev.turnout.gateway.exchange;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.chat.ChatDialect;
import dev.turnout.gateway.dialect.AnswerSource;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import org.jspecify.annotations.Nullable;

/** Answers with the outcome and the decision. */
public record QueryForm() implements AnswerForm {

  @Override
  public String name() {
    return "queries";
  }

  @Override
  public ObjectNode answer(
      AnswerSource source, Outcome outcome, @Nullable RoutingDecision decision) {
    return RecordJson.outcome(outcome, decision);
  }

  @Override
  public ObjectNode error(GatewayError error) {
    return ChatDialect.openAiError(error);
  }
}
