package dev.turnout.lab.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import dev.turnout.lab.baseline.surface.SurfaceBaseline;
import dev.turnout.lab.baseline.trained.LogisticBaseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FoldBaselinesTest {
  @Test
  void shouldTakeTheMeansOfTheTaskAndThoseOfAllForAnotherTask() {
    // given: task x is won by LLM 0, task y by LLM 1
    EncodedQueries train =
        new EncodedQueries(
            List.of("a", "b"),
            List.of(query("x", "p", 1, 0), query("x", "q", 1, 0), query("y", "r", 0, 1)),
            new float[3][2]);

    // when
    double[][] scores =
        TaskMeans.BASELINE
            .fit(train, 0)
            .scores(
                new EncodedQueries(
                    train.llms(),
                    List.of(query("x", "s", 0, 0), query("z", "t", 0, 0)),
                    new float[2][2]));

    // then: drawn to the overall mean of a half by one query
    assertThat(scores[0]).containsExactly(2.5 / 3, 0.5 / 3);
    assertThat(scores[1]).containsExactly(0.5, 0.5);
  }

  @Test
  void shouldLearnWhatTheVectorSays() {
    Random random = new Random(2);
    List<QueryOutcomes> queries = new ArrayList<>();
    float[][] vectors = new float[400][4];
    for (int i = 0; i < vectors.length; i++) {
      for (int k = 0; k < 4; k++) {
        vectors[i][k] = (float) random.nextGaussian();
      }
      double right = vectors[i][0] + random.nextGaussian() / 5 > 0 ? 1 : 0;
      queries.add(query("x", "q" + i, right, i % 7 == 0 ? Double.NaN : 1 - right));
    }
    EncodedQueries all = new EncodedQueries(List.of("a", "b"), queries, vectors);
    double[][] scores = LogisticBaseline.BASELINE.fit(all, 0).scores(all);
    assertThat(Rewards.followed(all, scores)).isGreaterThan(0.9);
    for (double[] row : scores) {
      assertThat(row[0]).isBetween(0.0, 1.0);
    }
  }

  @Test
  void shouldLearnFromTheSurfaceOfTheTextAlone() {
    // given: LLM 0 is right on questions with sums, LLM 1 on the others; vectors say nothing
    List<QueryOutcomes> queries = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      boolean sum = i % 2 == 0;
      String text = sum ? "What is " + i + " + " + 7 * i + "?" : "Who wrote the book of rain?";
      queries.add(query("x", text, sum ? 1 : 0, sum ? 0 : 1));
    }
    EncodedQueries all = new EncodedQueries(List.of("a", "b"), queries, new float[200][2]);
    double[][] scores = SurfaceBaseline.BASELINE.fit(all, 0).scores(all);
    assertThat(Rewards.followed(all, scores)).isEqualTo(1);
  }

  private static QueryOutcomes query(String task, String text, double... rewards) {
    double[] costs = new double[rewards.length];
    return new QueryOutcomes(task + "/" + text, task, Split.TRAIN, text, rewards, costs);
  }
}
