package dev.turnout.policy;

import java.util.Locale;

/**
 * Numbers in reasons. Every decision carries one, and {@link String#format} alone would cost more
 * than scoring.
 */
public final class Decimals {
  private static final long[] POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000};

  /** Above it the scaled value would not be exact. */
  private static final double LARGEST = 1e9;

  private Decimals() {}

  /**
   * A value with a fixed number of decimals, rounded half up.
   *
   * @param digits 0 to 6
   */
  public static String fixed(double value, int digits) {
    if (!(Math.abs(value) < LARGEST)) {
      return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
    long scaled = Math.round(Math.abs(value) * POWERS[digits]);
    StringBuilder text = new StringBuilder(16);
    if (value < 0 && scaled > 0) {
      text.append('-');
    }
    text.append(scaled / POWERS[digits]);
    if (digits > 0) {
      text.append('.');
      long rest = scaled % POWERS[digits];
      for (int digit = digits - 1; digit > 0 && rest < POWERS[digit]; digit--) {
        text.append('0');
      }
      text.append(rest);
    }
    return text.toString();
  }
}
