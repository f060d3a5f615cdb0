package dev.turnout.gateway.exchange;

import dev.turnout.gateway.GatewayError;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who may do what: all that the endpoints ask about their callers. */
public final class RequestAccess {

  private static final String TENANT_HEADER = "x-turnout-tenant";
  private static final String DEFAULT_TENANT = "default";

  private final List<String> tokens;

  /**
   * @param tokens of which a request must have one; empty lets everyone in
   */
  public RequestAccess(List<String> tokens) {
    this.tokens = List.copyOf(tokens);
  }

  /**
   * Lets a request in; comes before every endpoint.
   *
   * @throws GatewayError with 401
   */
  public void authenticate(Context context) {
    if (tokens.isEmpty() || given(context).anyMatch(this::isValid)) {
      return;
    }
    throw new GatewayError(
        401,
        "authentication_error",
        "invalid_api_key",
        "send a valid token as Authorization: Bearer … or x-api-key: …");
  }

  /** OpenAI's clients send a bearer token, Anthropic's a header of their own. */
  private static Stream<String> given(Context context) {
    return Stream.of(
            Optional.ofNullable(context.header("Authorization"))
                .map(header -> header.replaceFirst("(?i)^Bearer +", "")),
            Optional.ofNullable(context.header("x-api-key")))
        .flatMap(Optional::stream);
  }

  private boolean isValid(String given) {
    byte[] bytes = given.strip().getBytes(StandardCharsets.UTF_8);
    boolean valid = false;
    for (String token : tokens) {
      // the time this takes must not tell how much of the token was right
      valid |= MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), bytes);
    }
    return valid;
  }

  /**
   * Who pays for a request.
   *
   * @param claimed whom its body names; null for nobody
   */
  public String tenant(Context context, @Nullable String claimed) {
    String header = context.header(TENANT_HEADER);
    if (header != null && !header.isBlank()) {
      return header;
    }
    return claimed == null ? DEFAULT_TENANT : claimed;
  }

  /**
   * Lets a query pass, as its caller may ask it.
   *
   * @param query complete but for what the caller's rights change
   * @param patience how long the client waits
   * @return the same builder
   */
  public Query.Builder admit(Context context, Query.Builder query, Duration patience) {
    return query;
  }

  /** Told what an answer took; null if there was none. */
  public void settle(Context context, @Nullable Outcome outcome) {}
}
