package dev.turnout.router.intake;

import dev.turnout.topic.DeadLetterReason;
import org.jspecify.annotations.Nullable;

/** Tells texts worth encoding from empty, huge and binary ones. Immutable. */
public final class TextCheck {
  /** Share of the characters that may be control or replacement characters. */
  private static final double MAX_GARBAGE_SHARE = 0.1;

  private final int maxBytes;

  /**
   * @param maxBytes largest text in bytes of UTF-8
   */
  public TextCheck(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Why a text is refused; null when it may be routed. */
  @Nullable DeadLetter refusal(String text) {
    if (text.isBlank()) {
      return new DeadLetter(DeadLetterReason.EMPTY_TEXT, "the query's text is blank");
    }
    long bytes = 0;
    int garbage = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes++;
        if (c == 0x7f || (c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f')) {
          garbage++;
        }
      } else {
        // A surrogate is half of a four-byte character.
        bytes += c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        if (c == '\ufffd' || c < 0xa0 || c >= '\ufffe') {
          garbage++;
        }
      }
    }
    if (bytes > maxBytes) {
      return new DeadLetter(
          DeadLetterReason.TOO_LARGE,
          "the query's text has " + bytes + " bytes, the limit is " + maxBytes);
    }
    if (garbage > MAX_GARBAGE_SHARE * text.length()) {
      return new DeadLetter(
          DeadLetterReason.NOT_TEXT,
          garbage
              + " of "
              + text.length()
              + " characters are control or replacement characters; binary data must be sent as"
              + " text");
    }
    return null;
  }
}
