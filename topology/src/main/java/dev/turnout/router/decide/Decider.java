package dev.turnout.router.decide;

import dev.turnout.control.belief.CandidateRefiner;
import dev.turnout.control.model.ServingSnapshot;
import dev.turnout.control.model.ServingState;
import dev.turnout.control.tenant.TenantDirectory;
import dev.turnout.model.RouterModel;
import dev.turnout.model.Scores;
import dev.turnout.policy.Candidate;
import dev.turnout.policy.Selection;
import dev.turnout.policy.SelectionPolicy;
import dev.turnout.policy.SelectionRequest;
import dev.turnout.policy.limit.Demand;
import dev.turnout.policy.session.Incumbent;
import dev.turnout.policy.session.KeepingPolicy;
import dev.turnout.router.RouterSettings;
import dev.turnout.router.encode.EncodedQuery;
import dev.turnout.router.intake.DeadLetter;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.topic.DeadLetterReason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides queries: score, limits, budget, policy. Apart from the serving state and the budgets it
 * is a pure function: randomness is seeded by the query's id, so a replay under the same model
 * repeats the decision. Confined to one thread, since it keeps that thread's scorers.
 */
public final class Decider {
  private final ServingState state;
  private final RouterSettings settings;
  private final QueryCandidates queryCandidates;
  private final BudgetAdmission admission;
  private final Supplier<TenantDirectory> tenants;
  private final PolicyChoice policies;
  private CandidateTable served = CandidateTable.nothing();
  private CandidateTable canary = served;

  /**
   * @param state what the router routes by, read anew for every query
   * @param refiner what the feedback loop adds to the scores
   * @param admission of one partition of the queries
   * @param tenants whose exploration floors may differ from the settings'
   */
  public Decider(
      ServingState state,
      RouterSettings settings,
      CandidateRefiner refiner,
      BudgetAdmission admission,
      Supplier<TenantDirectory> tenants) {
    this.state = state;
    this.settings = settings;
    this.queryCandidates = new QueryCandidates(refiner, settings.minSuccess());
    this.admission = admission;
    this.tenants = tenants;
    this.policies =
        new PolicyChoice(settings.policy(), settings.thompsonTemper(), settings.fallbackLlm());
  }

  /**
   * Decides one query.
   *
   * @param query well-formed
   * @param encoded its vector; without one the fallback LLM takes it
   * @param now the moment of the decision
   */
  public Routing decide(Query query, EncodedQuery encoded, Instant now) {
    // Read once: model, rollout and directory of one decision belong together.
    ServingSnapshot serving = state.serving();
    CandidateTable table = table(serving, serving.modelFor(query.getId()));
    DeadLetter refusal = RefusalCheck.of(query, table, settings.connection(), now);
    if (refusal != null) {
      return new Routing.Refused(refusal);
    }
    Decision decision;
    try {
      decision = decide(query, table, encoded, now);
      noteUnavailable(decision, now);
    } catch (BudgetAdmission.ExhaustedException e) {
      return new Routing.Refused(
          new DeadLetter(DeadLetterReason.BUDGET_EXHAUSTED, String.valueOf(e.getMessage())),
          query.getDecideOnly() ? List.of() : List.of(e.event()));
    } catch (QueryCandidates.NobodyException e) {
      return new Routing.Refused(
          new DeadLetter(DeadLetterReason.NO_LLM, String.valueOf(e.getMessage())));
    }
    return new Routing.Decided(
        decision.record(inShadow(serving, query, encoded, now), settings, now),
        decision.topic(),
        decision.shadowTopics(),
        query.getDecideOnly() ? List.of() : admission.draw(query, decision.asked(), now));
  }

  /** Says so when another LLM would have been chosen, were it available. */
  @SuppressWarnings("ReferenceEquality") // the very object, not its like
  private void noteUnavailable(Decision decision, Instant now) {
    CandidateTable all = decision.table().asIfAvailable();
    if (all == decision.table()) {
      return;
    }
    try {
      // of the same model, so the scores are the same too
      String best = decide(decision.query(), all, decision.encoded(), decision.scores(), now).llm();
      String unavailable = decision.table().unavailable(best);
      if (unavailable != null) {
        decision.notes().add(best + " would be best but is " + unavailable);
      }
    } catch (BudgetAdmission.ExhaustedException | QueryCandidates.NobodyException e) {
      // nobody would be chosen who is not
    }
  }

