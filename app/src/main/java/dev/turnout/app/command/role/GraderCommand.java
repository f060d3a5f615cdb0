package dev.turnout.app.command.role;

import dev.turnout.app.config.MetricsSettings;
import dev.turnout.app.role.GraderRole;
import dev.turnout.app.role.RoleProcess;
import dev.turnout.config.SettingValues;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
public final class GraderCommand implements Callable<Integer> {

  @Mixin private RoleOptions options = new RoleOptions();

  @Override
  public Integer call() throws InterruptedException {
    SettingValues values = options.read();
    RoleProcess.run(
        "grader", MetricsSettings.from(values), metrics -> GraderRole.start(values, metrics));
    return 0;
  }
}
