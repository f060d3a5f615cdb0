package dev.turnout.offpolicy.savings;

import dev.turnout.math.Student;
import dev.turnout.offpolicy.Estimate;
import dev.turnout.offpolicy.savings.RoutedTraffic.Part;
import dev.turnout.offpolicy.savings.SavingsReport.PartSavings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Estimates what routing saved from graded choices and the propensities they were drawn with; no
 * LLM is asked again.
 *
 * <p>What holds at all times: an estimate is of these very queries, not of queries like them. What
 * they earned and cost as routed is known to the last digit; only what another LLM would have
 * earned and cost is estimated, and only where the draw left it open: a query that the LLM did
 * answer with certainty adds no error. Whatever the predictions are worth, each total is unbiased
 * up to a term that falls as one over the number of answers, and predictions decide how narrow it
 * is.
 *
 * <p>Why it is sound: a logged choice is a sample of one LLM, drawn with known probabilities, from
 * the answers that all would have given. So this is a survey with unequal probabilities, and the
 * estimator is the survey's: predicted total plus the residuals of the answers seen, each over its
 * propensity (Cassel, Sarndal and Wretman 1976; in the field's words doubly robust: Dudik, Langford
 * and Li 2011). Predictions are means by LLM, weighed by one over the propensity (SNIPS), within
 * tenant and cell as far as answers go. The variance takes the inverse propensities of all queries,
 * which are known, times the squared residual, which alone is estimated, pooled from where there
 * are answers; intervals are Student's with as many degrees of freedom as answers that matter
 * (Satterthwaite 1946). Propensities that follow earlier grades change none of this, since given
 * the past each draw is still by its own propensity.
 *
 * <p>The best single LLM is not known either. The one of the highest estimate flatters itself, and
 * its costs are not those of the true best. So all that cannot be told from it (one-sided, all
 * comparisons together at 99 %) stay, and the interval of the savings is the hull of their 96 %
 * intervals, which together leave 5 % (Hsu 1984, comparisons with the best).
 *
 * <p>What it cannot see: queries without a grade or a cost; an LLM where it had no chance, which is
 * taken to have done what was routed; and what grading itself prefers, if graders look at some
 * answers more than at others.
 */
public final class Savings {
  static final double CONFIDENCE = 0.95;
  private static final double HULL = 0.96;
  private static final double RIVALRY = 0.01;

  /** An LLM stands for "always this one" if it could answer so large a share of the queries. */
  private static final double NEARLY_ALL = 0.9;

  private static final String ALL = "";
  private static final int ANY = Integer.MIN_VALUE;

  private final RoutedTraffic traffic;
  private final Stratum whole = new Stratum();
  private final Map<Part, Expectation> expected = new HashMap<>();
  private final Scope all;

  private Savings(RoutedTraffic traffic) {
    this.traffic = traffic;
    traffic.strata().values().forEach(whole::add);
    this.all = new Scope(whole);
    Expectation overall = Expectation.ofAll(whole);
    Map<Integer, Expectation> cells = new HashMap<>();
    traffic.byCell().forEach((cell, sums) -> cells.put(cell, overall.within(sums)));
    traffic
        .strata()
        .forEach(
            (part, sums) -> {
              Expectation own = cells.getOrDefault(part.cell(), overall).within(sums);
              expected.put(part, own);
              all.add(sums, own);
            });
  }

  /** The report of a traffic; costs a pass over its sums. */
  public static SavingsReport of(RoutedTraffic traffic) {
    return new Savings(traffic).report();
  }

  private SavingsReport report() {
    long n = all.choices();
    List<Alternative> llms = new ArrayList<>();
    for (String llm : whole.llms().keySet()) {
      llms.add(always(all, llm));
    }
    llms.sort(Comparator.comparingDouble((Alternative each) -> -each.reward().value()));
    List<Alternative> able =
        llms.stream().filter(each -> each.possible() >= NEARLY_ALL && each.answers() > 0).toList();
    Alternative best = able.isEmpty() ? null : able.get(0);
    Alternative cheapest =
        able.stream().min(Comparator.comparingDouble(each -> each.costUsd().value())).orElse(null);
    List<String> rivals = best == null ? List.of() : rivals(best, able);
    List<String> mayBeBest = new ArrayList<>(rivals);
    if (best != null) {
      mayBeBest.add(0, best.name());
    }
    return new SavingsReport(
        n,
        n == 0 ? 0 : all.routed(Blend.REWARD) / n,
        all.routed(Blend.COST),
        llms,
        best,
        rivals,
        best == null ? null : hull(all, mayBeBest, Blend.COST, 1),
        cheapest,
        n == 0 ? null : random(),
        n == 0 ? null : EqualCost.of(all, able),
        parts(part -> new Part(part.tenant(), ANY), mayBeBest),
        parts(part -> new Part(ALL, part.cell()), mayBeBest),
        parts(part -> part, mayBeBest));
  }

