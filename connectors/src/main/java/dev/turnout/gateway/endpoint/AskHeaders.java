package dev.turnout.gateway.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.dialect.Json;
import io.javalin.http.Context;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What clients of other APIs say to Turnout, in headers.
 *
 * @param session {@code x-turnout-session}: the conversation
 * @param previousLlm {@code x-turnout-previous-llm}: who answered last in it, for gateways that did
 *     not see it
 * @param batch {@code x-turnout-priority: batch}
 * @param timeout {@code x-turnout-timeout-ms}, at most the gateway's own
 * @param constraints {@code x-turnout-constraints}: JSON as in {@code POST /v1/queries}
 */
record AskHeaders(
    @Nullable String session,
    @Nullable String previousLlm,
    boolean batch,
    Duration timeout,
    @Nullable ObjectNode constraints) {

  private static final String PRIORITY = "x-turnout-priority";
  private static final String TIMEOUT = "x-turnout-timeout-ms";
  private static final String CONSTRAINTS = "x-turnout-constraints";

  static AskHeaders of(Context context, Duration longest) {
    return new AskHeaders(
        text(context, "x-turnout-session"),
        text(context, "x-turnout-previous-llm"),
        batch(context),
        timeout(context, longest),
        constraints(context));
  }

  private static @Nullable String text(Context context, String name) {
    String value = context.header(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static boolean batch(Context context) {
    String priority = text(context, PRIORITY);
    if (priority == null || priority.equals("interactive")) {
      return false;
    }
    if (!priority.equals("batch")) {
      throw GatewayError.badRequest(
          "the header " + PRIORITY + " must be interactive or batch, not \"" + priority + "\"");
    }
    return true;
  }

  private static Duration timeout(Context context, Duration longest) {
    String timeout = text(context, TIMEOUT);
    if (timeout == null) {
      return longest;
    }
    try {
      long millis = Long.parseLong(timeout);
      if (millis > 0) {
        return millis < longest.toMillis() ? Duration.ofMillis(millis) : longest;
      }
    } catch (NumberFormatException notANumber) {
      // said below
    }
    throw GatewayError.badRequest("the header " + TIMEOUT + " must be a whole number from 1 up");
  }

  private static @Nullable ObjectNode constraints(Context context) {
    String constraints = text(context, CONSTRAINTS);
    return constraints == null
        ? null
        : Json.parse(constraints)
            .orElseThrow(
                () -> GatewayError.badRequest("the header " + CONSTRAINTS + " is no JSON object"));
  }
}
