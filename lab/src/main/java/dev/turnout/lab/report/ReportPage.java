package dev.turnout.lab.report;

import dev.turnout.lab.eval.EvaluationSummary;
import dev.turnout.lab.eval.RouterResult;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Help.Ansi;

/** The evaluation as one self-contained HTML page. */
public final class ReportPage {
  private ReportPage() {}

  /** Writes {@code report.html} into the folder, which is made if missing. */
  public static Path write(EvaluationSummary summary, Path folder) throws IOException {
    ReportCharts charts = new ReportCharts(summary);
    RouterResult main = summary.main();
    HtmlPage page = new HtmlPage("Turnout evaluation", "Router evaluation");
    page.html(
        "<p class=\"muted\">"
            + HtmlPage.escaped(
                "recipe %s, encoder %s, %d seeds, %d LLMs, %d training queries"
                    .formatted(
                        main.name(),
                        summary.encoder(),
                        summary.seeds(),
                        summary.dataset().llms().size(),
                        summary.splits().splits().train().size()))
            + "</p><div class=\"cards\">");
    page.card("in distribution, %", Figures.number("%.2f", main.idAverage()));
    if (!Double.isNaN(main.oodAverage())) {
      page.card("out of distribution, %", Figures.number("%.2f", main.oodAverage()));
    }
    page.card("calibration error", Figures.number("%.3f", summary.ece()));
    page.card("guard AUROC", Figures.number("%.3f", summary.guard().auroc()));
    page.card(
        "to train",
        Figures.number("%.1f s", summary.trainEncodeSeconds() + summary.trainSeconds()));
    page.card("a decision, p50", Figures.number("%.2f ms", summary.decision().p50Micros() / 1000));
    page.html("</div>");
    if (!Double.isNaN(main.oodAverage())) {
      page.section(
          "Routers by their averages",
          "Up and to the right is better; the diamond is the evaluated recipe.",
          charts.averages());
    }
    page.section(
        "Embedding map",
        "Test queries in the model's projected space, seen along its two widest directions. Large"
            + " dark markers are the LLM embeddings, relative to their mean and scaled to the map:"
            + " queries in the direction of an LLM go there.",
        charts.embeddingMap());
    page.section(
        "Score distributions",
        "Predicted success of each LLM over the test queries.",
        charts.scoreDistributions());
    page.section(
        "Calibration",
        "Predicted against observed success on the test queries, all LLMs; on the line is right.",
        charts.calibration());
    page.section(
        "Guard",
        "Distance to the training data. The further apart from the test queries, the better the"
            + " guard tells foreign queries.",
        charts.guardDistances());
    page.section("Learning curve", "What more graded queries bring.", charts.learningCurve());
    page.section(
        "Cost and quality",
        "Each line is what a router reaches when cost is weighed more and more (non-decreasing"
            + " convex hull); diamonds are the LLMs alone.",
        charts.costQuality());
    page.section(
        "All figures",
        "",
        "<pre>" + HtmlPage.escaped(EvaluationText.of(summary, Ansi.OFF)) + "</pre>");
    return page.write(folder, "report.html");
  }
}