  private Alternative always(Scope scope, String llm) {
    double n = Math.max(1, scope.choices());
    double reward = scope.always(llm, Blend.REWARD);
    double cost = scope.always(llm, Blend.COST);
    double rewardVariance = scope.variance(llm, Blend.REWARD, false);
    double costVariance = scope.variance(llm, Blend.COST, false);
    return new Alternative(
        llm,
        scope.open(llm) / n,
        scope.answers(llm),
        scope.estimate(llm, reward, rewardVariance, n, CONFIDENCE),
        scope.estimate(llm, cost, costVariance, 1, CONFIDENCE),
        scope.estimate(llm, cost - scope.routed(Blend.COST), costVariance, 1, CONFIDENCE),
        scope.estimate(llm, scope.routed(Blend.REWARD) - reward, rewardVariance, n, CONFIDENCE));
  }

  /** Those whose reward is not surely below the best's. */
  private List<String> rivals(Alternative best, List<Alternative> able) {
    double error = RIVALRY / Math.max(1, able.size() - 1);
    double own = all.variance(best.name(), Blend.REWARD, true);
    List<String> rivals = new ArrayList<>();
    for (Alternative other : able) {
      if (!other.name().equals(best.name())) {
        double behind =
            all.always(best.name(), Blend.REWARD) - all.always(other.name(), Blend.REWARD);
        double variance = own + all.variance(other.name(), Blend.REWARD, true);
        double degrees = Math.min(all.degrees(best.name()), all.degrees(other.name()));
        if (behind <= Student.twoSided(1 - 2 * error, degrees) * Math.sqrt(variance)) {
          rivals.add(other.name());
        }
      }
    }
    return rivals;
  }

  /** From the lowest to the highest savings, or loss of reward, against any of some LLMs. */
  private static Estimate hull(Scope scope, List<String> llms, Blend blend, double per) {
    Estimate hull = null;
    for (String llm : llms) {
      double total = scope.always(llm, blend) - scope.routed(blend);
      Estimate each =
          scope.estimate(
              llm,
              total,
              scope.variance(llm, blend, false),
              per,
              llms.size() == 1 ? CONFIDENCE : HULL);
      hull =
          hull == null
              ? each
              : new Estimate(
                  hull.value(),
                  hull.standardError(),
                  Math.min(hull.lower(), each.lower()),
                  Math.max(hull.upper(), each.upper()),
                  hull.effectiveSampleSize(),
                  hull.samples());
    }
    if (hull == null) {
      throw new IllegalArgumentException("there is no LLM to compare with");
    }
    return hull;
  }

  private Alternative random() {
    double n = all.choices();
    double reward = all.evenly(Blend.REWARD);
    double cost = all.evenly(Blend.COST);
    double degrees = 0;
    double effective = 0;
    long answers = 0;
    for (String llm : whole.llms().keySet()) {
      degrees += all.degrees(llm);
      effective += all.effective(llm);
      answers += all.answers(llm);
    }
    double rewardVariance = all.evenVariance(Blend.REWARD);
    double costVariance = all.evenVariance(Blend.COST);
    double saved = cost - all.routed(Blend.COST);
    double gained = all.routed(Blend.REWARD) - reward;
    return new Alternative(
        "random",
        1,
        answers,
        all.interval(reward, rewardVariance, n, degrees, effective, CONFIDENCE, answers),
        all.interval(cost, costVariance, 1, degrees, effective, CONFIDENCE, answers),
        all.interval(saved, costVariance, 1, degrees, effective, CONFIDENCE, answers),
        all.interval(gained, rewardVariance, n, degrees, effective, CONFIDENCE, answers));
  }

  /** Savings of the traffic's parts, put together as told. */
  private List<PartSavings> parts(Function<Part, Part> grouping, List<String> mayBeBest) {
    if (mayBeBest.isEmpty()) {
      return List.of();
    }
    Map<Part, Scope> scopes = new LinkedHashMap<>();
    traffic
        .strata()
        .forEach(
            (part, sums) ->
                scopes
                    .computeIfAbsent(grouping.apply(part), unused -> new Scope(whole))
                    .add(sums, expectation(part)));
    List<PartSavings> parts = new ArrayList<>();
    scopes.forEach((part, scope) -> parts.add(part(part, scope, mayBeBest)));
    parts.sort(Comparator.comparingDouble((PartSavings each) -> -each.costUsd()));
    return parts;
  }

  private static PartSavings part(Part part, Scope scope, List<String> mayBeBest) {
    double n = scope.choices();
    Estimate lost = hull(scope, mayBeBest, Blend.REWARD, n);
    return new PartSavings(
        part.tenant().equals(ALL) ? null : part.tenant(),
        part.cell() == ANY ? null : part.cell(),
        scope.choices(),
        scope.routed(Blend.REWARD) / n,
        scope.routed(Blend.COST),
        hull(scope, mayBeBest, Blend.COST, 1),
        new Estimate(
            -lost.value(),
            lost.standardError(),
            -lost.upper(),
            -lost.lower(),
            lost.effectiveSampleSize(),
            lost.samples()));
  }

  private Expectation expectation(Part part) {
    Expectation known = expected.get(part);
    if (known == null) {
      throw new IllegalStateException("nothing is expected of " + part);
    }
    return known;
  }
}
