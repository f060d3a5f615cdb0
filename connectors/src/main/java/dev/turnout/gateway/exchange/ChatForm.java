package dev.turnout.gateway.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.chat.ChatAnswer;
import dev.turnout.gateway.dialect.AnswerSource;
import dev.turnout.gateway.dialect.AnswerStream;
import dev.turnout.gateway.dialect.ChatAsk;
import dev.turnout.gateway.dialect.ClientDialect;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import org.jspecify.annotations.Nullable;

/**
 * Answers in a client's own dialect.
 *
 * @param listener told of every answer
 */
public record ChatForm(ClientDialect dialect, ChatAsk ask, Listener listener)
    implements AnswerForm {

  /** Hears of answers. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Called when the client has the whole answer.
     *
     * @param responseId as the client got it
     * @param answer the whole of it as the client knows it; missing where that is of no use
     */
    void answered(String responseId, Outcome outcome, JsonNode answer);
  }

  @Override
  public String name() {
    return dialect.name();
  }

  @Override
  public boolean isStream() {
    return ask.stream();
  }

  @Override
  public ObjectNode answer(
      AnswerSource source, Outcome outcome, @Nullable RoutingDecision decision) {
    return dialect.answer(ask, source, ChatAnswer.of(outcome));
  }

  @Override
  public AnswerStream stream(AnswerSource source) {
    return dialect.stream(ask, source);
  }

  @Override
  public ObjectNode response(Outcome outcome) {
    return ChatAnswer.of(outcome);
  }

  @Override
  public void answered(String responseId, Outcome outcome, JsonNode answer) {
    listener.answered(responseId, outcome, answer);
  }

  @Override
  public ObjectNode error(GatewayError error) {
    return dialect.error(error);
  }

  @Override
  public String errorEvent(GatewayError error) {
    return dialect.errorEvent(error);
  }

  @Override
  public String heartbeat() {
    return dialect.heartbeat();
  }
}