  /** The same query decided by a model in shadow; null when there is none or it decides nothing. */
  private @Nullable Decision inShadow(
      ServingSnapshot serving, Query query, EncodedQuery encoded, Instant now) {
    RouterModel shadow = serving.shadow();
    if (shadow == null || encoded.embedding() == null) {
      return null;
    }
    CandidateTable table = table(serving, shadow);
    try {
      return table.anyEligible() ? decide(query, table, encoded, now) : null;
    } catch (BudgetAdmission.ExhaustedException | QueryCandidates.NobodyException e) {
      return null;
    }
  }

  /** The table under a model of what serves; laid out anew only after a change. */
  @SuppressWarnings("ReferenceEquality") // the very object, not its like
  private CandidateTable table(ServingSnapshot serving, @Nullable RouterModel model) {
    if (model != null && model == serving.canary()) {
      if (!canary.isOf(serving, model)) {
        canary = canary.next(serving, model);
      }
      return canary;
    }
    if (!served.isOf(serving, model)) {
      served = served.next(serving, model);
    }
    return served;
  }

  /** Decides under one model; draws on no budget. The table has at least one eligible LLM. */
  private Decision decide(Query query, CandidateTable table, EncodedQuery encoded, Instant now) {
    float[] embedding = encoded.embedding();
    Scores scores =
        embedding == null ? null : table.score(embedding, encoded.text(), encoded.surface());
    return decide(query, table, encoded, scores, now);
  }

  private Decision decide(
      Query query,
      CandidateTable table,
      EncodedQuery encoded,
      @Nullable Scores scores,
      Instant now) {
    List<String> notes = new ArrayList<>(0);
    Demand demand = QueryCandidates.demand(query);
    List<Candidate> fitting = queryCandidates.of(query, demand, table, scores, notes);
    boolean relaxed = !notes.isEmpty();
    int caller = QueryCandidates.toolCaller(query, table);
    if (caller >= 0 && !fitting.get(caller).eligible()) {
      notes.add(
          fitting.get(caller).llm()
              + " called the tool but may not answer ("
              + fitting.get(caller).ineligibleReason()
              + "), so another goes on");
    }
    List<Candidate> candidates = admission.affordable(query, fitting, now);
    double price = admission.price(query.getTenant());
    int previous = QueryCandidates.previous(query, table);
    Incumbent incumbent = previous < 0 ? null : incumbent(demand, table, previous);
    SelectionPolicy free = policies.of(query.getConstraints(), price);
    SelectionPolicy policy =
        incumbent == null ? free : new KeepingPolicy(free, incumbent, settings.switching());
    // One source for policy and shadow copies, drawn on in this order: a replay depends on it.
    RandomGenerator random = randomOf(query.getId());
    Selection selection;
    Fallback fallback;
    if (scores == null) {
      fallback = encoded.embedding() == null ? Fallback.ENCODER_FAILED : Fallback.NO_MODEL;
      selection = policies.withoutScores(candidates, previous, fallback);
    } else {
      boolean outside = scores.outOfDistribution();
      selection = policy.select(request(query, candidates, price, outside), random);
      boolean guarded = outside && policy.name().equals("guard") && !selection.explored();
      fallback = relaxed ? Fallback.NOTHING_ELIGIBLE : guarded ? Fallback.GUARD : Fallback.NONE;
    }
    List<Integer> shadows =
        explores(query) && !query.getDecideOnly()
            ? shadows(candidates, selection.chosen(), random)
            : List.of();
    return new Decision(
        query,
        table,
        encoded,
        scores,
        candidates,
        scores == null ? "fallback" : policy.name(),
        selection,
        incumbent,
        fallback,
        shadows,
        notes);
  }

  private static Incumbent incumbent(Demand demand, CandidateTable table, int previous) {
    double prefix = demand.prefixTokens();
    return new Incumbent(previous, prefix, table.switchCostUsd(previous, prefix));
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

  /** A query's own randomness, seeded by FNV-1a over its id, mixed with the router's seed. */
  private RandomGenerator randomOf(String queryId) {
    long hash = settings.seed() ^ 0xcbf29ce484222325L;
    for (byte b : queryId.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return new SplittableRandom(hash);
  }
}
