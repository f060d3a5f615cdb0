package dev.turnout.model.guard;

/**
 * How a text's language differs from that of the training texts. Training and serving both go
 * through here; they differ in where the counts come from.
 */
final class LanguageStatistics {
  /** Surprise at the characters, in nats each. */
  static final int LETTERS = 0;

  /** How much less likely each word is behind the one before it than anywhere. */
  static final int ORDER = 3;

  /** The same for classes of words, which are seen more often. */
  static final int CLASS_ORDER = 8;

  static final int COUNT = 10;

  /** A word seen this often in 300,000 stands for itself, a rarer one for its ending. */
  private static final double FREQUENT = 20;

  private LanguageStatistics() {}

  static int lettersSlot(TextTrace trace, int i) {
    return LanguageTable.LETTERS.slot(
        (trace.letter(i) * TextTrace.ALPHABET + trace.letter(i + 1)) * TextTrace.ALPHABET
            + trace.letter(i + 2));
  }

  static int contextSlot(TextTrace trace, int i) {
    return trace.letter(i) * TextTrace.ALPHABET + trace.letter(i + 1);
  }

  /** What stands for a word among the classes. */
  static int classOf(TextTrace trace, int i, double count, double words) {
    return count >= FREQUENT * Math.max(1, words / 3e5) ? trace.word(i) : trace.ending(i);
  }

  /** Writes {@code double[COUNT]} at the beginning of {@code out}. */
  static void write(LanguageView view, TextTrace trace, double[] out) {
    letters(view, trace, out);
    words(view, trace, out);
  }

  private static void letters(LanguageView view, TextTrace trace, double[] out) {
    double sum = 0;
    double squares = 0;
    int count = trace.letterCount() - 2;
    for (int i = 0; i < count; i++) {
      double surprise =
          view.log(LanguageTable.CONTEXT, contextSlot(trace, i))
              - view.log(LanguageTable.LETTERS, lettersSlot(trace, i));
      sum += surprise;
      double bounded = Math.min(9, surprise);
      squares += bounded * bounded;
    }
    out[LETTERS] = sum / count;
    out[1] = Math.sqrt(squares / count);
  }

  private static void words(LanguageView view, TextTrace trace, double[] out) {
    double all = Math.max(1, view.words());
    int last = trace.wordCount() - 1;
    double order = 0;
    double classOrder = 0;
    double rarity = 0;
    int unseen = 0;
    int unknown = 0;
    double head = Double.POSITIVE_INFINITY;
    double tail = Double.POSITIVE_INFINITY;
    double before = view.count(LanguageTable.WORD, LanguageTable.WORD.slot(trace.word(0)));
    int classBefore = classOf(trace, 0, before, all);
    double classBeforeCount =
        view.count(LanguageTable.CLASS, LanguageTable.CLASS.slot(classBefore));
    for (int i = 1; i <= last; i++) {
      int slot = LanguageTable.WORD.slot(trace.word(i));
      double count = view.count(LanguageTable.WORD, slot);
      double pair =
          view.count(
              LanguageTable.WORDS, LanguageTable.WORDS.slot(trace.word(i - 1), trace.word(i)));
      order += clipped(gain(before, count + 0.3, pair - 0.5, all, 8, 0.7, 1), 3);
      unseen += pair == 0 ? 1 : 0;
      head = i <= 2 ? Math.min(head, pair) : head;
      tail = i >= last - 1 ? Math.min(tail, pair) : tail;
      if (i < last) {
        rarity += Math.log(all) - view.log(LanguageTable.WORD, slot);
        unknown += count == 0 ? 1 : 0;
      }
      int classNow = classOf(trace, i, count, all);
      double classCount = view.count(LanguageTable.CLASS, LanguageTable.CLASS.slot(classNow));
      double classPair =
          view.count(LanguageTable.CLASSES, LanguageTable.CLASSES.slot(classBefore, classNow));
      classOrder +=
          clipped(gain(classBeforeCount, classCount + 0.5, classPair, all, 20, 0.95, 0.95), 4);
      before = count;
      classBefore = classNow;
      classBeforeCount = classCount;
    }
    out[2] = last < 2 ? 9 : rarity / (last - 1);
    out[ORDER] = -order / last;
    out[4] = (double) unseen / last;
    out[5] = Math.log((view.texts() + 1) / (1 + head));
    out[6] = Math.log((view.texts() + 1) / (1 + tail));
    out[7] = last < 2 ? 1 : (double) unknown / (last - 1);
    out[CLASS_ORDER] = -classOrder / last;
    out[9] = out[CLASS_ORDER] * Math.sqrt(Math.min(last, 100));
  }

  /**
   * Log of how much likelier one is behind the other than anywhere: counts of pairs, smoothed
   * towards the unconditional frequency where the first was seen seldom.
   */
  private static double gain(
      double first,
      double second,
      double pair,
      double all,
      double shrinkage,
      double taken,
      double given) {
    double trust = first / (first + shrinkage);
    double anywhere = second / all;
    double seen = given * trust * Math.max(0, pair) / Math.max(1, first);
    return Math.log(seen / anywhere + 1 - trust * taken);
  }

  private static double clipped(double value, double bound) {
    return Math.max(-bound, Math.min(bound, value));
  }
}
