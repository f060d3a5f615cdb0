package dev.turnout.console.page;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Figures and times as people read them; what is not known is a dash. */
public final class Words {
  /** What stands for a figure that is not known. */
  public static final String UNKNOWN = "–";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private Words() {}

  /** A share as a percentage of three digits. */
  public static String percent(double share) {
    if (Double.isNaN(share)) {
      return UNKNOWN;
    }
    double value = 100 * share;
    return String.format(
        Locale.ROOT, Math.abs(value) >= 99.95 || value == 0 ? "%.0f %%" : "%.1f %%", value);
  }

  /** Dollars, as many digits as tell something. */
  public static String usd(double amount) {
    if (Double.isNaN(amount)) {
      return UNKNOWN;
    }
    double size = Math.abs(amount);
    String digits =
        size == 0 || size >= 100 ? "%,.2f" : size >= 0.1 ? "%.3f" : size >= 0.001 ? "%.5f" : "%.2g";
    return (amount < 0 ? "-$" : "$") + String.format(Locale.ROOT, digits, size);
  }

  /** A number of things. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A number with so many decimals. */
  public static String number(double value, int decimals) {
    return Double.isNaN(value)
        ? UNKNOWN
        : String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** Milliseconds, or seconds where they are many. */
  public static String millis(double millis) {
    if (Double.isNaN(millis)) {
      return UNKNOWN;
    }
    if (millis < 10) {
      return String.format(Locale.ROOT, "%.1f ms", millis);
    }
    return millis < 1_000
        ? String.format(Locale.ROOT, "%.0f ms", millis)
        : String.format(Locale.ROOT, millis < 10_000 ? "%.2f s" : "%.1f s", millis / 1_000);
  }

  /** Date and time on this machine's clock. */
  public static String time(Instant at) {
    return TIME.format(at.atZone(ZoneId.systemDefault()));
  }

  /** How long ago. */
  public static String ago(Instant at, Instant now) {
    long seconds = Math.max(0, Duration.between(at, now).toSeconds());
    if (seconds < 60) {
      return seconds + " s ago";
    }
    if (seconds < 3_600) {
      return seconds / 60 + " min ago";
    }
    return seconds < 86_400 ? seconds / 3_600 + " h ago" : seconds / 86_400 + " d ago";
  }

  /** The figure, NaN for none. */
  public static double orNaN(@Nullable Number value) {
    return value == null ? Double.NaN : value.doubleValue();
  }
}
