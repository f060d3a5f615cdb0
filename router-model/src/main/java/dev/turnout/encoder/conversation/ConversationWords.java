package dev.turnout.encoder.conversation;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text as words: runs of letters and digits in lower case; each ideograph is one. */
final class ConversationWords {
  private ConversationWords() {}

  static List<String> of(String text) {
    String plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < plain.length(); ) {
      int point = plain.codePointAt(i);
      i += Character.charCount(point);
      if (isOwnWord(point)) {
        end(word, words);
        words.add(Character.toString(point));
      } else if (Character.isLetterOrDigit(point)
          || Character.getType(point) == Character.NON_SPACING_MARK) {
        word.appendCodePoint(point);
      } else {
        end(word, words);
      }
    }
    end(word, words);
    return words;
  }

  /** Scripts that put no spaces between words. */
  static boolean isOwnWord(int point) {
    Character.UnicodeScript script = Character.UnicodeScript.of(point);
    return Character.isLetter(point)
        && (script == Character.UnicodeScript.HAN
            || script == Character.UnicodeScript.HIRAGANA
            || script == Character.UnicodeScript.KATAKANA
            || script == Character.UnicodeScript.THAI);
  }

  private static void end(StringBuilder word, List<String> words) {
    if (word.length() > 0) {
      words.add(word.toString());
      word.setLength(0);
    }
  }
}
