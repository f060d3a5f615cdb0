package dev.turnout.lab.bench.savings;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.turnout.offpolicy.Estimate;
import dev.turnout.offpolicy.savings.Alternative;
import dev.turnout.offpolicy.savings.Savings;
import dev.turnout.offpolicy.savings.SavingsReport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How often intervals of 95 % held the truth, over streams of which every answer is known.
 *
 * @param streams number of streams
 * @param queries queries of each
 * @param covered share whose savings against the best single LLM lie in their interval; the best is
 *     the one that really earned most, which the estimate does not know
 * @param coveredNamed the same against the LLM that the report takes for the best
 * @param coveredLlms the same against every LLM
 * @param coveredRewards share of the LLMs whose mean reward lies in its interval
 * @param savedUsd mean of the true savings against the best single LLM
 * @param widthUsd mean width of the interval
 * @param widthNamedUsd mean width of the interval against the LLM that is taken for the best
 * @param rivals mean number of LLMs that could not be told from the best
 */
public record SavingsCoverage(
    @JsonProperty("streams") int streams,
    @JsonProperty("queries") int queries,
    @JsonProperty("savings_coverage") double covered,
    @JsonProperty("savings_coverage_named") double coveredNamed,
    @JsonProperty("savings_coverage_llms") double coveredLlms,
    @JsonProperty("reward_coverage_llms") double coveredRewards,
    @JsonProperty("saved_usd") double savedUsd,
    @JsonProperty("width_usd") double widthUsd,
    @JsonProperty("width_named_usd") double widthNamedUsd,
    @JsonProperty("rivals") double rivals) {

  /** Plays the streams; equal arguments give equal figures. */
  static SavingsCoverage measure(
      PricedQueries priced,
      int streams,
      int queries,
      double costWeight,
      Consumer<String> progress) {
    double covered = 0;
    double named = 0;
    double llms = 0;
    double rewards = 0;
    double saved = 0;
    double width = 0;
    double widthNamed = 0;
    double rivals = 0;
    for (int seed = 0; seed < streams; seed++) {
      if (seed % Math.max(1, streams / 10) == 0) {
        progress.accept(seed + " of " + streams + " streams");
      }
      SavingsStream stream = new SavingsStream(priced, queries, costWeight, seed);
      SavingsReport report = Savings.of(stream.traffic());
      double truth = stream.saved(stream.best());
      saved += truth;
      covered += covers(report.savedUsd(), truth);
      width += width(report.savedUsd());
      rivals += report.rivals().size();
      Alternative best = report.best();
      if (best != null) {
        named += covers(best.savedUsd(), stream.saved(priced.llms().indexOf(best.name())));
        widthNamed += width(best.savedUsd());
      }
      for (Alternative llm : report.llms()) {
        int index = priced.llms().indexOf(llm.name());
        llms += covers(llm.savedUsd(), stream.saved(index)) / priced.llms().size();
        rewards += covers(llm.reward(), stream.reward(index)) / priced.llms().size();
      }
    }
    return new SavingsCoverage(
        streams,
        queries,
        covered / streams,
        named / streams,
        llms / streams,
        rewards / streams,
        saved / streams,
        width / streams,
        widthNamed / streams,
        rivals / streams);
  }

  private static double covers(@Nullable Estimate estimate, double truth) {
    return estimate != null && estimate.covers(truth) ? 1 : 0;
  }

  private static double width(@Nullable Estimate estimate) {
    return estimate == null ? Double.NaN : estimate.upper() - estimate.lower();
  }
}
