package dev.turnout.router.decide;

import dev.turnout.control.belief.CandidateRefiner;
import dev.turnout.control.tenant.TenantDirectory;
import dev.turnout.model.Scores;
import dev.turnout.policy.Candidate;
import dev.turnout.policy.Selection;
import dev.turnout.policy.SelectionPolicy;
import dev.turnout.policy.SelectionRequest;
import dev.turnout.router.RouterSettings;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Chooses who answers a query: scores, limits, budget, policy. */
final class Chooser {
  private final RouterSettings settings;
  private final QueryCandidates queryCandidates;
  private final BudgetAdmission admission;
  private final Supplier<TenantDirectory> tenants;
  private final PolicyChoice policies;

  Chooser(
      RouterSettings settings,
      CandidateRefiner refiner,
      BudgetAdmission admission,
      Supplier<TenantDirectory> tenants) {
    this.settings = settings;
    this.queryCandidates = new QueryCandidates(refiner);
    this.admission = admission;
    this.tenants = tenants;
    this.policies = new PolicyChoice(settings.policy(), settings.thompsonTemper());
  }

  /**
   * Chooses; draws on no budget yet.
   *
   * @param lineup with at least one eligible LLM
   * @throws BudgetExhaustedException if the tenant can pay for nobody
   */
  Decision choose(Query query, CandidateTable lineup, float @Nullable [] embedding, Instant now) {
    DecisionNotes notes = new DecisionNotes();
    Scores scores = embedding == null ? null : lineup.score(embedding);
    List<Candidate> fitting = queryCandidates.of(query, lineup, scores, notes);
    boolean relaxed = !notes.isEmpty();
    List<Candidate> candidates = admission.affordable(query, fitting, now);
    double price = admission.price(query.getTenant());
    SelectionPolicy policy = policies.of(query.getConstraints(), price, notes);
    RandomGenerator random = QueryRandom.of(settings.seed(), query.getId());
    Selection selection;
    Fallback fallback;
    if (scores == null) {
      fallback = embedding == null ? Fallback.ENCODER_FAILED : Fallback.NO_MODEL;
      selection = FallbackChoice.of(candidates, settings.fallbackLlm(), fallback);
    } else {
      boolean outside = scores.outOfDistribution();
      selection = policy.select(request(query, candidates, price, outside), random);
      boolean guarded = outside && policy.name().equals("guard") && !selection.explored();
      fallback = relaxed ? Fallback.NOTHING_ELIGIBLE : guarded ? Fallback.GUARD : Fallback.NONE;
    }
    List<Integer> shadows =
        explores(query) ? shadows(candidates, selection.chosen(), random) : List.of();
    return new Decision(
        query,
        lineup,
        embedding,
        scores,
        candidates,
        scores == null ? "fallback" : policy.name(),
        selection,
        fallback,
        shadows,
        notes.text());
  }

  private SelectionRequest request(
      Query query, List<Candidate> candidates, double price, boolean outOfDistribution) {
    QueryConstraints constraints = query.getConstraints();
    Double cost = constraints == null ? null : constraints.getCostWeight();
    Double latency = constraints == null ? null : constraints.getLatencyWeight();
    return new SelectionRequest(
        candidates,
        (cost == null ? settings.costWeight() : cost) + price,
        latency == null ? settings.latencyWeight() : latency,
        outOfDistribution,
        explores(query),
        tenants.get().explorationFloorOf(query.getTenant(), settings.explorationFloor()));
  }

  private static boolean explores(Query query) {
    QueryConstraints constraints = query.getConstraints();
    return constraints == null || !Boolean.FALSE.equals(constraints.getExplore());
  }

  private List<Integer> shadows(List<Candidate> candidates, int chosen, RandomGenerator random) {
    if (settings.shadowShare() == 0 || random.nextDouble() >= settings.shadowShare()) {
      return List.of();
    }
    List<Integer> others = new ArrayList<>(candidates.size());
    for (int i = 0; i < candidates.size(); i++) {
      if (i != chosen && candidates.get(i).eligible()) {
        others.add(i);
      }
    }
    return others.isEmpty() ? List.of() : List.of(others.get(random.nextInt(others.size())));
  }
}
