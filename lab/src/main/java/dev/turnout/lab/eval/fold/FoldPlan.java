package dev.turnout.lab.eval.fold;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.math.Folds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Which queries are trained on and which are judged, fold by fold; every judged query is judged
 * once, by a router that never saw it.
 */
public record FoldPlan(List<Fold> folds) {

  /**
   * One fold.
   *
   * @param train positions of the queries that are trained on
   * @param judged positions of the queries that are judged
   */
  public record Fold(int[] train, int[] judged) {}

  public FoldPlan {
    folds = List.copyOf(folds);
  }

  /**
   * Deals the questions into folds, spread evenly within each task; queries that ask the same stay
   * together.
   */
  public static FoldPlan byQuestion(EncodedQueries queries, int folds, long seed) {
    Map<String, Integer> question = new LinkedHashMap<>();
    int[] task = queries.taskIndices();
    int[] taskOfQuestion = new int[queries.size()];
    int[] questionOf = new int[queries.size()];
    for (int i = 0; i < questionOf.length; i++) {
      String text = queries.queries().get(i).normalisedQuestion();
      Integer known = question.putIfAbsent(text, question.size());
      questionOf[i] = known == null ? question.size() - 1 : known;
      if (known == null) {
        taskOfQuestion[questionOf[i]] = task[i];
      }
    }
    Folds dealt =
        Folds.stratified(Arrays.copyOf(taskOfQuestion, question.size()), folds, new Random(seed));
    return of(Arrays.stream(questionOf).map(q -> dealt.of()[q]).toArray());
  }

  /** Leaves tasks out in turn, each alone or in so many groups of even size, whichever is less. */
  public static FoldPlan byTask(EncodedQueries queries, int groups) {
    List<String> tasks = queries.tasks();
    int[] task = queries.taskIndices();
    int[] size = new int[tasks.size()];
    Arrays.stream(task).forEach(t -> size[t]++);
    int[] load = new int[Math.min(groups, tasks.size())];
    int[] groupOf = new int[tasks.size()];
    IntStream.range(0, size.length)
        .boxed()
        .sorted(Comparator.comparingInt(t -> -size[t]))
        .forEach(
            t -> {
              int least =
                  IntStream.range(0, load.length)
                      .boxed()
                      .min(Comparator.comparingInt(g -> load[g]))
                      .orElseThrow();
              groupOf[t] = least;
              load[least] += size[t];
            });
    return of(Arrays.stream(task).map(t -> groupOf[t]).toArray());
  }

  /** The first queries train, the others are judged. */
  static FoldPlan split(int trained, int all) {
    return new FoldPlan(
        List.of(
            new Fold(
                IntStream.range(0, trained).toArray(), IntStream.range(trained, all).toArray())));
  }

  private static FoldPlan of(int[] foldOf) {
    Folds folds = new Folds(foldOf);
    List<Fold> list = new ArrayList<>();
    for (int fold = 0; fold < folds.count(); fold++) {
      if (folds.inside(fold).length > 0 && folds.outside(fold).length > 0) {
        list.add(new Fold(folds.outside(fold), folds.inside(fold)));
      }
    }
    return new FoldPlan(list);
  }
}
