package dev.turnout.console.why;

import static dev.turnout.console.page.Tables.column;
import static dev.turnout.console.page.Tables.number;
import static dev.turnout.console.page.Tables.scrolling;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import dev.turnout.belief.Posteriors;
import dev.turnout.console.page.Bar;
import dev.turnout.console.page.Tint;
import dev.turnout.console.page.Words;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.RoutingDecision;
import j2html.tags.DomContent;
import j2html.tags.specialized.TrTag;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The LLMs as a decision ranked them.
 *
 * @param posteriors of the model that scored, as they are now; null without any
 */
public record RankingTable(RoutingDecision decision, @Nullable Posteriors posteriors) {

  /** All of them, with what the columns say. */
  DomContent element() {
    return section(
            h2("Ranking"),
            p("Best first by policy "
                    + decision.getPolicy()
                    + ". Belief is what graded answers have added since to the predicted"
                    + " success in this part of the traffic, as of now; predicted success has"
                    + " what they had added then.")
                .withClass("lead"),
            best(Integer.MAX_VALUE))
        .withClass("panel");
  }

  /**
   * The table alone.
   *
   * @param most LLMs, the best ranked
   */
  public DomContent best(int most) {
    return scrolling(
        "Ranking",
        table(
            thead(
                tr(
                    column("LLM"),
                    number("Success"),
                    column(""),
                    number("Belief"),
                    number("Cost"),
                    number("Latency"),
                    number("Score"),
                    number("Probability"),
                    number("Chosen with"),
                    column("Not eligible"))),
            tbody(each(decision.getRanking().stream().limit(most).<DomContent>map(this::row)))));
  }

  private TrTag row(LlmScore score) {
    boolean chosen = score.getLlm().equals(decision.getLlm());
    String tint = Tint.of(score.getLlm());
    return tr(
            th(
                    Bar.dot(tint),
                    span(score.getLlm()),
                    chosen ? span(" chosen").withClass("note") : span())
                .attr("scope", "row"),
            td(Words.percent(score.getPredictedSuccess())).withClass("n"),
            td(Bar.of(score.getPredictedSuccess(), tint)),
            td(belief(score.getLlm())).withClass("n"),
            td(Words.usd(Words.orNaN(score.getExpectedCostUsd()))).withClass("n"),
            td(Words.millis(Words.orNaN(score.getExpectedLatencyMs()))).withClass("n"),
            td(Words.number(score.getScore(), 3)).withClass("n"),
            td(Words.percent(score.getProbability())).withClass("n"),
            td(Words.percent(score.getPropensity())).withClass("n"),
            td(score.getIneligibleReason() == null ? "" : score.getIneligibleReason()))
        .withClass(chosen ? "chosen" : score.getEligible() ? "" : "out");
  }

  private String belief(String llm) {
    Integer cell = decision.getCell();
    int column = posteriors == null ? -1 : posteriors.llms().indexOf(llm);
    if (posteriors == null || cell == null || column < 0 || cell >= posteriors.cells()) {
      return Words.UNKNOWN;
    }
    return String.format(
        Locale.ROOT,
        "%+.1f ± %.1f %%",
        100 * posteriors.correction()[cell][column],
        100 * posteriors.deviation()[cell][column]);
  }
}
