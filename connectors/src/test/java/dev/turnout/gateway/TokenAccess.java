package dev.turnout.gateway;

import dev.turnout.gateway.access.Caller;
import dev.turnout.gateway.access.RequestAccess;
import dev.turnout.gateway.access.Rights;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets in whoever has one of the tokens, or everybody if there are none; all may do everything.
 *
 * @param tokens sent as bearer tokens or by {@code x-api-key}
 */
record TokenAccess(List<String> tokens) implements RequestAccess {
  private static final Caller ANYBODY = new Caller("", "default", Rights.ALL, List.of(), true);

  @Override
  public void authenticate(Context context) {
    String bearer = String.valueOf(context.header("Authorization")).replaceFirst("Bearer ", "");
    if (!tokens.isEmpty()
        && !tokens.contains(bearer)
        && !tokens.contains(String.valueOf(context.header("x-api-key")))
        && !context.method().name().equals("OPTIONS")) {
      throw new GatewayError(
          401, "authentication_error", "invalid_api_key", "send a valid key of this gateway");
    }
  }

  @Override
  public Caller caller(Context context) {
    return ANYBODY;
  }

  @Override
  public String tenant(Context context, @Nullable String claimed) {
    return ANYBODY.tenantOf(claimed == null ? context.header("x-turnout-tenant") : claimed);
  }

  @Override
  public Query.Builder admit(Context context, Query.Builder query, Duration patience) {
    return query;
  }

  @Override
  public void settle(Context context, @Nullable Outcome outcome) {}
}
