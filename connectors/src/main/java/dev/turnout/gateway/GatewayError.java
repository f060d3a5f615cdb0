package dev.turnout.gateway;

/** A request the gateway cannot serve, with the HTTP status to answer and the reason in words. */
final class GatewayError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;

  GatewayError(int status, String type, String message) {
    super(message);
    this.status = status;
    this.type = type;
  }

  static GatewayError badRequest(String message) {
    return new GatewayError(400, "invalid_request_error", message);
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }
}
