package dev.turnout.app.quickstart.view;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/** One line every few seconds, for pipes and logs. */
public final class PlainView implements View {

  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private final PrintWriter out;
  private Duration last = Duration.ZERO;
  private int told;

  public PlainView(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void step(String text) {
    out.println(text);
    out.flush();
  }

  @Override
  public void show(LiveFigures.Snapshot now, Duration running) {
    List<LiveFigures.Event> events = now.events();
    for (int i = events.size() - 1; i >= 0; i--) {
      if (events.get(i).number() > told) {
        told = events.get(i).number();
        step("! " + events.get(i).text());
      }
    }
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
