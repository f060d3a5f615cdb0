package dev.turnout.app.role;

import dev.turnout.config.SettingValues;
import dev.turnout.console.Console;
import dev.turnout.console.ConsoleSettings;
import dev.turnout.router.RouterSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;

/** The web console. */
public final class ConsoleRole implements RunningRole {

  private final Console console;

  private ConsoleRole(Console console) {
    this.console = console;
  }

  public static ConsoleRole start(SettingValues values, MeterRegistry metrics, Startup startup) {
    ConsoleSettings settings =
        ConsoleSettings.from(values)
            .withRouterGroup(RouterSettings.from(values, "").applicationId());
    startup.awaitTopics(settings.connection(), settings.requiredTopics(), Startup.CREATE);
    // what was written before it started is decoded at once
    return new ConsoleRole(
        startup.awaitRegistry(settings.connection(), () -> Console.start(settings, metrics)));
  }

  @Override
  public Health health() {
    return Health.of(console.health(Instant.now()));
  }

  @Override
  public void close() {
    console.close();
  }
}
