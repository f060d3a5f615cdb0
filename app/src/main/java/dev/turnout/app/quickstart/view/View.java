package dev.turnout.app.quickstart.view;

import java.time.Duration;

/** Where a quickstart shows how it is getting on. */
public interface View extends AutoCloseable {

  /** One line on a step of the start. */
  void step(String text);

  /** Shows the figures of this moment. */
  void show(LiveFigures.Snapshot now, Duration running);

  @Override
  void close();
}
