package dev.turnout.lab.report;

import dev.turnout.app.console.TextTable;
import dev.turnout.lab.eval.ModelStudy;
import dev.turnout.lab.eval.RouterResult;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** What {@code turnout eval --model} prints: as text and as JSON. */
public final class ModelReport {
  private ModelReport() {}

  /** The whole text, ending in a line break. */
  public static String text(ModelStudy.Figures figures, Ansi ansi) {
    StringBuilder text = new StringBuilder();
    text.append(ansi.string("\n@|bold,underline Accuracy in percent|@\n"));
    TextTable table = TextTable.ruled(ansi, "router", "ID avg", "OOD avg");
    for (RouterResult row : figures.routers()) {
      table.row(
          row.name() + (row.hindsight() ? " (bound)" : ""),
          Figures.spread(row.idAverage(), row.idBySeed()),
          Figures.spread(row.oodAverage(), row.oodBySeed()));
    }
    double[] published = figures.published();
    if (published != null) {
      table.row(
          "RouterDC, published", Figures.percent(published[0]), Figures.percent(published[1]));
    }
    text.append(table.text());
    text.append(
        String.format(
            Locale.ROOT, "mean of %d models, ± standard deviation%n", figures.models().size()));
    text.append(
        ansi.string(
            "\n@|bold,underline Models against others, percentage points [95 % interval]|@\n"));
    TextTable against = TextTable.ruled(ansi, "against", "ID", "OOD");
    figures
        .idDifferences()
        .forEach(
            (name, id) ->
                against.row(
                    name,
                    Figures.interval(id),
                    Figures.interval(figures.oodDifferences().get(name))));
    text.append(against.text());
    text.append("paired bootstrap over queries within tasks\n");
    return text.toString();
  }

  /** Key to value; NaN stands for null. */
  public static Map<String, Object> json(ModelStudy.Figures figures) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("models", figures.models());
    Map<String, Object> routers = new LinkedHashMap<>();
    for (RouterResult row : figures.routers()) {
      Map<String, Object> router = new LinkedHashMap<>();
      router.put("id", row.idAverage());
      router.put("ood", row.oodAverage());
      router.put("id_by_model", row.idBySeed());
      router.put("ood_by_model", row.oodBySeed());
      router.put("tasks", row.tasks());
      router.put("shares", row.shares());
      routers.put(row.name(), router);
    }
    json.put("routers", routers);
    json.put("id_differences", figures.idDifferences());
    json.put("ood_differences", figures.oodDifferences());
    return json;
  }
}
