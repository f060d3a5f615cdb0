package dev.turnout.gateway.endpoint;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.List;

/**
 * Lets pages of other origins ask, where that is configured (CORS). A browser asks first without
 * credentials, so that question is answered before anybody is asked who they are.
 *
 * @param origins that may ask, e.g. {@code https://chat.example.org}; {@code *} for all
 */
public record CrossOrigin(List<String> origins) {

  private static final String ALL = "*";
  private static final String A_DAY = "86400";

  /** Freezes the origins. */
  public CrossOrigin {
    origins = List.copyOf(origins);
  }

  /** Called before every request. */
  public void before(Context context) {
    String origin = context.header("Origin");
    if (origin == null || origins.isEmpty()) {
      return;
    }
    context.header("Vary", "Origin");
    if (!origins.contains(ALL) && !origins.contains(origin)) {
      return;
    }
    context.header("Access-Control-Allow-Origin", origins.contains(ALL) ? ALL : origin);
    context.header(
        "Access-Control-Expose-Headers",
        "x-turnout-query-id, x-turnout-llm, x-turnout-model-version, x-turnout-attempt,"
            + " x-turnout-ignored, x-request-id, request-id, retry-after");
    if (context.method() == HandlerType.OPTIONS
        && context.header("Access-Control-Request-Method") != null) {
      context.header("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
      String headers = context.header("Access-Control-Request-Headers");
      context.header(
          "Access-Control-Allow-Headers",
          headers == null ? "authorization, content-type" : headers);
      context.header("Access-Control-Max-Age", A_DAY);
      context.status(204).skipRemainingHandlers();
    }
  }
}
