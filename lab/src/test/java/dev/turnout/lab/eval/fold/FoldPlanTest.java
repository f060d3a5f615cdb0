package dev.turnout.lab.eval.fold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldPlanTest {
  @Test
  void shouldJudgeEveryQueryOnceAndKeepEqualQuestionsTogether() {
    // given: 20 questions in two tasks, each asked twice with other white space
    EncodedQueries queries =
        queries(40, i -> i % 2 == 0 ? "x" : "y", i -> "what  is " + i / 4 + i % 2);

    // when
    FoldPlan plan = FoldPlan.byQuestion(queries, 5, 3);

    // then
    assertThat(plan.folds()).hasSize(5);
    int[] judged =
        plan.folds().stream().flatMapToInt(fold -> Arrays.stream(fold.judged())).sorted().toArray();
    assertThat(judged).isEqualTo(IntStream.range(0, 40).toArray());
    for (FoldPlan.Fold fold : plan.folds()) {
      assertThat(fold.train().length + fold.judged().length).isEqualTo(40);
      List<String> trained = texts(queries, fold.train());
      assertThat(texts(queries, fold.judged())).isNotEmpty().doesNotContainAnyElementsOf(trained);
    }
  }

  @Test
  void shouldLeaveEachTaskOutAlone() {
    EncodedQueries queries = queries(9, i -> "task" + i % 3, i -> "q" + i);
    FoldPlan plan = FoldPlan.byTask(queries, 10);
    assertThat(plan.folds()).hasSize(3);
    for (FoldPlan.Fold fold : plan.folds()) {
      assertThat(tasks(queries, fold.judged())).hasSize(1);
      assertThat(tasks(queries, fold.train()))
          .hasSize(2)
          .doesNotContainAnyElementsOf(tasks(queries, fold.judged()));
    }
  }

  @Test
  void shouldLeaveManyTasksOutInGroupsOfEvenSize() {
    // given: tasks of 1, 2, 3 and 6 queries
    String[] names = {"a", "b", "b", "c", "c", "c", "d", "d", "d", "d", "d", "d"};
    EncodedQueries queries = queries(names.length, i -> names[i], i -> "q" + i);

    // when
    FoldPlan plan = FoldPlan.byTask(queries, 2);

    // then
    assertThat(plan.folds()).extracting(fold -> fold.judged().length).containsExactly(6, 6);
    assertThat(tasks(queries, plan.folds().get(0).judged()))
        .doesNotContainAnyElementsOf(tasks(queries, plan.folds().get(0).train()));
  }

  private static List<String> texts(EncodedQueries queries, int[] positions) {
    return Arrays.stream(positions)
        .mapToObj(i -> queries.queries().get(i).normalisedQuestion())
        .toList();
  }

  private static List<String> tasks(EncodedQueries queries, int[] positions) {
    return Arrays.stream(positions)
        .mapToObj(i -> queries.queries().get(i).dataset())
        .distinct()
        .toList();
  }

  private static EncodedQueries queries(
      int count,
      java.util.function.IntFunction<String> task,
      java.util.function.IntFunction<String> text) {
    List<QueryOutcomes> queries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      queries.add(
          new QueryOutcomes(
              "q" + i,
              task.apply(i),
              Split.TRAIN,
              i % 3 == 0 ? text.apply(i) + " " : text.apply(i),
              new double[] {1},
              new double[] {Double.NaN}));
    }
    return new EncodedQueries(List.of("a"), queries, new float[count][2]);
  }
}
