package dev.turnout.encoder.wordpiece;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The words that are one token as they stand, in one open-addressing table: most words of a text
 * are found by one probe, where the trie takes one a character. Immutable.
 */
final class WholeWords {
  static final int NONE = -1;

  /** Hash in the upper half, place of the word plus 1 in the lower; 0 where nothing is. */
  private final long[] slots;

  private final int mask;
  private final char[] units;

  /** Where each word begins in {@code units}; one more than there are words. */
  private final int[] begins;

  private final int[] tokens;

  WholeWords(WordPieceVocabulary vocabulary) {
    Map<Integer, String> byId = new TreeMap<>(); // common ones lie together, as ids go by frequency
    vocabulary
        .tokens()
        .forEach(
            (token, id) -> {
              if (!vocabulary.isContinuation(token) && !token.isEmpty()) {
                byId.put(id, token);
              }
            });
    List<String> words = List.copyOf(byId.values());
    this.tokens = byId.keySet().stream().mapToInt(Integer::intValue).toArray();
    this.begins = new int[words.size() + 1];
    this.units = String.join("", words).toCharArray();
    this.slots = new long[Integer.highestOneBit(Math.max(16, words.size())) * 4];
    this.mask = slots.length - 1;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      begins[i + 1] = begins[i] + word.length();
      int hash = 0;
      for (int c = 0; c < word.length(); c++) {
        hash = Word.hash(hash, word.charAt(c));
      }
      int slot = slot(hash);
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = (long) hash << 32 | (i + 1);
    }
  }

  /** The token of a word, or {@link #NONE}. */
  int token(Word word) {
    int hash = word.hash();
    int slot = slot(hash);
    while (true) {
      long entry = slots[slot];
      if (entry == 0) {
        return NONE;
      }
      if ((int) (entry >>> 32) == hash) {
        int place = (int) entry - 1;
        if (word.is(units, begins[place], begins[place + 1])) {
          return tokens[place];
        }
      }
      slot = (slot + 1) & mask;
    }
  }

  private int slot(int hash) {
    int mixed = hash * 0x9E3779B9;
    return (mixed ^ mixed >>> 16) & mask;
  }
}
