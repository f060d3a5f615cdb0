package dev.turnout.llm.failure;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** How long a server wants to be left alone. */
public final class RetryAfter {

  private static final Duration LONGEST = Duration.ofHours(1);

  private RetryAfter() {}

  /**
   * Reads {@code retry-after-ms}, which OpenAI and Azure send, and {@code Retry-After} in seconds
   * or as a date (RFC 9110).
   *
   * @return from 0 to an hour; null when the server does not say, or nothing that can be read
   */
  public static @Nullable Duration of(HttpHeaders headers, Instant now) {
    Duration precise =
        headers.firstValue("retry-after-ms").map(text -> number(text, 1)).orElse(null);
    Duration wanted =
        precise != null
            ? precise
            : headers.firstValue("Retry-After").map(text -> either(text, now)).orElse(null);
    if (wanted == null) {
      return null;
    }
    if (wanted.isNegative()) {
      return Duration.ZERO;
    }
    return wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted;
  }

  private static @Nullable Duration either(String text, Instant now) {
    Duration seconds = number(text, 1_000);
    if (seconds != null) {
      return seconds;
    }
    try {
      return Duration.between(
          now, Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip())));
    } catch (DateTimeException | ArithmeticException unreadable) {
      return null;
    }
  }

  private static @Nullable Duration number(String text, double millis) {
    try {
      double amount = Double.parseDouble(text.strip()) * millis;
      // far beyond the longest, and yet no overflow
      return Double.isNaN(amount) ? null : Duration.ofMillis(Math.round(Math.min(amount, 1e12)));
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }
}
