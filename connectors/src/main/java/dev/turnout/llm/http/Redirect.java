package dev.turnout.llm.http;

import dev.turnout.llm.LlmException;
import dev.turnout.llm.failure.LlmFailures;
import java.net.URI;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * Follows redirects within one host by sending the request there again, with its key. Not to
 * another host, which the key is not for, nor from HTTPS to HTTP, where others could read it.
 */
final class Redirect {

  private static final int MOST = 3;

  private Redirect() {}

  /** Whether a status sends the request elsewhere. */
  static boolean isOne(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  /**
   * Where to ask instead.
   *
   * @param before how many redirects were followed already
   * @throws LlmException if it must not be followed, with the remedy
   */
  static URI follow(LlmFailures failures, URI from, HttpResponse<String> response, int before) {
    int status = response.statusCode();
    String location = response.headers().firstValue("Location").orElse("");
    URI to = target(from, location);
    if (to == null || status == 303) {
      throw refusal(failures, status, location, "not one that can be followed");
    }
    boolean downgrade =
        "https".equalsIgnoreCase(from.getScheme()) && !"https".equalsIgnoreCase(to.getScheme());
    if (!to.getHost().equalsIgnoreCase(from.getHost()) || downgrade) {
      throw refusal(
          failures, status, location, downgrade ? "from HTTPS to HTTP" : "to another host");
    }
    if (before >= MOST) {
      throw refusal(failures, status, location, "the last of too many");
    }
    return to;
  }

  private static @Nullable URI target(URI from, String location) {
    try {
      URI to = from.resolve(location);
      boolean http =
          "http".equalsIgnoreCase(to.getScheme()) || "https".equalsIgnoreCase(to.getScheme());
      return location.isEmpty() || !http || to.getHost() == null ? null : to;
    } catch (IllegalArgumentException unreadable) {
      return null;
    }
  }

  private static LlmException refusal(
      LlmFailures failures, int status, String location, String why) {
    return failures.of(
        LlmException.Kind.MISCONFIGURED,
        "HTTP " + status + " redirects elsewhere (" + why + "); set the base URL to that address",
        "HTTP " + status + " redirects to \"" + LlmFailures.quote(location) + "\", " + why,
        null);
  }
}
