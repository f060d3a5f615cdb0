package dev.turnout.gateway.access;

import dev.turnout.gateway.limit.Exceeded;
import java.util.HashMap;
import java.util.Map;

/** A request that its caller may not make, or not now; whoever answers puts it in a dialect. */
public final class AccessException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final String code;
  private final transient Map<String, String> headers;

  private AccessException(
      int status, String type, String code, String message, Map<String, String> headers) {
    super(message);
    this.status = status;
    this.type = type;
    this.code = code;
    this.headers = Map.copyOf(headers);
  }

  /** The same whatever was wrong: no key, an unknown one, or one that has ended. */
  static AccessException unauthenticated() {
    return new AccessException(
        401,
        "authentication_error",
        "invalid_api_key",
        "no valid API key: send one as Authorization: Bearer …, as x-api-key or as api-key",
        Map.of("WWW-Authenticate", "Bearer"));
  }

  static AccessException forbidden(String message) {
    return new AccessException(403, "permission_error", "forbidden", message, Map.of());
  }

  static AccessException limited(Exceeded exceeded, Map<String, String> remaining) {
    Map<String, String> headers = new HashMap<>(remaining);
    headers.putAll(retryAfter(exceeded.retryAfterMillis()));
    return new AccessException(
        429,
        "rate_limit_error",
        "rate_limit_exceeded",
        exceeded.words() + "; try again in " + seconds(exceeded.retryAfterMillis()) + " s",
        headers);
  }

  /** So much waits before this request that its answer would come too late. */
  static AccessException busy(int status, String message, long retryAfterMillis) {
    return new AccessException(
        status,
        status == 429 ? "rate_limit_error" : "overloaded_error",
        "overloaded",
        message + "; try again in " + seconds(retryAfterMillis) + " s",
        retryAfter(retryAfterMillis));
  }

  private static Map<String, String> retryAfter(long millis) {
    return Map.of(
        "Retry-After",
        Long.toString(seconds(millis)),
        "retry-after-ms",
        Long.toString(Math.max(1, millis)));
  }

  private static long seconds(long millis) {
    return Math.max(1, (millis + 999) / 1_000);
  }

  /** HTTP status to answer. */
  public int status() {
    return status;
  }

  /** Kind of error, as Anthropic's API names it. */
  public String type() {
    return type;
  }

  /** One word for programs. */
  public String code() {
    return code;
  }

  /** What belongs into the answer's headers, e.g. {@code Retry-After}. */
  public Map<String, String> headers() {
    return headers;
  }
}
