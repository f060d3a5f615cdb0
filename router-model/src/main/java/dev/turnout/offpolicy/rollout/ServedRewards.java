package dev.turnout.offpolicy.rollout;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * The latest graded queries by the model that decided them, oldest first. Several graders of one
 * query count as one reward, a grader's later grade takes the place of its earlier one. Bounded;
 * confined to one thread.
 */
public final class ServedRewards {
  private final int capacity;
  private final LinkedHashMap<String, Graded> queries = new LinkedHashMap<>();

  private record Graded(String modelVersion, long decidedAt, Map<String, Double> rewardByGrader) {}

  /**
   * @param capacity queries kept, >= 1
   */
  public ServedRewards(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Takes in a grade of the answer that was served.
   *
   * @param decidedAt when the model decided, in milliseconds of the epoch
   * @param reward 0..1
   */
  public void add(
      String queryId, String modelVersion, long decidedAt, String grader, double reward) {
    Graded before = queries.remove(queryId);
    Map<String, Double> rewards =
        before == null || !before.modelVersion().equals(modelVersion)
            ? new TreeMap<>()
            : before.rewardByGrader();
    rewards.put(grader, reward);
    queries.put(queryId, new Graded(modelVersion, decidedAt, rewards));
    if (queries.size() > capacity) {
      Iterator<String> oldest = queries.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  /** When a query was decided, in milliseconds of the epoch; -1 when it is not held. */
  public long decidedAt(String queryId) {
    Graded query = queries.get(queryId);
    return query == null ? -1 : query.decidedAt();
  }

  /**
   * What one model earned.
   *
   * @param from decided at this moment or later, in milliseconds of the epoch
   * @param trust in a grader, 0..1
   */
  public List<ServedReward> of(String modelVersion, long from, ToDoubleFunction<String> trust) {
    List<ServedReward> found = new ArrayList<>();
    for (Graded query : queries.values()) {
      if (query.modelVersion().equals(modelVersion) && query.decidedAt() >= from) {
        found.add(reward(query, trust));
      }
    }
    return found;
  }

  private static ServedReward reward(Graded query, ToDoubleFunction<String> trust) {
    double weights = 0;
    double sum = 0;
    for (Map.Entry<String, Double> grade : query.rewardByGrader().entrySet()) {
      double weight = trust.applyAsDouble(grade.getKey());
      weights += weight;
      sum += weight * grade.getValue();
    }
    return new ServedReward(
        query.modelVersion(),
        query.decidedAt(),
        weights > 0 ? sum / weights : 0,
        weights / query.rewardByGrader().size());
  }
}
