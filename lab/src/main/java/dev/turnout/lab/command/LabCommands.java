package dev.turnout.lab.command;

import dev.turnout.app.command.CommandProvider;
import java.util.List;

/** The commands of the laboratory. */
public final class LabCommands implements CommandProvider {

  @Override
  public List<Object> commands() {
    return List.of(new EvalCommand(), new ReplayCommand(), new BenchCommand());
  }
}
