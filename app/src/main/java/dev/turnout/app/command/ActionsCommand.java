package dev.turnout.app.command;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.console.JsonLine;
import dev.turnout.topic.LogText;
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
    out().println(LogText.visible(text));
    out().flush();
  }

  /**
   * One of the things that a topic holds.
   *
   * @param what its kind, e.g. {@code LLM}
   * @throws CommandFailure naming those that are there if it is not among them
   */
  protected static <V> V require(Map<String, V> known, String what, String id, String topic) {
    V found = known.get(id);
    if (found == null) {
      throw new CommandFailure(
          "no " + what + " " + id + " on " + topic + "; there are: " + known.keySet());
    }
    return found;
  }

  /** Where answers go. */
  protected final PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
