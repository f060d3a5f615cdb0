package dev.turnout.app.command.role;

import dev.turnout.app.config.MetricsSettings;
import dev.turnout.app.role.LearnerRole;
import dev.turnout.app.role.RoleProcess;
import dev.turnout.config.SettingValues;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
public final class LearnerCommand implements Callable<Integer> {

  @Mixin private RoleOptions options = new RoleOptions();

  @Override
  public Integer call() throws InterruptedException {
    SettingValues values = options.read();
    RoleProcess.run(
        "learner", MetricsSettings.from(values), metrics -> LearnerRole.start(values, metrics));
    return 0;
  }
}
