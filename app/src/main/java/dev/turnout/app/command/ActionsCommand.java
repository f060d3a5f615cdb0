package dev.turnout.app.command;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that is nothing by itself: its actions do the work. */
abstract class ActionsCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** Says which actions there are. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  /** Where answers go. */
  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Answers in one line. */
  final void say(String text) {
    out().println(text);
    out().flush();
  }
}
