package dev.turnout.app.data.read;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Texts that a Python program printed as a list, e.g. {@code ['first line\nsecond']}: RouterBench
 * writes prompts and answers so. Everything else stays as it is.
 */
final class PythonText {
  private static final int END = -1;

  private final String source;
  private int at;

  private PythonText(String source) {
    this.source = source;
  }

  /**
   * The text in a printed list, its escapes undone; several different texts are joined by line
   * breaks, one that is repeated stands once.
   */
  static String unwrapped(String text) {
    String list = text.strip();
    if (!list.startsWith("[") || !list.endsWith("]")) {
      return text;
    }
    List<String> texts = new PythonText(list).texts();
    return texts.isEmpty() ? text : String.join("\n", new LinkedHashSet<>(texts));
  }

  /** The texts of the list; empty if it is anything else than a list of texts. */
  private List<String> texts() {
    List<String> texts = new ArrayList<>();
    at = 1;
    while (true) {
      skipBlanks();
      int quote = peek();
      StringBuilder text = new StringBuilder();
      if ((quote != '\'' && quote != '"') || !quoted(quote, text)) {
        return List.of();
      }
      texts.add(text.toString());
      skipBlanks();
      if (peek() == ']' && at == source.length() - 1) {
        return texts;
      }
      if (peek() != ',') {
        return List.of();
      }
      at++;
    }
  }

  private void skipBlanks() {
    while (peek() == ' ' || peek() == '\n') {
      at++;
    }
  }

  private int peek() {
    return at < source.length() ? source.charAt(at) : END;
  }

  /** Reads up to and over the closing quote; false if there is none or an escape is unknown. */
  private boolean quoted(int quote, StringBuilder into) {
    at++;
    while (peek() != END) {
      char next = source.charAt(at++);
      if (next == quote) {
        return true;
      }
      if (next != '\\') {
        into.append(next);
      } else if (!escape(into)) {
        return false;
      }
    }
    return false;
  }

  private boolean escape(StringBuilder into) {
    if (peek() == END) {
      return false;
    }
    char kind = source.charAt(at++);
    switch (kind) {
      case 'n' -> into.append('\n');
      case 't' -> into.append('\t');
      case 'r' -> into.append('\r');
      case 'x' -> {
        return code(2, into);
      }
      case 'u' -> {
        return code(4, into);
      }
      case 'U' -> {
        return code(8, into);
      }
      case '\\', '\'', '"' -> into.append(kind);
      default -> into.append('\\').append(kind); // Python leaves what it does not know
    }
    return true;
  }

  private boolean code(int digits, StringBuilder into) {
    if (at + digits > source.length()) {
      return false;
    }
    try {
      int code = Integer.parseUnsignedInt(source.substring(at, at + digits), 16);
      if (!Character.isValidCodePoint(code)) {
        return false;
      }
      into.appendCodePoint(code);
      at += digits;
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
