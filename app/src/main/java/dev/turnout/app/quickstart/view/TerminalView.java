package dev.turnout.app.quickstart.view;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;

/** Redraws one picture in place. */
public final class TerminalView implements View {

  private final ViewFrame frame;
  private final Terminal terminal;
  private final Display display;
  private boolean drawn;

  private TerminalView(ViewFrame frame, Terminal terminal) {
    this.frame = frame;
    this.terminal = terminal;
    this.display = new Display(terminal, false);
  }

  public static TerminalView open(ViewFrame frame) {
    try {
      // With signal handlers of its own JLine would end the process on Ctrl-C before it has closed.
      return new TerminalView(
          frame, TerminalBuilder.builder().system(true).nativeSignals(false).build());
    } catch (IOException e) {
      throw new UncheckedIOException("the terminal cannot be opened", e);
    }
  }

  @Override
  public void step(String text) {
    terminal.writer().println(text);
    terminal.flush();
  }

  @Override
  public void show(LiveFigures.Snapshot now, Duration running) {
    Size size = terminal.getSize();
    int columns = size.getColumns() > 0 ? size.getColumns() : 100;
    int rows = size.getRows() > 0 ? size.getRows() : 40;
    display.resize(rows, columns);
    List<AttributedString> lines =
        frame.lines(now, running).stream()
            .limit(rows - 1L)
            .map(line -> new AttributedString(line).columnSubSequence(0, columns - 1))
            .toList();
    display.update(lines, -1);
    drawn = true;
  }

  @Override
  public void close() {
    if (drawn) {
      // The last picture stays on the screen, what follows goes below it.
      terminal.writer().println();
    }
    terminal.flush();
    try {
      terminal.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the terminal cannot be closed", e);
    }
  }
}
