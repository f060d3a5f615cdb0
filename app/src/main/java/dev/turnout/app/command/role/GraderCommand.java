package dev.turnout.app.command.role;

import dev.turnout.app.role.GraderRole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a grader. */
@Command(
    name = "grader",
    mixinStandardHelpOptions = true,
    description = {
      "Run a grader: outcomes in, grades out.",
      "",
      "What grader.kind may be:",
      "  judge        other LLMs mark the answer from 0 to 10 (the default)",
      "  exact        the answer is the expected text",
      "  numeric      its final number is the expected one",
      "  choice       it chooses the expected letter",
      "  regex        a regular expression (RE2) is found in it",
      "  json-schema  it is JSON that keeps to a schema",
      "  code         its code passes tests; needs grader.code.allow=true",
      "  implicit     what users do next: ask again, ask in other words, leave, go on",
      "",
      "What is expected stands in the query's metadata (turnout.expected, turnout.pattern,"
          + " turnout.schema, turnout.tests) or in grader.expected. Only answers are graded: what"
          + " failed, came too late or was refused is not. Several graders run beside each other,"
          + " each with an id of its own. Users' thumbs need no grader, the gateway takes them"
          + " (POST /v1/feedback), and applications may publish grades to the feedback topic.",
      "docs/graders.md has an example of each kind."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout grader --config turnout.yaml --set grader.url=http://localhost:8000/v1 \\",
      "    --set grader.model=judge --set grader.share=0.2",
      "  turnout grader --config turnout.yaml --set grader.kind=numeric",
      "  turnout grader --config turnout.yaml --set grader.kind=json-schema \\",
      "    --set grader.expected=@invoice.schema.json",
      "  turnout grader --config turnout.yaml --set grader.kind=implicit"
    })
public final class GraderCommand extends RoleCommand {
  @Option(
      names = "--from",
      paramLabel = "latest|earliest",
      description =
          "Where graders of a new id start on the outcomes: at the end, or with the earliest."
              + " The same as --set grader.from=...")
  void from(String from) {
    set("grader.from", from);
  }

  public GraderCommand() {
    super("grader", GraderRole::start);
  }
}
