package dev.turnout.encoder.wordpiece;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever the text, broken surrogates included, there are tokens, and all of the vocabulary. */
class WordPieceTokenizerProperties {
  private static final WordPieceTokenizer TOKENIZER = tokenizer();
  private static final int TOKENS = TOKENIZER.vocabulary().tokens().size();

  private static WordPieceTokenizer tokenizer() {
    String name = "/all-minilm-l6-v2-tokenizer.json";
    try (InputStream json = WordPieceTokenizerProperties.class.getResourceAsStream(name)) {
      return new WordPieceTokenizer(WordPieceVocabulary.read(Objects.requireNonNull(json), name));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> any =
        Arbitraries.integers()
            .between(0, Character.MAX_VALUE)
            .map(unit -> String.valueOf((char) unit.intValue()));
    Arbitrary<String> astral =
        Arbitraries.integers().between(0x10000, 0x10ffff).map(Character::toString);
    Arbitrary<String> words =
        Arbitraries.of("the", "[SEP]", "[CLS", "]", "##", " ", "\n", "é", "中", "İ", "\u0301", "a");
    return Arbitraries.frequencyOf(Tuple.of(3, any), Tuple.of(1, astral), Tuple.of(3, words))
        .list()
        .ofMaxSize(150)
        .map(pieces -> String.join("", pieces));
  }

  @Property(tries = 1_000)
  void shouldGiveTokensOfTheVocabularyForAnyText(@ForAll("texts") String text) {
    assertThat(IntStream.of(TOKENIZER.tokenize(text))).allMatch(id -> id >= 0 && id < TOKENS);
  }

  @Property(tries = 1_000)
  void shouldTokenizeWordsApartAsTogether(
      @ForAll("texts") String first, @ForAll("texts") String second) {
    int[] apart =
        IntStream.concat(
                IntStream.of(TOKENIZER.tokenize(first)), IntStream.of(TOKENIZER.tokenize(second)))
            .toArray();

    assertThat(TOKENIZER.tokenize(first + " " + second)).isEqualTo(apart);
  }
}
