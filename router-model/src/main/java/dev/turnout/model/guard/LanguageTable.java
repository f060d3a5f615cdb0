package dev.turnout.model.guard;

/** A hashed table of counts; what falls into one slot counts together. */
enum LanguageTable {
  /** Three characters. */
  LETTERS(14, 0.02),
  /** The first two of them. */
  CONTEXT(13, 0.02 * TextTrace.ALPHABET),
  /** Words. */
  WORD(13, 0.3),
  /** Two words. */
  WORDS(15, 0),
  /** Frequent words and the endings of the others. */
  CLASS(13, 0.5),
  /** Two of those. */
  CLASSES(16, 0);

  private final int bits;
  private final double smoothing;

  LanguageTable(int bits, double smoothing) {
    this.bits = bits;
    this.smoothing = smoothing;
  }

  /** Where tables in a row hold it. */
  @SuppressWarnings("EnumOrdinal") // models know tables by their place
  int place() {
    return ordinal();
  }

  int size() {
    return 1 << bits;
  }

  double smoothing() {
    return smoothing;
  }

  int slot(int key) {
    return (int) ((key * 0x9E3779B97F4A7C15L) >>> (64 - bits));
  }

  int slot(int first, int second) {
    return (int)
        (((((((long) first << 32) | (second & 0xFFFFFFFFL)) * 0xD1342543DE82EF95L) + first)
                * 0x9E3779B97F4A7C15L)
            >>> (64 - bits));
  }
}
