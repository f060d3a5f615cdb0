package dev.turnout.app.command.role;

import dev.turnout.app.role.LearnerRole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a learner. */
@Command(
    name = "learner",
    mixinStandardHelpOptions = true,
    description = {
      "Run a learner: decisions and grades in, better routing out.",
      "",
      "Joins decisions with grades, updates the routers' beliefs within seconds, retrains in the"
          + " background, and promotes a new model only when past traffic shows that it is not"
          + " worse. One learner works, further ones stand by."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout learner --config turnout.yaml",
      "  turnout learner --config turnout.yaml --set learner.train-after-grades=5000"
    })
public final class LearnerCommand extends RoleCommand {
  @Option(
      names = "--from",
      paramLabel = "latest|earliest",
      description =
          "Where learners of a new application id start on the decisions and grades: at the end, or with the earliest."
              + " The same as --set learner.from=...")
  void from(String from) {
    set("learner.from", from);
  }

  public LearnerCommand() {
    super("learner", LearnerRole::start);
  }
}
