package dev.turnout.router;

import dev.turnout.follow.CandidateRefiner;
import dev.turnout.follow.LiveModel;
import dev.turnout.follow.Serving;
import dev.turnout.model.RouterModel;
import dev.turnout.model.Scores;
import dev.turnout.policy.Candidate;
import dev.turnout.policy.ChoiceLimits;
import dev.turnout.policy.LimitedCandidates;
import dev.turnout.policy.Policies;
import dev.turnout.policy.Selection;
import dev.turnout.policy.SelectionPolicy;
import dev.turnout.policy.SelectionRequest;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.schema.RoutingDecision;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides queries: score, constraints, policy. Apart from the live model it is a pure function:
 * randomness is seeded by the query's id, so a replay under the same model repeats the decision.
 * Confined to one thread, since it keeps that thread's scorers.
 */
final class QueryRouter {
  /** What argmax is to a tenant whose money has become dear: it looks at costs too. */
  private static final SelectionPolicy PRICED = Policies.named("weighted");

  private final LiveModel live;
  private final RouterSettings settings;
  private final CandidateRefiner refiner;
  private final Admission admission;
  private final SelectionPolicy defaultPolicy;
  private final Map<String, SelectionPolicy> policies;
  private Lineup lineup = Lineup.of(Serving.nothing(), null);
  private Lineup canaryLineup = lineup;

