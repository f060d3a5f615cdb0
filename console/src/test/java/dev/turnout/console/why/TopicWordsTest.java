package dev.turnout.console.why;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopicWordsTest {
  private final TopicWords words = new TopicWords();

  @Test
  void shouldNameTheWordsThatTellACellFromTheOthers() {
    // given
    words.add(0, "Write a Python function for my model, in PYTHON.");
    words.add(0, "Could you fix this python script? The model fails.");
    words.add(1, "Translate the name of the model into German!");
    words.add(1, "translate this for a model of 1956");

    // when
    List<String> code = words.of(0, 5);
    List<String> language = words.of(1, 5);

    // then a word of all cells comes last, and one of a single text, a number or a stop word never
    assertThat(code).containsExactly("python", "model");
    assertThat(language).containsExactly("translate", "model");
    assertThat(words.of(0, 1)).containsExactly("python");
    assertThat(words.of(7, 5)).isEmpty();
  }

  @Test
  void shouldTellApartSoManyWordsAndReadTheBeginningOfATextOnly() {
    // when
    for (int text = 0; text < 60; text++) {
      int first = text / 2 * 100;
      words.add(
          0,
          IntStream.range(first, first + 100)
              .mapToObj(i -> "word" + i)
              .collect(Collectors.joining(" ")));
    }
    words.add(1, "x".repeat(1_100) + " hidden");
    words.add(1, "x".repeat(1_100) + " hidden");

    // then
    assertThat(words.of(0, 10_000)).hasSize(2_000).contains("word1999").doesNotContain("word2000");
    assertThat(words.of(1, 10)).isEmpty();
  }
}
