package dev.turnout.lab.bench.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.encoder.Fingerprint;
import dev.turnout.encoder.minilm.MiniLm;
import dev.turnout.encoder.wordpiece.WordPieceTokenizer;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchmarkQueriesTest {
  @Test
  void shouldMakeTheSameQueriesOfAboutSeventyTokensEachTime() {
    // given
    WordPieceTokenizer tokenizer = new WordPieceTokenizer(MiniLm.vocabulary(new Fingerprint()));

    // when
    List<String> queries = BenchmarkQueries.of(600);

    // then
    assertThat(queries).isEqualTo(BenchmarkQueries.of(600)).doesNotHaveDuplicates();
    assertThat(queries).noneMatch(query -> query.contains("{") || query.contains("}"));
    double mean =
        queries.stream()
            .mapToInt(query -> tokenizer.tokenize(query).length + 2)
            .average()
            .orElse(0);
    assertThat(mean).isBetween(65.0, 75.0);
  }
}
