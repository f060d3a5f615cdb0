package dev.turnout.app.role;

import dev.turnout.app.config.Secret;
import dev.turnout.app.config.TurnoutConfig;
import dev.turnout.gateway.Gateway;
import dev.turnout.gateway.GatewaySettings;
import io.micrometer.core.instrument.MeterRegistry;

/** The HTTP gateway. */
public final class GatewayRole implements RunningRole {

  private final Gateway gateway;

  private GatewayRole(Gateway gateway) {
    this.gateway = gateway;
  }

  public static GatewayRole start(TurnoutConfig config, MeterRegistry metrics) {
    Topics.createIfWished(config);
    GatewaySettings settings =
        GatewaySettings.of(
                config.gateway().port(),
                config.topics().catalogue(),
                config.kafka().clientSettings(),
                config.registry().serdeSettings())
            .with(
                config.gateway().host(),
                config.gateway().timeout(),
                config.gateway().tokens().stream().map(Secret::value).toList());
    return new GatewayRole(Gateway.start(settings, metrics));
  }

  @Override
  public Health health() {
    // Started means that the topics are read; a lost broker is waited for.
    return Health.good();
  }

  @Override
  public void close() {
    gateway.close();
  }
}
