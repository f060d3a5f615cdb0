package dev.turnout.lab.report;

import dev.turnout.lab.eval.EvaluationSummary;
import dev.turnout.lab.eval.RouterResult;
import dev.turnout.lab.eval.measure.CostQualityCurve;
import dev.turnout.lab.eval.measure.CostResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An evaluation as the object that {@code --json} prints; NaN stands for null. */
public final class EvaluationJson {
  private EvaluationJson() {}

  /** Key to value, in the order of printing. */
  public static Map<String, Object> of(EvaluationSummary summary) {
    RouterResult main = summary.main();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("recipe", main.name());
    json.put("encoder", summary.encoder().toString());
    json.put("seeds", summary.seeds());
    json.put("id_avg", main.idAverage());
    json.put("ood_avg", main.oodAverage());
    json.put("id_spread", RouterResult.spread(main.idBySeed()));
    json.put("ood_spread", RouterResult.spread(main.oodBySeed()));
    json.put("tasks", main.tasks());
    json.put("baselines", averages(summary.baselines()));
    if (summary.recipes().size() > 1) {
      json.put("recipes", averages(summary.recipes()));
    }
    json.put("intervals_id", summary.idIntervals());
    json.put("intervals_ood", summary.oodIntervals());
    json.put("shares", main.shares());
    json.put("train_seconds", summary.trainEncodeSeconds() + summary.trainSeconds());
    json.put("train_encode_seconds", summary.trainEncodeSeconds());
    json.put("train_fit_seconds", summary.trainSeconds());
    json.put("ece", summary.ece());
    json.put("ece_chosen", summary.eceChosen());
    json.put("coverage", main.coverage());
    json.put("success_by_llm", summary.success());
    json.put("success_by_llm_ood", summary.oodSuccess());
    json.put("guard_auroc", summary.guard().auroc());
    json.put("guard_auroc_ood", summary.guard().ood());
    json.put("guard_auroc_nonsense", summary.guard().nonsense());
    json.put("guard_auroc_parts", summary.guard().parts());
    json.put("guard_flagged_id", summary.guard().flaggedId());
    json.put("decision_micros", summary.decision());
    json.put("scoring_micros", summary.scoring());
    json.put("peak_memory_mib", summary.peakMemoryMiB());
    CostResult cost = summary.cost();
    if (cost != null) {
      json.put("cost", cost(cost));
    }
    if (!summary.learning().isEmpty()) {
      json.put("learning_curve", summary.learning());
    }
    if (!summary.ablations().isEmpty()) {
      json.put("ablations", averages(summary.ablations()));
    }
    if (!summary.onboarding().isEmpty()) {
      json.put("onboarding", summary.recoveredByProbes());
      json.put("onboarding_llms", summary.onboarding());
    }
    return json;
  }

  private static Map<String, Object> averages(List<RouterResult> rows) {
    Map<String, Object> averages = new LinkedHashMap<>();
    for (RouterResult row : rows) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("id_avg", row.idAverage());
      values.put("ood_avg", row.oodAverage());
      values.put("tasks", row.tasks());
      values.put("coverage", row.coverage());
      averages.put(row.name(), values);
    }
    return averages;
  }

  private static Map<String, Object> cost(CostResult cost) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("estimated", cost.estimated());
    json.put("assumed_output_tokens", cost.outputTokens());
    json.put("cost_relative_error", cost.errors().learnt());
    json.put("cost_relative_error_of_means", cost.errors().ofMeans());
    json.put("aiq", cost.aiq());
    json.put("usd_per_success", cost.costPerSuccess());
    json.put("best_single", cost.bestSingle());
    CostQualityCurve.Point single = cost.singles().get(cost.bestSingle());
    double singleCost = single == null ? Double.NaN : single.costUsd();
    json.put("best_single_quality", single == null ? Double.NaN : single.quality());
    json.put("equal_quality_cost_ratio", cost.equalQualityCost() / singleCost);
    json.put("chosen_on_train_quality", cost.chosenOnTrain().quality());
    json.put("chosen_on_train_cost_ratio", cost.chosenOnTrain().costUsd() / singleCost);
    json.put("pairs", cost.pairs());
    return json;
  }
}
