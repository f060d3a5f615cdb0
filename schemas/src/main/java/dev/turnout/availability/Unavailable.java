package dev.turnout.availability;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * An LLM cannot answer at present.
 *
 * @param since when that began, by the clock of whoever found it
 * @param reason what was found, in words
 */
public record Unavailable(Instant since, String reason) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC);

  /** E.g. {@code unavailable since 12:03 UTC: HTTP 500}. */
  public String text() {
    return "unavailable since " + TIME.format(since) + " UTC: " + reason;
  }
}
