package dev.turnout.lab.report;

import dev.turnout.lab.eval.RouterResult;
import dev.turnout.lab.eval.measure.Interval;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Figures as people read them; a dash stands for none. */
final class Figures {
  private Figures() {}

  static String line(String what, String value) {
    return "%-48s %s%n".formatted(what, value);
  }

  static String spread(double average, List<Double> bySeed) {
    return bySeed.size() < 2 || Double.isNaN(average)
        ? percent(average)
        : percent(average) + " ±" + String.format(Locale.ROOT, "%.2f", RouterResult.spread(bySeed));
  }

  static String percent(double value) {
    return number("%.2f", value);
  }

  /** A difference with its interval; a dash for none. */
  static String interval(@Nullable Interval interval) {
    return interval == null
        ? "–"
        : String.format(
            Locale.ROOT,
            "%+.2f [%+.2f, %+.2f]",
            interval.estimate(),
            interval.low(),
            interval.high());
  }

  static String ratio(double value) {
    return number("%.3f", value);
  }

  static String share(double value) {
    return number("%.1f %%", 100 * value);
  }

  static String dollars(double value) {
    return number("%.4f", value);
  }

  /** The number, or a dash for none. */
  static String number(String format, double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, format, value);
  }
}
