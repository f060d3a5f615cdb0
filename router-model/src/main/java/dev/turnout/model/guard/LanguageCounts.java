package dev.turnout.model.guard;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Counts of the training texts. A text's own statistics are taken without its own counts, so that
 * training texts look as strange as new ones. Confined to one thread.
 */
public final class LanguageCounts implements LanguageView {
  private final Map<LanguageTable, int[]> tables = new EnumMap<>(LanguageTable.class);
  private final TextTrace trace = new TextTrace();
  private double classified;
  private int texts;
  private double words;

  /** Counts all texts. */
  public LanguageCounts(List<String> all) {
    for (LanguageTable table : LanguageTable.values()) {
      tables.put(table, new int[table.size()]);
    }
    for (String text : all) {
      trace.read(text);
      texts++;
      words += trace.wordCount();
      addWords(1);
    }
    // Classes depend on the frequencies of words, which are complete only now.
    classified = words;
    frequencies = table(LanguageTable.WORD).clone();
    for (String text : all) {
      trace.read(text);
      addSequences(1);
    }
  }

  private final int[] frequencies;

  /** What a training text looks like to the others: {@code double[TextDensity dimensions]}. */
  public double[] withoutItself(String text) {
    trace.read(text);
    addWords(-1);
    addSequences(-1);
    texts--;
    words -= trace.wordCount();
    double[] statistics = new double[LanguageStatistics.COUNT + TextTrace.SURFACE];
    LanguageStatistics.write(this, trace, statistics);
    System.arraycopy(trace.surface(), 0, statistics, LanguageStatistics.COUNT, TextTrace.SURFACE);
    texts++;
    words += trace.wordCount();
    addWords(1);
    addSequences(1);
    return statistics;
  }

  /** The counts in the form that serves. */
  public LanguageTables tables() {
    return LanguageTables.of(this);
  }

  int[] table(LanguageTable table) {
    return Objects.requireNonNull(tables.get(table));
  }

  private void addWords(int change) {
    int[] counts = table(LanguageTable.WORD);
    for (int i = 0; i < trace.wordCount(); i++) {
      counts[LanguageTable.WORD.slot(trace.word(i))] += change;
    }
  }

  private void addSequences(int change) {
    int[] letters = table(LanguageTable.LETTERS);
    int[] contexts = table(LanguageTable.CONTEXT);
    for (int i = 0; i < trace.letterCount() - 2; i++) {
      letters[LanguageStatistics.lettersSlot(trace, i)] += change;
      contexts[LanguageStatistics.contextSlot(trace, i)] += change;
    }
    int[] pairs = table(LanguageTable.WORDS);
    int[] classes = table(LanguageTable.CLASS);
    int[] classPairs = table(LanguageTable.CLASSES);
    int before = 0;
    for (int i = 0; i < trace.wordCount(); i++) {
      int frequency = frequencies[LanguageTable.WORD.slot(trace.word(i))];
      int now = LanguageStatistics.classOf(trace, i, frequency, classified);
      classes[LanguageTable.CLASS.slot(now)] += change;
      if (i > 0) {
        pairs[LanguageTable.WORDS.slot(trace.word(i - 1), trace.word(i))] += change;
        classPairs[LanguageTable.CLASSES.slot(before, now)] += change;
      }
      before = now;
    }
  }

  @Override
  public int texts() {
    return texts;
  }

  @Override
  public double words() {
    return words;
  }

  @Override
  public double count(LanguageTable table, int slot) {
    // as the form that serves has it, so that its rounding strikes training texts too
    return LanguageTables.rounded(table(table)[slot]);
  }

  @Override
  public double log(LanguageTable table, int slot) {
    return Math.log(count(table, slot) + table.smoothing());
  }
}
