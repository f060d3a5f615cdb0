package dev.turnout.encoder.surface;

import dev.turnout.encoder.minilm.MiniLmText;
import dev.turnout.encoder.wordpiece.TokenIds;
import dev.turnout.encoder.wordpiece.WordPieceVocabulary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the surface of texts, in microseconds and in every language: one pass over the characters,
 * one over the word pieces of all-MiniLM-L6-v2's vocabulary, whatever encoder makes the vectors.
 * Words are told by lists of several languages that are read together, so a text needs no language.
 *
 * <p>Safe for use by several threads.
 */
public final class SurfaceReader {
  private static final String RESOURCE = "words.txt";

  /** Tokens kept of a long text, as the static encoder keeps them. */
  private static final int MOST_TOKENS = 512;

  /** The vocabulary lists tokens by frequency; from here on they are rare. */
  private static final int RARE = 8_100;

  /** Question words stand last, in one order, among the traits and the classes. */
  private static final int QUESTION_WORDS = Trait.COUNT - Trait.WHAT.place();

  private final @Nullable WordClass[] classes;
  private final boolean[] continuation;
  private final float[] logRank;

  private SurfaceReader(WordPieceVocabulary vocabulary, @Nullable WordClass[] classes) {
    this.classes = classes;
    this.continuation = new boolean[classes.length];
    this.logRank = new float[classes.length];
    String prefix = vocabulary.continuationPrefix();
    vocabulary.tokens().forEach((token, id) -> continuation[id] = token.startsWith(prefix));
    for (int id = 0; id < logRank.length; id++) {
      logRank[id] = (float) StrictMath.log1p(id);
    }
  }

  /** Reads vocabulary and word lists from the class path. */
  private static SurfaceReader open() {
    WordPieceVocabulary vocabulary = MiniLmText.tokenizer().vocabulary();
    int size =
        vocabulary.tokens().values().stream().mapToInt(Integer::intValue).max().orElse(0) + 1;
    @Nullable WordClass[] classes = new @Nullable WordClass[size];
    InputStream stream = SurfaceReader.class.getResourceAsStream(RESOURCE);
    if (stream == null) {
      throw new IllegalStateException(RESOURCE + " is missing from the class path");
    }
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          String[] parts = line.strip().split("\\s+", -1);
          WordClass wordClass = WordClass.valueOf(parts[0].toUpperCase(Locale.ROOT));
          for (int i = 1; i < parts.length; i++) {
            Integer token = vocabulary.tokens().get(parts[i]);
            if (token != null) {
              classes[token] = wordClass;
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " cannot be read", e);
    }
    return new SurfaceReader(vocabulary, classes);
  }

  /** One for the whole process, opened when it is first asked for. */
  public static SurfaceReader shared() {
    return Shared.READER;
  }

  /** Opened by the class loader, once. */
  private static final class Shared {
    static final SurfaceReader READER = open();
  }

  /** The surface of a text; blank ones are allowed. */
  public QuerySurface read(String text) {
    return read(MiniLmText.of(text));
  }

  /** The surface of a text whose word pieces are known. */
  public QuerySurface read(MiniLmText tokenized) {
    String text = tokenized.text();
    TokenIds ids = new TokenIds();
    ids.addAll(tokenized.tokens());
    ids.keepHeadAndTail(MOST_TOKENS);
    CharacterCounts counts = CharacterCounts.of(text);
    float[] traits = new float[Trait.COUNT];
    ofCharacters(counts, text.length(), traits);
    int[] distinct = ids.toArray();
    ofTokens(distinct, traits);
    Arrays.sort(distinct);
    int size = 0;
    for (int i = 0; i < distinct.length; i++) {
      if (i == 0 || distinct[i] != distinct[i - 1]) {
        distinct[size++] = distinct[i];
      }
    }
    set(traits, Trait.VARIETY, (double) size / Math.max(1, distinct.length));
    return new QuerySurface(traits, Arrays.copyOf(distinct, size));
  }

  private static void ofCharacters(CharacterCounts counts, int length, float[] traits) {
    double characters = Math.max(1, length);
    double words = Math.max(1, counts.words);
    double options = Math.max(1, counts.options);
    set(traits, Trait.LENGTH, StrictMath.log1p(length));
    set(traits, Trait.STEM_LENGTH, StrictMath.log1p(counts.stem));
    set(traits, Trait.WORD_LENGTH, counts.letters / words);
    set(traits, Trait.DIGITS, counts.digits / characters);
    set(traits, Trait.NUMBERS, StrictMath.log1p(counts.numbers));
    set(traits, Trait.LONGEST_NUMBER, counts.longestNumber);
    set(traits, Trait.MATHS, StrictMath.log1p(counts.maths));
    set(traits, Trait.CODE, StrictMath.log1p(counts.code));
    set(traits, Trait.PUNCTUATION, counts.punctuation / characters);
    set(traits, Trait.QUESTION_MARKS, counts.questionMarks);
    set(traits, Trait.LINES, StrictMath.log(counts.lines));
    set(traits, Trait.BEYOND_ASCII, counts.beyondAscii / characters);
    set(traits, Trait.IDEOGRAPHS, counts.ideographs / characters);
    set(traits, Trait.CAPITALS, counts.capitals / characters);
    set(traits, Trait.OPTIONS, counts.options);
    set(traits, Trait.OPTION_LENGTH, StrictMath.log1p(counts.optionLengths / options));
    set(
        traits,
        Trait.OPTION_RANGE,
        counts.options == 0 ? 0 : StrictMath.log1p(counts.longestOption - counts.shortestOption));
    set(traits, Trait.LONGEST_OPTION, StrictMath.log1p(counts.longestOption));
    set(traits, Trait.OPTION_DIGITS, counts.optionsWithDigits / options);
    set(traits, Trait.BLANK, counts.blank ? 1 : 0);
    set(traits, Trait.LONG_WORDS, counts.longWords / words);
    set(traits, Trait.QUOTES, StrictMath.log1p(counts.quotes));
    set(traits, Trait.SENTENCES, StrictMath.log1p(counts.sentences));
  }

  private void ofTokens(int[] tokens, float[] traits) {
    int[] seen = new int[WordClass.values().length];
    double ranks = 0;
    int rare = 0;
    int begun = 0;
    for (int token : tokens) {
      ranks += logRank[token];
      rare += token > RARE ? 1 : 0;
      begun += continuation[token] ? 0 : 1;
      WordClass wordClass = classes[token];
      if (wordClass != null) {
        seen[wordClass.place()]++;
      }
    }
    double count = Math.max(1, tokens.length);
    set(traits, Trait.TOKENS, StrictMath.log1p(tokens.length));
    set(traits, Trait.RANK, ranks / count);
    set(traits, Trait.RARE, rare / count);
    set(traits, Trait.PIECES, tokens.length / (double) Math.max(1, begun));
    set(traits, Trait.NUMBER_WORDS, StrictMath.log1p(seen[WordClass.NUMBER.place()]));
    set(traits, Trait.NEGATIONS, seen[WordClass.NEGATION.place()]);
    set(traits, Trait.COMMANDS, seen[WordClass.COMMAND.place()]);
    for (int q = 0; q < QUESTION_WORDS; q++) {
      traits[Trait.WHAT.place() + q] = seen[WordClass.WHAT.place() + q] > 0 ? 1 : 0;
    }
  }

  private static void set(float[] traits, Trait trait, double value) {
    traits[trait.place()] = (float) value;
  }
}
