package dev.turnout.encoder.wordpiece;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * BERT's lower-casing WordPiece tokenizer: drops control characters, sets ideographs apart,
 * decomposes and strips accents, lower-cases, splits at blanks and punctuation, then takes the
 * longest vocabulary entry from the left, again and again. Equal, token by token, to the reference
 * tokenizers library (a test compares them), without its native call and several times faster: a
 * text of plain ASCII goes through one table look-up a character and one a word that is a token, or
 * one trie step a character of any other, and allocates nothing.
 *
 * <p>Immutable and safe for use by several threads; each brings its own {@link TokenIds}.
 */
public final class WordPieceTokenizer {
  private final WordPieceVocabulary vocabulary;
  private final WholeWords words;
  private final VocabularyTrie trie;

  public WordPieceTokenizer(WordPieceVocabulary vocabulary) {
    this.vocabulary = vocabulary;
    this.words = new WholeWords(vocabulary);
    this.trie = new VocabularyTrie(vocabulary);
  }

  public WordPieceVocabulary vocabulary() {
    return vocabulary;
  }

  /** The tokens of {@code text} without {@code [CLS]} and {@code [SEP]}. */
  public int[] tokenize(String text) {
    TokenIds ids = new TokenIds();
    tokenize(text, ids);
    return ids.toArray();
  }

  /**
   * Appends the tokens of {@code text}, without {@code [CLS]} and {@code [SEP]}, to {@code out}.
   */
  public void tokenize(String text, TokenIds out) {
    int from = 0;
    for (int at = text.indexOf('['); at >= 0; at = text.indexOf('[', at)) {
      String added = addedTokenAt(text, at);
      if (added == null) {
        at++;
        continue;
      }
      plain(text, from, at, out);
      out.add(vocabulary.tokens().getOrDefault(added, vocabulary.unknown()));
      at += added.length();
      from = at;
    }
    plain(text, from, text.length(), out);
  }

  private @Nullable String addedTokenAt(String text, int at) {
    for (String token : vocabulary.added()) {
      if (text.startsWith(token, at)) {
        return token;
      }
    }
    return null;
  }

  private void plain(String text, int from, int to, TokenIds out) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) >= 128) {
        unicode(text, from, to, out);
        return;
      }
    }
    ascii(text, from, to, out);
  }

  private void ascii(String text, int from, int to, TokenIds out) {
    Word word = out.word();
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      switch (BertCharacters.ofAscii(c)) {
        case BertCharacters.WORD -> word.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        case BertCharacters.SPACE -> flush(word, out);
        case BertCharacters.PUNCTUATION -> {
          flush(word, out);
          word.append(c);
          flush(word, out);
        }
        default -> {}
      }
    }
    flush(word, out);
  }

  private void unicode(String text, int from, int to, TokenIds out) {
    CharSequence decomposed = decompose(clean(text, from, to));
    Word word = out.word();
    int length = decomposed.length();
    for (int i = 0; i < length; ) {
      int codePoint = Character.codePointAt(decomposed, i);
      i += Character.charCount(codePoint);
      if (Character.getType(codePoint) == Character.NON_SPACING_MARK) {
        continue;
      }
      int lower = Character.toLowerCase(codePoint);
      if (BertCharacters.isWhitespace(lower)) {
        flush(word, out);
      } else if (BertCharacters.isPunctuation(lower)) {
        flush(word, out);
        word.append(lower);
        flush(word, out);
      } else {
        word.append(lower);
      }
    }
    flush(word, out);
  }

  private static StringBuilder clean(String text, int from, int to) {
    StringBuilder cleaned = new StringBuilder(to - from + 32);
    for (int i = from; i < to; ) {
      int codePoint = text.codePointAt(i);
      i += Character.charCount(codePoint);
      if (BertCharacters.isDropped(codePoint)) {
        continue;
      }
      if (BertCharacters.isWhitespace(codePoint)) {
        cleaned.append(' ');
      } else if (BertCharacters.isIdeograph(codePoint)) {
        cleaned.append(' ').appendCodePoint(codePoint).append(' ');
      } else {
        cleaned.appendCodePoint(codePoint);
      }
    }
    return cleaned;
  }

  private static CharSequence decompose(StringBuilder text) {
    return Normalizer.isNormalized(text, Normalizer.Form.NFD)
        ? text
        : Normalizer.normalize(text, Normalizer.Form.NFD);
  }

  private void flush(Word word, TokenIds out) {
    int length = word.length();
    if (length == 0) {
      return;
    }
    if (word.codePoints() > vocabulary.longestWord()) {
      out.add(vocabulary.unknown());
      word.clear();
      return;
    }
    int whole = words.token(word);
    if (whole != WholeWords.NONE) {
      out.add(whole);
      word.clear();
      return;
    }
    int wordBegin = out.size();
    int begin = 0;
    while (begin < length) {
      int node = begin == 0 ? VocabularyTrie.WORD_START : VocabularyTrie.CONTINUATION;
      int longest = VocabularyTrie.NONE;
      int end = begin;
      for (int i = begin; i < length; i++) {
        node = trie.child(node, word.charAt(i));
        if (node == VocabularyTrie.NONE) {
          break;
        }
        int token = trie.token(node);
        if (token != VocabularyTrie.NONE) {
          longest = token;
          end = i + 1;
        }
      }
      if (longest == VocabularyTrie.NONE) {
        out.truncate(wordBegin);
        out.add(vocabulary.unknown());
        break;
      }
      out.add(longest);
      begin = end;
    }
    word.clear();
  }
}
