package dev.turnout.app.command.role;

import dev.turnout.app.role.ConsoleRole;
import picocli.CommandLine.Command;

/** Runs the web console. */
@Command(
    name = "console",
    mixinStandardHelpOptions = true,
    description = {
      "Run the web console: what flows to which LLM, why, and what was learnt.",
      "",
      "It reads the topics and asks for no key on this machine; whoever changes which model serves"
          + " needs one that may administer."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout console --config turnout.yaml",
      "  turnout keys create me --may administer   a key for what changes something"
    })
public final class ConsoleCommand extends RoleCommand {
  public ConsoleCommand() {
    super("console", ConsoleRole::start);
  }
}
