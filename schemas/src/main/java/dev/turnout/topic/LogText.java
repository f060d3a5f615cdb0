package dev.turnout.topic;

/**
 * Text from outside, fit for one line of a log: ids and names of queries, LLMs and tenants are
 * chosen by clients, and a line break in one must not look like another event.
 */
public final class LogText {
  private LogText() {}

  /**
   * Escapes what could end a line, end a quoted value, or change how the rest is shown: control and
   * format characters, line and paragraph separators, lone surrogates, quotes and backslashes. The
   * same text comes back if there are none.
   *
   * @param text e.g. a query's id
   * @return with escapes as in Java, e.g. {@code \n}
   */
  public static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isUnsafe(text, i)) {
        return escaped(text);
      }
    }
    return text;
  }

  /**
   * The same for a terminal or a table, where quotes and backslashes do no harm: text from outside
   * must not move the cursor, colour what follows or begin a line of its own.
   *
   * @param text e.g. an LLM's id
   * @return with escapes as in Java for what is not shown, e.g. {@code \\u001b}
   */
  public static String visible(String text) {
    StringBuilder visible = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean hidden = c != '"' && c != '\\' && isUnsafe(text, i);
      if (hidden && visible == null) {
        visible = new StringBuilder(text.length() + 16).append(text, 0, i);
      }
      if (visible != null) {
        visible.append(hidden ? escaped(String.valueOf(c)) : String.valueOf(c));
      }
    }
    return visible == null ? text : visible.toString();
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isUnsafe(text, i)) {
        escaped.append(c);
        continue;
      }
      switch (c) {
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        case '"', '\\' -> escaped.append('\\').append(c);
        default -> escaped.append(String.format("\\u%04x", (int) c));
      }
    }
    return escaped.toString();
  }

  private static boolean isUnsafe(String text, int at) {
    char c = text.charAt(at);
    if (Character.isHighSurrogate(c)) {
      return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> c == '"' || c == '\\';
    };
  }
}
