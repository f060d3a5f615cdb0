package dev.turnout.app.command;

import dev.turnout.config.SettingKind;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether a command waits for what is not there yet. */
public final class WaitOption {

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      description =
          "Wait so long, e.g. 5m, for brokers, registry and topics that are not there yet. Default:"
              + " not at all.")
  private String wait = "0s";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * How long to wait.
   *
   * @throws ParameterException if that is no duration
   */
  public Patience patience() {
    try {
      return new Patience(SettingKind.DURATION.read(wait));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), "--wait " + wait + " is no duration such as 30s or 5m", e);
    }
  }
}
