package dev.turnout.app.command;

import dev.turnout.app.console.JsonLine;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that is nothing by itself: its actions do the work. */
public abstract class ActionsCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** Says which actions there are. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  /** Answers at length; with {@code --json} an object follows on a line of its own. */
  protected final void answer(String text, boolean json, Supplier<Map<String, ?>> object) {
    out().print(text);
    if (json) {
      JsonLine.print(out(), object.get());
    }
    out().flush();
  }

  /** Answers in one line. */
  protected final void say(String text) {
    out().println(text);
    out().flush();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
