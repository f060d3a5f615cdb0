package dev.turnout.grader.check;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;

/**
 * Takes out what an LLM wrote before its answer to think. Some servers hand it on between tags; the
 * opening one may be missing, since templates put it into the prompt.
 */
public final class Thinking {
  private static final Pattern TAG =
      Pattern.compile("(?i)<\\s*(/?)\\s*(?:think|thinking|thought|reasoning|reflection)\\s*>");

  private Thinking() {}

  /** The text without its thinking; thinking that does not end takes all that follows. */
  public static String without(String text) {
    StringBuilder kept = new StringBuilder();
    Matcher tag = TAG.matcher(text);
    int depth = 0;
    int from = 0;
    while (tag.find()) {
      boolean closing = !tag.group(1).isEmpty();
      if (depth == 0) {
        kept.append(text, from, tag.start());
      }
      if (closing && depth == 0) {
        kept.setLength(0); // it was opened before the text began
      }
      depth = Math.max(0, depth + (closing ? -1 : 1));
      from = tag.end();
    }
    if (depth == 0) {
      kept.append(text, from, text.length());
    }
    return kept.toString();
  }
}
