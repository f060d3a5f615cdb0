package dev.turnout.lab.eval.cascade;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CascadeTest {
  @Test
  void shouldTakeAnswersThatSayTheSameForEqual() {
    assertThat(
            List.of(
                "B) wet palms",
                "(b)",
                "The answer is B.",
                " B\n",
                "$1,200.00",
                "1200",
                "Paris.",
                "a dog"))
        .extracting(AnswerText::normalised)
        .containsExactly("b", "b", "b", "b", "1200", "1200", "paris", "a dog");
  }

  @Test
  void shouldPayForEveryAskedLlm() {
    // given: LLMs 0 and 1 are cheap, 2 is strong; both predictions are below the strong one's
    Recorded queries =
        recorded(
            new double[][] {{1, 1, 1}, {0, 0, 1}},
            new double[][] {{1, 2, 10}, {1, 2, 10}},
            new double[][] {{0.4, 0.4, 0.9}, {0.4, 0.4, 0.9}},
            new String[][] {{"a", "a", "a"}, {"b", "c", "a"}});
    Recorded train = repeated(queries, 50);

    // when
    Cascade cascade = Cascade.fitted(train, 0, 2, new AnswerCheck.Agreement(1));
    Served served = cascade.serve(queries, cascade.posteriors(queries), 0, 0);

    // then: agreeing answers are accepted; else the strong LLM is asked as well
    assertThat(served.rewards()).containsExactly(1, 1);
    assertThat(served.costs()).containsExactly(3, 13);
    assertThat(served.calls()).containsExactly(2, 3);
  }

  @Test
  void shouldAskTheStrongLlmAtOnceWhereNoCheckCouldHelp() {
    // given: the cheap LLM is never right
    Recorded queries =
        recorded(
            new double[][] {{0, 0, 1}, {0, 0, 1}},
            new double[][] {{1, 2, 10}, {1, 2, 10}},
            new double[][] {{0.1, 0.1, 0.9}, {0.1, 0.1, 0.9}},
            new String[][] {{"b", "b", "a"}, {"b", "c", "a"}});

    // when
    Cascade cascade = Cascade.fitted(repeated(queries, 50), 0, 2, new AnswerCheck.Agreement(1));
    Served served = cascade.serve(queries, cascade.posteriors(queries), 0, 0);

    // then
    assertThat(served.costs()).containsExactly(10, 10);
    assertThat(served.calls()).containsExactly(1, 1);
  }

  @Test
  void shouldFindTheCheapestSettingThatIsAsGoodAsTheStrongLlm() {
    // given: the cheap LLMs agree exactly where they are right, on half of the queries
    Random random = new Random(5);
    int count = 200;
    double[][] rewards = new double[count][];
    double[][] costs = new double[count][];
    double[][] success = new double[count][];
    String[][] answers = new String[count][];
    for (int i = 0; i < count; i++) {
      boolean right = random.nextBoolean();
      rewards[i] = new double[] {right ? 1 : 0, right ? 1 : 0, 1};
      costs[i] = new double[] {1, 1, 10};
      success[i] = new double[] {0.5, 0.5, 0.95};
      answers[i] = right ? new String[] {"a", "a", "a"} : new String[] {"b", "c", "a"};
    }
    Recorded train = recorded(rewards, costs, success, answers);

    // when
    Served single = CascadePolicies.SINGLE_SHOT.chosen(train, 2, List.of(1.0)).get(0).serve(train);
    Served agreed = CascadePolicies.AGREEMENT.chosen(train, 2, List.of(1.0)).get(0).serve(train);

    // then
    assertThat(train.quality(single.rewards())).isEqualTo(1);
    assertThat(single.meanCost()).isEqualTo(10);
    assertThat(train.quality(agreed.rewards())).isEqualTo(1);
    assertThat(agreed.meanCost()).isBetween(6.0, 8.0);
  }

  private static Recorded recorded(
      double[][] rewards, double[][] costs, double[][] success, String[][] answers) {
    boolean[][] verdicts = new boolean[rewards.length][rewards[0].length];
    return new Recorded(rewards, costs, success, answers, verdicts, new int[rewards.length]);
  }

  private static Recorded repeated(Recorded queries, int times) {
    int[] positions = new int[queries.size() * times];
    Arrays.setAll(positions, i -> i % queries.size());
    double[][] success = new double[positions.length][];
    Arrays.setAll(success, i -> queries.success()[positions[i]]);
    return queries.subset(positions, success);
  }
}
