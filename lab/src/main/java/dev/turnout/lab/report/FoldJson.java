package dev.turnout.lab.report;

import dev.turnout.lab.eval.figure.Figure;
import dev.turnout.lab.eval.figure.FigureInterval;
import dev.turnout.lab.eval.fold.FoldResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Held-out figures as the object that {@code --json} prints; NaN stands for null. */
public final class FoldJson {
  private static final FigureInterval NONE = new FigureInterval(Double.NaN, Double.NaN, Double.NaN);

  private FoldJson() {}

  /** Key to value, in the order of printing; the recipe's figures stand at the top. */
  public static Map<String, Object> of(FoldResult result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("protocol", result.protocol());
    json.put("folds", result.folds());
    json.put("seeds", result.seeds());
    json.put("queries", result.queries());
    json.put("llms", result.llms());
    json.put("cost_unit", result.costs());
    json.put("cost_relative_error", result.costErrors().learnt());
    json.put("cost_relative_error_of_means", result.costErrors().ofMeans());
    json.put("argmax", NONE);
    json.put("aiq", NONE);
    FoldResult.Row main = result.main();
    main.figures().forEach((figure, interval) -> json.put(figure.key(), interval));
    json.put("coverage", main.coverage());
    json.put("ece", main.ece());
    json.put("success_by_llm", main.success());
    json.put("oracle", result.oracle());
    json.put("best_single", result.bestSingle());
    json.put("best_single_quality", result.bestSingleQuality());
    Map<String, Object> routers = new LinkedHashMap<>();
    result.routers().forEach(row -> routers.put(row.name(), row(row)));
    json.put("routers", routers);
    List<Object> pairs = new ArrayList<>();
    for (FoldResult.PairRow pair : result.pairs()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("weak", pair.weak());
      entry.put("strong", pair.strong());
      entry.putAll(keyed(pair.figures()));
      pairs.add(entry);
    }
    json.put("pairs", pairs);
    return json;
  }

  private static Map<String, Object> row(FoldResult.Row row) {
    Map<String, Object> json = new LinkedHashMap<>(keyed(row.figures()));
    json.put("coverage", row.coverage());
    json.put("ece", row.ece());
    json.put("success_by_llm", row.success());
    if (!row.behind().isEmpty()) {
      json.put("difference", keyed(row.behind()));
    }
    return json;
  }

  private static Map<String, Object> keyed(Map<Figure, FigureInterval> figures) {
    Map<String, Object> keyed = new LinkedHashMap<>();
    figures.forEach((figure, interval) -> keyed.put(figure.key(), interval));
    return keyed;
  }
}
