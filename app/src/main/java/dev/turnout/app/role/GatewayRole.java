package dev.turnout.app.role;

import dev.turnout.config.SettingValues;
import dev.turnout.gateway.Gateway;
import dev.turnout.gateway.GatewaySettings;
import dev.turnout.router.RouterSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;

/** The HTTP gateway. */
public final class GatewayRole implements RunningRole {

  private final Gateway gateway;

  private GatewayRole(Gateway gateway) {
    this.gateway = gateway;
  }

  public static GatewayRole start(SettingValues values, MeterRegistry metrics, Startup startup) {
    GatewaySettings settings =
        GatewaySettings.from(values)
            .withRouterGroup(RouterSettings.from(values, "").applicationId());
    startup.awaitTopics(settings.connection(), settings.requiredTopics(), Startup.CREATE);
    return new GatewayRole(Gateway.start(settings, metrics));
  }

  @Override
  public Health health() {
    return Health.of(gateway.health(Instant.now()));
  }

  @Override
  public void close() {
    gateway.close();
  }
}
