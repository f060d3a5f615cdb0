package dev.turnout.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.topic.DeadLetterReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request the gateway cannot serve, with the HTTP status to answer and the reason in words. Each
 * dialect has its own form for it.
 */
public final class GatewayError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * When to come again where nobody says when: LLMs that are down are probed within seconds,
   * budgets refill all the time, and a queue moves on.
   */
  public static final Duration SOON = Duration.ofSeconds(2);

  private final int status;
  private final String type;
  private final @Nullable String code;
  private final transient @Nullable Duration retryAfter;
  private final transient @Nullable ObjectNode llmsOwn;

  /** An error of a type that says enough. */
  public GatewayError(int status, String type, String message) {
    this(status, type, null, message);
  }

  /**
   * @param type as OpenAI's API names it, e.g. {@code invalid_request_error}
   * @param code one word for programs
   */
  public GatewayError(int status, String type, @Nullable String code, String message) {
    this(status, type, code, message, null, null);
  }

  private GatewayError(
      int status,
      String type,
      @Nullable String code,
      String message,
      @Nullable Duration retryAfter,
      @Nullable ObjectNode llmsOwn) {
    super(message);
    this.status = status;
    this.type = type;
    this.code = code;
    this.retryAfter = retryAfter;
    this.llmsOwn = llmsOwn;
  }

  /** The same for a client that may try again after so long. */
  public GatewayError retryAfter(Duration wait) {
    return new GatewayError(status, type, code, message(), wait, llmsOwn);
  }

  /**
   * The same in the LLM's own words.
   *
   * @param error the object of OpenAI's field {@code error}
   */
  public GatewayError inTheWordsOf(ObjectNode error) {
    return new GatewayError(status, type, code, message(), retryAfter, error);
  }

  /** Of a request that is wrong in itself. */
  public static GatewayError badRequest(String message) {
    return new GatewayError(400, "invalid_request_error", message);
  }

  /** Of a request with something that this API cannot hand on; the message names it. */
  public static GatewayError unsupported(String what, String remedy) {
    return new GatewayError(
        400,
        "invalid_request_error",
        "unsupported_parameter",
        what + " is not supported here; " + remedy);
  }

  /** Of a request that has something in it beyond a limit, which the message names. */
  public static GatewayError tooLarge(String message) {
    return new GatewayError(
        413, "invalid_request_error", DeadLetterReason.TOO_LARGE.name(), message + "; send less");
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** As OpenAI's API names it. */
  public String type() {
    return type;
  }

  /** One word for programs; null where the type says enough. */
  public @Nullable String code() {
    return code;
  }

  /** The reason in words. */
  public String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  /** When to try again; null when that is of no use or not known. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** The LLM's own error in OpenAI's form; null when it is ours. */
  public @Nullable ObjectNode llmsOwn() {
    return llmsOwn;
  }
}
