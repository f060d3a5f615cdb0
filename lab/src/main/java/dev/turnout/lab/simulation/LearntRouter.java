package dev.turnout.lab.simulation;

import dev.turnout.belief.Posteriors;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import dev.turnout.model.Scores;
import dev.turnout.policy.Candidate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A model together with what feedback taught it, as a router serves it. Confined to one thread. */
public final class LearntRouter {
  private final RouterModel model;
  private final Posteriors posteriors;
  private final RouterScorer scorer;

  /** A model with its posteriors. */
  public LearntRouter(RouterModel model, Posteriors posteriors) {
    this.model = model;
    this.posteriors = posteriors;
    this.scorer = new RouterScorer(model);
  }

  /** The candidates for a query, aligned with the posteriors' LLMs. */
  List<Candidate> candidates(SimulatedQuery query, Set<String> unavailable) {
    Scores scores = scorer.score(query.embedding(), null, query.surface());
    double mean = Arrays.stream(scores.predictedSuccess()).average().orElse(0.5);
    List<Candidate> candidates = new ArrayList<>();
    for (int a = 0; a < posteriors.llms().size(); a++) {
      String llm = posteriors.llms().get(a);
      int known = model.llms().indexOf(llm);
      candidates.add(
          new Candidate(
              llm,
              known < 0 ? 0 : scores.cosine()[known],
              known < 0 ? 0 : scores.probability()[known],
              posteriors.success(
                  scores.cells(), a, known < 0 ? mean : scores.predictedSuccess()[known]),
              posteriors.deviation(scores.cells(), a),
              Double.NaN,
              Double.NaN,
              unavailable.contains(llm) ? "not there yet" : null));
    }
    return candidates;
  }

  /**
   * Accuracy of choosing by the highest expected success, mean over the tasks; NaN without queries.
   *
   * @param llms LLM ids in the order of the queries' rewards
   */
  public double accuracy(List<SimulatedQuery> queries, List<String> llms) {
    int[] choice =
        queries.stream()
            .mapToInt(query -> llms.indexOf(posteriors.llms().get(best(query))))
            .toArray();
    return queries.isEmpty() ? Double.NaN : BalancedStream.balanced(queries, choice);
  }

  /** The LLM with the highest expected success. */
  int best(SimulatedQuery query) {
    List<Candidate> candidates = candidates(query, Set.of());
    int best = 0;
    for (int a = 1; a < candidates.size(); a++) {
      if (candidates.get(a).predictedSuccess() > candidates.get(best).predictedSuccess()) {
        best = a;
      }
    }
    return best;
  }
}
