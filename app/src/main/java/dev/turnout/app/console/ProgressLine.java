package dev.turnout.app.console;

import dev.turnout.train.Progress;
import java.io.PrintStream;
import picocli.CommandLine.Help.Ansi;

/** Shows one line of progress on a terminal, and one line a stage elsewhere. */
public final class ProgressLine implements Progress {
  private static final int WIDTH = 72;

  private final PrintStream out;
  private final boolean terminal;
  private String last = "";

  private ProgressLine(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Progress on standard error. */
  public static ProgressLine onStandardError() {
    return new ProgressLine(System.err, Ansi.AUTO.enabled());
  }

  @Override
  public void report(String stage, double fraction) {
    if (terminal) {
      String text = "%-50s %3.0f %%".formatted(stage, 100 * fraction);
      out.print("\r" + text);
      out.flush();
    } else if (!stage.equals(last)) {
      out.println(stage + " …");
    }
    last = stage;
  }

  /** Clears the line, so that other output can follow. */
  public void done() {
    if (terminal) {
      out.print("\r" + " ".repeat(WIDTH) + "\r");
      out.flush();
    }
    last = "";
  }
}
