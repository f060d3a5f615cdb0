package dev.turnout.train.feedback;

import dev.turnout.belief.GradedSample;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What held-out samples say of answers. An answer counts once however many have graded it, as much
 * as the most trusted of them is trusted: several grades of one answer are no independent evidence,
 * and a grader who is not believed decides nothing.
 */
final class HeldOutAnswers {
  private record Answer(String queryId, String llm) {}

  private HeldOutAnswers() {}

  /**
   * The answers in the order of their first grade.
   *
   * @param seen earlier samples; queries that they grade are not held out
   * @param trust in graders, 0..1; those that are missing are trusted
   */
  static List<GradedSample> of(
      List<GradedSample> seen, List<GradedSample> heldOut, Map<String, Double> trust) {
    Set<String> known = seen.stream().map(GradedSample::queryId).collect(Collectors.toSet());
    Map<Answer, List<GradedSample>> grades = new LinkedHashMap<>();
    for (GradedSample sample : heldOut) {
      if (!known.contains(sample.queryId())) {
        grades
            .computeIfAbsent(
                new Answer(sample.queryId(), sample.llm()), unused -> new ArrayList<>())
            .add(sample.weighted(trust.getOrDefault(sample.grader(), 1.0)));
      }
    }
    return grades.values().stream().map(HeldOutAnswers::together).toList();
  }

  private static GradedSample together(Collection<GradedSample> grades) {
    GradedSample most = grades.iterator().next();
    double weights = 0;
    double rewards = 0;
    for (GradedSample grade : grades) {
      most = grade.weight() > most.weight() ? grade : most;
      weights += grade.weight();
      rewards += grade.weight() * grade.reward();
    }
    return weights > 0 ? most.graded(Math.min(1, rewards / weights), most.weight()) : most;
  }
}
