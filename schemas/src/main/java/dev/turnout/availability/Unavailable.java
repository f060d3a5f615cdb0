package dev.turnout.availability;

import dev.turnout.schema.LlmProfile;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * An LLM cannot answer at present.
 *
 * @param since when that began, by the clock of whoever found it
 * @param reason what was found, in words
 * @param deserted whether none of its workers lives, rather than that they find it down
 */
public record Unavailable(Instant since, String reason, boolean deserted) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC);

  /**
   * Whether it holds for an LLM; not where requests start the workers that it lacks.
   *
   * @param llm its profile; null when there is none, or it is not known yet
   */
  public boolean holdsFor(@Nullable LlmProfile llm) {
    return llm == null || !(deserted && llm.getOnDemand());
  }

  /** E.g. {@code unavailable since 12:03 UTC: HTTP 500}. */
  public String text() {
    return "unavailable since " + TIME.format(since) + " UTC: " + reason;
  }
}
