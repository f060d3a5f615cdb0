package dev.turnout.lab.report;

import dev.turnout.lab.eval.EvaluationSummary;
import dev.turnout.lab.eval.RouterResult;
import picocli.CommandLine.Help.Ansi;

/** Lays out the report. */
final class ReportPage {
  private static final String STYLE =
      """
      :root { color-scheme: light; }
      body { font: 15px/1.55 system-ui, sans-serif; color: #333a45; background: #f4f6f9; margin: 0; }
      main { max-width: 1080px; margin: 0 auto; padding: 32px 24px 64px; }
      h1 { font-size: 28px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 0 0 4px; }
      .muted { color: #6b7480; } .cards { display: flex; flex-wrap: wrap; gap: 12px; margin: 22px 0; }
      .card { background: #fff; border-radius: 10px; padding: 14px 18px; min-width: 130px;
        box-shadow: 0 1px 3px #0001; } .card b { display: block; font-size: 24px; color: #1f6fb5; }
      section { background: #fff; border-radius: 10px; padding: 20px 24px; margin: 16px 0;
        box-shadow: 0 1px 3px #0001; overflow-x: auto; }
      svg { max-width: 100%; height: auto; display: block; margin: 8px auto 0; }
      pre { font: 12.5px/1.45 ui-monospace, monospace; margin: 8px 0 0; }
      """;

  private ReportPage() {}

  static String of(EvaluationSummary summary) {
    ReportCharts charts = new ReportCharts(summary);
    RouterResult main = summary.main();
    StringBuilder page = new StringBuilder(1 << 20);
    page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    page.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    page.append("<title>Turnout evaluation</title><style>").append(STYLE);
    page.append("</style></head><body><main>");
    page.append("<h1>Router evaluation</h1><p class=\"muted\">recipe ")
        .append(escaped(main.name()))
        .append(", encoder ")
        .append(escaped(summary.encoder().toString()))
        .append(", ")
        .append(summary.seeds())
        .append(" seeds, ")
        .append(summary.dataset().llms().size())
        .append(" LLMs, ")
        .append(summary.splits().splits().train().size())
        .append(" training queries</p><div class=\"cards\">");
    card(page, "in distribution, %", EvaluationText.number("%.2f", main.idAverage()));
    if (!Double.isNaN(main.oodAverage())) {
      card(page, "out of distribution, %", EvaluationText.number("%.2f", main.oodAverage()));
    }
    card(page, "calibration error", EvaluationText.number("%.3f", summary.ece()));
    card(page, "guard AUROC", EvaluationText.number("%.3f", summary.guard().auroc()));
    card(
        page,
        "to train",
        EvaluationText.number("%.1f s", summary.trainEncodeSeconds() + summary.trainSeconds()));
    card(
        page,
        "a decision, p50",
        EvaluationText.number("%.2f ms", summary.decision().p50Micros() / 1000));
    page.append("</div>");
    if (!Double.isNaN(main.oodAverage())) {
      section(
          page,
          "Routers by their averages",
          "Up and to the right is better; the diamond is the evaluated recipe.",
          charts.averages());
    }
    section(
        page,
        "Embedding map",
        "Test queries in the model's projected space, seen along its two widest directions. Large"
            + " dark markers are the LLM embeddings, relative to their mean and scaled to the map:"
            + " queries in the direction of an LLM go there.",
        charts.embeddingMap());
    section(
        page,
        "Score distributions",
        "Predicted success of each LLM over the test queries.",
        charts.scoreDistributions());
    section(
        page,
        "Calibration",
        "Predicted against observed success on the test queries, all LLMs; on the line is right.",
        charts.calibration());
    section(
        page,
        "Guard",
        "Distance to the training data. The further apart from the test queries, the better the"
            + " guard tells foreign queries.",
        charts.guardDistances());
    section(page, "Learning curve", "What more graded queries bring.", charts.learningCurve());
    section(
        page,
        "Cost and quality",
        "Each line is what a router reaches when cost is weighed more and more (non-decreasing"
            + " convex hull); diamonds are the LLMs alone.",
        charts.costQuality());
    section(
        page,
        "All figures",
        "",
        "<pre>" + escaped(EvaluationText.of(summary, Ansi.OFF)) + "</pre>");
    return page.append("</main></body></html>\n").toString();
  }

  private static void card(StringBuilder page, String what, String value) {
    page.append("<div class=\"card\"><b>").append(escaped(value)).append("</b>");
    page.append(escaped(what)).append("</div>");
  }

  private static void section(StringBuilder page, String title, String words, String body) {
    if (!body.isEmpty()) {
      page.append("<section><h2>").append(escaped(title)).append("</h2><div class=\"muted\">");
      page.append(escaped(words)).append("</div>").append(body).append("</section>");
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
