package dev.turnout.lab.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import dev.turnout.lab.eval.measure.CostErrors;
import dev.turnout.lab.eval.measure.CostTable;
import java.util.List;
import org.junit.jupiter.api.Test;

class CostErrorsTest {
  private static final EncodedQueries QUERIES =
      new EncodedQueries(
          List.of("cheap", "dear", "unrecorded"),
          List.of(query("a", 1, 10), query("b", 3, Double.NaN)),
          new float[][] {{1}, {1}});

  @Test
  void shouldAverageRelativeErrorsOverTheLlmsWhoseCostsAreRecorded() {
    // given
    double[][] means = {{2, 10, 1}, {2, 10, 1}};
    double[][] learnt = {{1, 12, 1}, {2.5, 99, 1}};

    // when
    CostErrors errors = CostErrors.of(QUERIES, means, learnt);

    // then of a cost of 4 in all 2 and 0.5 are wrong, of one of 10 nothing and 2
    assertThat(errors.ofMeans()).isCloseTo((2 / 4.0 + 0) / 2, within(1e-12));
    assertThat(errors.learnt()).isCloseTo((0.5 / 4 + 2 / 10.0) / 2, within(1e-12));
  }

  @Test
  void shouldTakeWhatAModelHasLearntWhereItHas() {
    double[][] costs =
        CostTable.withKnown(new double[][] {{1, 2}}, new double[][] {{Double.NaN, 5}});

    assertThat(costs).isDeepEqualTo(new double[][] {{1, 5}});
  }

  @Test
  void shouldSayNothingWithoutRecordedCosts() {
    assertThat(CostErrors.mean(List.of())).isEqualTo(CostErrors.NONE);
    assertThat(CostErrors.mean(List.of(new CostErrors(0.25, 0.5), new CostErrors(0.75, 0.5))))
        .isEqualTo(new CostErrors(0.5, 0.5));
  }

  private static QueryOutcomes query(String id, double cheap, double dear) {
    return new QueryOutcomes(
        id,
        "task",
        Split.TEST,
        "text of " + id,
        new double[] {1, 1, 1},
        new double[] {cheap, dear, Double.NaN});
  }
}