  QueryRouter(
      LiveModel live, RouterSettings settings, CandidateRefiner refiner, Admission admission) {
    this.live = live;
    this.settings = settings;
    this.refiner = refiner;
    this.admission = admission;
    this.policies =
        Policies.names().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    name -> name, name -> Policies.named(name, settings.thompsonTemper())));
    this.defaultPolicy = Policies.named(settings.policy(), settings.thompsonTemper());
  }

  /**
   * Decides one query.
   *
   * @param query well-formed
   * @param embedding {@code float[encoder dimension]}, unit-normalised; null when encoding failed
   * @param encoderId the encoder that made it
   * @param now the moment of the decision
   */
  Routing route(Query query, float @Nullable [] embedding, String encoderId, Instant now) {
    if (query.getDeadline() != null && now.isAfter(query.getDeadline())) {
      return refused(
          DeadLetterReason.DEADLINE_PASSED,
          "the query's deadline " + query.getDeadline() + " had passed at " + now);
    }
    Serving serving = live.serving();
    Lineup met = lineupFor(serving, serving.modelFor(query.getId()));
    if (!met.anyEligible()) {
      return refused(
          DeadLetterReason.NO_LLM,
          "no LLM takes requests; publish a profile of an active LLM on "
              + settings.topics().llms());
    }
    String fault = ConstraintCheck.fault(query.getConstraints());
    if (fault != null) {
      return refused(DeadLetterReason.INVALID_CONSTRAINTS, fault);
    }
    Attempt attempt;
    try {
      attempt = new Attempt(query, met, embedding, now);
    } catch (BudgetExhaustedException e) {
      return new Routing.Refused(
          new DeadLetter(DeadLetterReason.BUDGET_EXHAUSTED, String.valueOf(e.getMessage())),
          List.of(e.event()));
    }
    return attempt.decided(encoderId, now, wouldBe(serving, query, embedding, now));
  }

  /** What a model in shadow would have chosen. */
  private record WouldBe(String modelVersion, String llm) {}

  private @Nullable WouldBe wouldBe(
      Serving serving, Query query, float @Nullable [] embedding, Instant now) {
    RouterModel shadow = serving.shadow();
    if (shadow == null || embedding == null) {
      return null;
    }
    Lineup met = lineupFor(serving, shadow);
    try {
      return met.anyEligible()
          ? new WouldBe(shadow.version(), new Attempt(query, met, embedding, now).chosenLlm())
          : null;
    } catch (BudgetExhaustedException e) {
      return null;
    }
  }

  private static Routing refused(DeadLetterReason reason, String detail) {
    return new Routing.Refused(new DeadLetter(reason, detail));
  }

  @SuppressWarnings("ReferenceEquality") // the very object, not its like
  private Lineup lineupFor(Serving serving, @Nullable RouterModel model) {
    if (model != null && model == serving.canary()) {
      if (!canaryLineup.isOf(serving, model)) {
        canaryLineup = Lineup.of(serving, model);
      }
      return canaryLineup;
    }
    if (!lineup.isOf(serving, model)) {
      lineup = Lineup.of(serving, model);
    }
    return lineup;
  }

  /** Seed of a query's randomness: FNV-1a over the id, mixed with the router's seed. */
  private RandomGenerator randomFor(String queryId) {
    long hash = settings.seed() ^ 0xcbf29ce484222325L;
    for (byte b : queryId.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return new SplittableRandom(hash);
  }

  /** One query's way through scoring, constraints and policy. */
  private final class Attempt {
    private final Query query;
    private final Lineup met;
    private final float @Nullable [] embedding;
    private final @Nullable Scores scores;
    private final List<Candidate> candidates;
    private final double price;
    private final SelectionPolicy policy;
    private final Selection selection;
    private final Fallback fallback;
    private final List<Integer> shadows;
    private final StringBuilder notes = new StringBuilder();

    Attempt(Query query, Lineup met, float @Nullable [] embedding, Instant now) {
      this.query = query;
      this.met = met;
      this.embedding = embedding;
      this.scores = embedding == null ? null : met.score(embedding);
      QueryConstraints constraints = query.getConstraints();
      List<Candidate> all = met.candidates(scores, ExpectedCost.promptTokens(query.getText()));
      RouterModel model = met.model();
      if (scores != null && model != null) {
        all = refiner.refine(query, model, scores, all);
      }
      if (all.stream().noneMatch(Candidate::eligible)) {
        all = withoutQueryDependentReasons(all);
        note("no LLM fits the query as it is; the rest of the limits was given up");
      }
      boolean relaxed = !notes.isEmpty();
      ChoiceLimits limits = limits(constraints);
      if (limits != null) {
        LimitedCandidates limited = LimitedCandidates.of(all, limits);
        all = limited.candidates();
        if (limited.relaxation() != null) {
          relaxed = true;
          note(limited.relaxation());
        }
      }
      this.candidates = admission.affordable(query, all, now);
      this.price = admission.price(query.getTenant());
      this.policy = policyFor(constraints);
      RandomGenerator random = randomFor(query.getId());
      if (scores == null) {
        this.fallback = embedding == null ? Fallback.ENCODER_FAILED : Fallback.NO_MODEL;
        this.selection = FallbackChoice.of(candidates, settings.fallbackLlm(), fallback);
      } else {
        this.selection = policy.select(request(constraints, scores), random);
        boolean guarded = policy.name().equals("guard") && scores.outOfDistribution();
        this.fallback =
            relaxed ? Fallback.NOTHING_ELIGIBLE : guarded ? Fallback.GUARD : Fallback.NONE;
      }
      this.shadows = shadows(random);
    }

    private void note(String sentence) {
      notes.append(notes.isEmpty() ? "" : "; ").append(sentence);
    }

    private List<Candidate> withoutQueryDependentReasons(List<Candidate> all) {
      List<Candidate> plain = met.candidates(scores, 0);
      List<Candidate> freed = new ArrayList<>(all.size());
      for (int i = 0; i < all.size(); i++) {
        freed.add(plain.get(i).eligible() ? plain.get(i) : all.get(i));
      }
      return freed;
    }

    private @Nullable ChoiceLimits limits(@Nullable QueryConstraints constraints) {
      if (constraints == null
          || (constraints.getAllowedLlms().isEmpty()
              && constraints.getMaxCostUsd() == null
              && constraints.getMaxLatencyMs() == null)) {
        return null;
      }
      return new ChoiceLimits(
          Set.copyOf(constraints.getAllowedLlms()),
          constraints.getMaxCostUsd() == null ? Double.NaN : constraints.getMaxCostUsd(),
          constraints.getMaxLatencyMs() == null ? Double.NaN : constraints.getMaxLatencyMs());
    }

    private SelectionPolicy policyFor(@Nullable QueryConstraints constraints) {
      String wish = constraints == null ? null : constraints.getPolicy();
      if (wish == null) {
        return price > 0 && defaultPolicy.name().equals("argmax") ? PRICED : defaultPolicy;
      }
      SelectionPolicy wished = policies.get(wish);
      if (wished == null) {
        note(
            "policy \""
                + wish
                + "\" is unknown, "
                + defaultPolicy.name()
                + " took its place; known are "
                + Policies.names());
        return defaultPolicy;
      }
      return wished;
    }

    private SelectionRequest request(@Nullable QueryConstraints constraints, Scores scored) {
      Double cost = constraints == null ? null : constraints.getCostWeight();
      Double latency = constraints == null ? null : constraints.getLatencyWeight();
      Boolean explore = constraints == null ? null : constraints.getExplore();
      return new SelectionRequest(
          candidates,
          (cost == null ? settings.costWeight() : cost) + price,
          latency == null ? settings.latencyWeight() : latency,
          scored.outOfDistribution(),
          explore == null || explore,
          settings.explorationFloorOf(query.getTenant()));
    }

    private List<Integer> shadows(RandomGenerator random) {
      if (settings.shadowShare() == 0 || random.nextDouble() >= settings.shadowShare()) {
        return List.of();
      }
      List<Integer> others = new ArrayList<>(candidates.size());
      for (int i = 0; i < candidates.size(); i++) {
        if (i != selection.chosen() && candidates.get(i).eligible()) {
          others.add(i);
        }
      }
      return others.isEmpty() ? List.of() : List.of(others.get(random.nextInt(others.size())));
    }

    String chosenLlm() {
      return candidates.get(selection.chosen()).llm();
    }

    Routing decided(String encoderId, Instant now, @Nullable WouldBe wouldBe) {
      RouterModel model = met.model();
      if (met.isOnTrial() && model != null) {
        note("model " + model.version() + " is on trial");
      }
      RoutingDecision.Builder draft =
          RoutingDecision.newBuilder()
              .setQueryId(query.getId())
              .setTenant(query.getTenant())
              .setLlm(chosenLlm())
              .setRanking(ranking())
              .setPropensity(selection.propensities()[selection.chosen()])
              .setPolicy(scores == null ? "fallback" : policy.name())
              .setModelVersion(model == null ? "" : model.version())
              .setEncoderId(encoderId)
              .setRouterId(settings.routerId())
              .setRouterVersion(settings.routerVersion())
              .setExplored(selection.explored())
              .setOutOfDistribution(scores != null && scores.outOfDistribution())
              .setDistance(scores == null ? null : (Double) scores.distance())
              .setFallback(fallback)
              .setReason(notes.isEmpty() ? selection.reason() : selection.reason() + "; " + notes)
              .setCell(scores == null || scores.cell() < 0 ? null : (Integer) scores.cell())
              .setEmbedding(embedding == null ? null : HalfPrecision.pack(embedding))
              .setDecidedAt(now)
              .setShadow(shadows.stream().map(i -> candidates.get(i).llm()).toList())
              .setStagedModelVersion(wouldBe == null ? null : wouldBe.modelVersion())
              .setStagedLlm(wouldBe == null ? null : wouldBe.llm());
      List<Candidate> asked = new ArrayList<>(1 + shadows.size());
      asked.add(candidates.get(selection.chosen()));
      shadows.forEach(shadow -> asked.add(candidates.get(shadow)));
      return new Routing.Decided(
          draft,
          met.topic(selection.chosen()),
          shadows.stream().map(met::topic).toList(),
          admission.draw(query, asked, now));
    }

    private List<LlmScore> ranking() {
      List<LlmScore> ranking = new ArrayList<>(candidates.size());
      for (int index : selection.order()) {
        Candidate candidate = candidates.get(index);
        ranking.add(
            new LlmScore(
                candidate.llm(),
                candidate.score(),
                candidate.probability(),
                candidate.predictedSuccess(),
                known(candidate.expectedCostUsd()),
                known(candidate.expectedLatencyMs()),
                selection.propensities()[index],
                candidate.eligible(),
                candidate.ineligibleReason()));
      }
      return ranking;
    }

    private static @Nullable Double known(double value) {
      return Double.isNaN(value) ? null : (Double) value;
    }
  }
}
