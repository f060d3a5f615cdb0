package dev.turnout.app.command.role;

import dev.turnout.app.role.RouterRole;
import picocli.CommandLine.Command;

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
public final class RouterCommand extends RoleCommand {
  public RouterCommand() {
    super("router", RouterRole::start);
  }
}
