package dev.turnout.app.quickstart.view;

import dev.turnout.train.Progress;
import java.util.Locale;

/** Reports a training that takes long: each stage at most every other second. */
public final class StepProgress implements Progress {

  private static final long INTERVAL_NANOS = 2_000_000_000L;

  private final View view;
  private long last = System.nanoTime();

  public StepProgress(View view) {
    this.view = view;
  }

  @Override
  public void report(String stage, double fraction) {
    if (System.nanoTime() - last > INTERVAL_NANOS) {
      last = System.nanoTime();
      view.step(String.format(Locale.ROOT, "  %s: %.0f %%", stage, 100 * fraction));
    }
  }
}
