package dev.turnout.app.config;

import java.time.Duration;
import java.util.List;

/**
 * The HTTP gateway role.
 *
 * @param tokens bearer tokens that may ask; empty lets everyone in
 */
public record GatewayConfig(String host, int port, Duration timeout, List<Secret> tokens) {
  public GatewayConfig {
    tokens = List.copyOf(tokens);
  }

  static GatewayConfig from(ConfigValues values) {
    return new GatewayConfig(
        values.text("gateway.host"),
        values.whole("gateway.port"),
        values.duration("gateway.timeout"),
        values.list("gateway.tokens").stream().map(Secret::new).toList());
  }
}
