package dev.turnout.app.command.role;

import dev.turnout.app.role.GraderRole;
import picocli.CommandLine.Command;

/** Runs a grader. */
@Command(
    name = "grader",
    mixinStandardHelpOptions = true,
    description = {
      "Run a grader: outcomes in, grades out.",
      "",
      "Asks a judging LLM at an OpenAI-compatible endpoint to mark each answer from 0 to 10."
          + " Applications may publish grades of their own to the feedback topic as well."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout grader --config turnout.yaml --set grader.url=http://localhost:8000/v1 \\",
      "    --set grader.model=judge --set grader.share=0.2"
    })
public final class GraderCommand extends RoleCommand {
  public GraderCommand() {
    super("grader", GraderRole::start);
  }
}
