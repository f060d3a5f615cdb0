package dev.turnout.app.command.role;

import dev.turnout.app.role.RouterRole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
  @Option(
      names = "--from",
      paramLabel = "latest|earliest",
      description =
          "Where routers of a new application id start on the queries: at the end, or with the earliest."
              + " The same as --set router.from=...")
  void from(String from) {
    set("router.from", from);
  }

  public RouterCommand() {
    super("router", RouterRole::start);
  }
}
