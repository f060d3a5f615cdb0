package dev.turnout.app.command.role;

import dev.turnout.app.config.MetricsSettings;
import dev.turnout.app.role.RoleProcess;
import dev.turnout.app.role.RouterRole;
import dev.turnout.config.SettingValues;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs a router. */
@Command(
    name = "router",
    mixinStandardHelpOptions = true,
    description = {
      "Run a router: queries in, decisions and requests out.",
      "",
      "Follows models and LLMs on their topics, encodes each polled batch at once, and decides"
          + " exactly once. Any number of routers share the queries. Serves /metrics, /startupz,"
          + " /healthz and /readyz."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout router --config turnout.yaml",
      "  turnout router --config turnout.yaml --set router.guarantee=at-least-once",
      "  TURNOUT_KAFKA_BOOTSTRAP_SERVERS=kafka:9092 turnout router"
    })
public final class RouterCommand implements Callable<Integer> {

  @Mixin private RoleOptions options = new RoleOptions();

  @Override
  public Integer call() throws InterruptedException {
    SettingValues values = options.read();
    RoleProcess.run(
        "router", MetricsSettings.from(values), metrics -> RouterRole.start(values, metrics));
    return 0;
  }
}
