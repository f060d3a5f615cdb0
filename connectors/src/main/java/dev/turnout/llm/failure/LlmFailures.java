package dev.turnout.llm.failure;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.turnout.llm.LlmException;
import dev.turnout.llm.LlmException.Kind;
import dev.turnout.llm.LlmException.Refusal;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.LogText;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says why there is no answer, twice. The message of the {@link LlmException} may be read by the
 * client that asked: it names the LLM, never an address, and quotes the server only where it speaks
 * to whoever asked. Its cause, an {@link EndpointException}, is for the log: it has the URL and
 * what the server really sent.
 *
 * @param llm the LLM's id in Turnout
 * @param model its name at the server
 * @param address where it is asked; its query string is not told
 * @param queryId for whom
 */
public record LlmFailures(String llm, String model, URI address, String queryId) {

  private static final int LONGEST_QUOTE = 300;

  /** Codes with which servers say that the account and not the request is at fault. */
  private static final Set<String> OF_THE_ACCOUNT =
      Set.of(
          "insufficient_quota",
          "invalid_api_key",
          "billing_not_active",
          "billing_hard_limit_reached",
          "account_deactivated",
          "access_terminated");

  private static final Pattern CONTENT =
      Pattern.compile("\\b(file|image|previous response|response with id|item with id)\\b");

  /** What happened at which address; for logs only. */
  public static final class EndpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private EndpointException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** A failure that is no refusal. */
  public LlmException of(Kind kind, String words, String details, @Nullable Throwable cause) {
    return of(kind, words, details, cause, null);
  }

  private LlmException of(
      Kind kind,
      String words,
      String details,
      @Nullable Throwable cause,
      @Nullable Refusal refusal) {
    return new LlmException(
        kind,
        place() + words,
        new EndpointException("POST " + withoutSecrets(address) + ": " + details, cause),
        refusal);
  }

  /** Scheme, host, port and path; the rest of a URL may prove who asks. */
  public static String withoutSecrets(URI url) {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return url.getScheme() + "://" + url.getHost() + port + url.getPath();
  }

  private String host() {
    return address.getHost() == null ? "" : address.getHost();
  }

  private String place() {
    return "llm \"" + LogText.of(llm) + "\" (" + model + "), query " + LogText.of(queryId) + ": ";
  }

  /** The request was never sent, since it cannot be what the client means. */
  public LlmException notForThisLlm(String parameter, String words) {
    ErrorBody error =
        ErrorBody.of(
            words, "invalid_request_error", TextNode.valueOf(parameter), MissingNode.getInstance());
    error.error().put("code", "unsupported_parameter");
    return of(Kind.REJECTED, words, words, null, new Refusal(400, error.body().toString(), null));
  }

  /** A server that wants to be left alone is not asked. */
  public LlmException leftAlone(int status, Duration remaining) {
    String words =
        "HTTP " + status + " a moment ago: it is not asked again for " + seconds(remaining);
    return of(Kind.TRANSIENT, words, words, null, new Refusal(status, null, remaining));
  }

  private static String seconds(Duration duration) {
    return Math.max(1, (duration.toMillis() + 999) / 1_000) + " s";
  }

  /**
   * A refusal.
   *
   * @param status of the response, or the one that the error within it stands for
   * @param body what was sent
   * @param error what can be read of it; null when nothing
   * @param within whether it came inside a response of status 200
   */
  public LlmException refused(
      int status,
      String body,
      @Nullable ErrorBody error,
      @Nullable Duration retryAfter,
      boolean within) {
    Kind kind = kind(status, error);
    InternalAddresses addresses = new InternalAddresses(host());
    String what = within ? "an error inside an answer (as HTTP " + status + ")" : "HTTP " + status;
    // what is said to us, e.g. of our key, is not for clients
    String said =
        error == null || kind == Kind.MISCONFIGURED
            ? ""
            : ": " + BoundedText.cut(addresses.removedFrom(error.message()), FieldLimits.ERROR / 2);
    return of(
        kind,
        what + said + remedy(status, kind),
        what + ": " + quote(body),
        null,
        new Refusal(
            status,
            kind == Kind.REJECTED && error != null ? forClients(error, addresses) : null,
            retryAfter));
  }

  private static @Nullable String forClients(ErrorBody error, InternalAddresses addresses) {
    ObjectNode body = (ObjectNode) addresses.removedFrom(error.body().deepCopy());
    String text = body.toString();
    if (BoundedText.bytes(text) <= FieldLimits.ERROR_BODY) {
      return text;
    }
    ObjectNode brief = ErrorBody.of("", null, body.path("none"), body.path("none")).error();
    brief.put(
        "message", BoundedText.cut(body.at("/error/message").asText(), FieldLimits.ERROR_BODY / 8));
    return new ErrorBody(brief).body().toString();
  }

  private static Kind kind(int status, @Nullable ErrorBody error) {
    if (error != null && (OF_THE_ACCOUNT.contains(error.code()) || ofTheAccount(error))) {
      return Kind.MISCONFIGURED;
    }
    return switch (status) {
      case 401, 402, 403, 405 -> Kind.MISCONFIGURED;
      case 404 -> ofTheContent(error) ? Kind.REJECTED : Kind.MISCONFIGURED;
      case 408, 409, 425, 429 -> Kind.TRANSIENT;
      default -> status >= 500 ? Kind.TRANSIENT : Kind.REJECTED;
    };
  }

  private static boolean ofTheAccount(ErrorBody error) {
    String message = error.message().toLowerCase(Locale.ROOT);
    return message.contains("credit balance is too low") || message.contains("api key not valid");
  }

  /** A file or an earlier response that is not there; not the model, nor the path. */
  private static boolean ofTheContent(@Nullable ErrorBody error) {
    if (error == null || error.code().equals("model_not_found")) {
      return false;
    }
    return !(error.param().isEmpty() || error.param().equals("model"))
        || CONTENT.matcher(error.message().toLowerCase(Locale.ROOT)).find();
  }

  private static String remedy(int status, Kind kind) {
    if (kind != Kind.MISCONFIGURED) {
      return "";
    }
    return switch (status) {
      case 401, 403 -> "; check the API key";
      case 404, 405 -> "; check the base URL (most end in /v1) and the model's name";
      default -> "; check the account behind the API key";
    };
  }

  /** The head of a text, for logs. */
  public static String quote(String body) {
    return LogText.of(
        body.length() <= LONGEST_QUOTE ? body : body.substring(0, LONGEST_QUOTE) + "…");
  }
}
