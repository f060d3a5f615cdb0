package dev.turnout.app.quickstart;

import java.io.PrintWriter;
import java.time.Duration;

/** One line every few seconds, for pipes and logs. */
final class PlainView implements View {

  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private final PrintWriter out;
  private Duration last = Duration.ZERO;

  PlainView(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void step(String text) {
    out.println(text);
    out.flush();
  }

  @Override
  public void show(LiveFigures.Snapshot now, Duration running) {
    if (running.minus(last).compareTo(INTERVAL) >= 0) {
      last = running;
      step(ViewFrame.line(now, running));
    }
  }

  @Override
  public void close() {
    out.flush();
  }
}
