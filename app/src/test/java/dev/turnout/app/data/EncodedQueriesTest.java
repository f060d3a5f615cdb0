package dev.turnout.app.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.train.RecordedAnswers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class EncodedQueriesTest {
  private static final String QUESTION = "x".repeat(400);

  @Test
  void shouldTellLengthsOfAnswersByTheirCostsAndPrices() {
    // given an answer of 50 tokens to 100 tokens, one that costs less than its question, one whose
    // cost is not recorded, and one of an LLM without a price
    EncodedQueries queries = queries(100e-6 + 50 * 3e-6, 50e-6, Double.NaN, 0.01);
    LlmPrice price = new LlmPrice(1, 3);

    // when
    RecordedAnswers answers =
        Objects.requireNonNull(
                queries.trainingSet(Map.of("a", price, "b", price, "c", price)).answers())
            .get(0);

    // then
    assertThat(answers.outputTokens()[0]).isCloseTo(50, within(1e-9));
    assertThat(answers.outputTokens()[1]).isZero();
    assertThat(answers.outputTokens()[2]).isNaN();
    assertThat(answers.outputTokens()[3]).isNaN();
    assertThat(answers.costsUsd()[3]).isEqualTo(0.01);
  }

  @Test
  void shouldTellNoLengthsWhereAnswersAreFree() {
    assertThat(new LlmPrice(1, 0).outputTokens(0.5, QUESTION)).isNaN();
  }

  @Test
  void shouldRecordNothingWithoutCosts() {
    double unknown = Double.NaN;

    assertThat(queries(unknown, unknown, unknown, unknown).trainingSet().answers()).isNull();
  }

  private static EncodedQueries queries(double... costs) {
    return new EncodedQueries(
        List.of("a", "b", "c", "d"),
        List.of(
            new QueryOutcomes(
                "q", "task", Split.TRAIN, QUESTION, new double[] {1, 0, 1, 0}, costs)),
        new float[][] {{1, 0}});
  }
}
