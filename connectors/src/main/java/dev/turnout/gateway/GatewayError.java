package dev.turnout.gateway;

import dev.turnout.topic.DeadLetterReason;
import org.jspecify.annotations.Nullable;

/** A request the gateway cannot serve, with the HTTP status to answer and the reason in words. */
final class GatewayError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final @Nullable String code;

  GatewayError(int status, String type, String message) {
    this(status, type, null, message);
  }

  GatewayError(int status, String type, @Nullable String code, String message) {
    super(message);
    this.status = status;
    this.type = type;
    this.code = code;
  }

  static GatewayError badRequest(String message) {
    return new GatewayError(400, "invalid_request_error", message);
  }

  /** Of a request that has something in it beyond a limit, which the message names. */
  static GatewayError tooLarge(String message) {
    return new GatewayError(
        413, "invalid_request_error", DeadLetterReason.TOO_LARGE.name(), message + "; send less");
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }

  /** One word for programs; null where the type says enough. */
  @Nullable String code() {
    return code;
  }
}
