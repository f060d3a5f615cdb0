package dev.turnout.app.command.role;

import dev.turnout.app.role.GatewayRole;
import picocli.CommandLine.Command;

/** Runs the HTTP gateway. */
@Command(
    name = "gateway",
    mixinStandardHelpOptions = true,
    description = {
      "Run the HTTP gateway: an OpenAI-compatible endpoint in front of the topics.",
      "",
      "POST /v1/chat/completions (the model \"turnout\" lets the router choose), POST /v1/queries,"
          + " GET /v1/decisions/{id}, POST /v1/feedback."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout gateway --config turnout.yaml",
      "  curl localhost:8080/v1/chat/completions -H 'content-type: application/json' \\",
      "    -d '{\"model\":\"turnout\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}'"
    })
public final class GatewayCommand extends RoleCommand {
  public GatewayCommand() {
    super("gateway", GatewayRole::start);
  }
}
