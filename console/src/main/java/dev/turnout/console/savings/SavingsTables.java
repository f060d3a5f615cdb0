package dev.turnout.console.savings;

import static dev.turnout.console.page.Tables.scrolling;
import static j2html.TagCreator.caption;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.text;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import dev.turnout.console.page.Bar;
import dev.turnout.console.page.Tint;
import dev.turnout.console.page.Words;
import dev.turnout.offpolicy.savings.Alternative;
import dev.turnout.offpolicy.savings.PricedChoice;
import dev.turnout.offpolicy.savings.SavingsReport;
import dev.turnout.offpolicy.savings.SavingsReport.PartSavings;
import j2html.tags.DomContent;
import j2html.tags.specialized.TrTag;
import java.util.List;

/** What routing is compared with, and where it saves. */
record SavingsTables(SavingsReport report) {
  private static final int MOST_ROWS = 20;
  private static final double SELDOM = 0.9;

  DomContent alternatives() {
    return section(
            h2("Against simple alternatives"),
            scrolling(
                "Alternatives",
                table(
                    caption(
                        "The same queries, each answered by one LLM, or by one drawn at random"),
                    thead(
                        tr(
                            Amounts.column("Always"),
                            Amounts.number("Reward"),
                            Amounts.number("Cost"),
                            Amounts.number("Routing saved"),
                            Amounts.number("Routing gained, reward"),
                            Amounts.number("Answers seen"))),
                    tbody(each(report.llms(), this::llmRow), random()))))
        .withClass("panel");
  }

  private TrTag llmRow(Alternative llm) {
    boolean best = report.best() != null && llm.name().equals(report.best().name());
    boolean cheapest = report.cheapest() != null && llm.name().equals(report.cheapest().name());
    return tr(
            th(
                    Bar.dot(Tint.of(llm.name())),
                    span(llm.name()),
                    iff(best, tag("best single")),
                    iff(cheapest, tag("cheapest")),
                    iff(report.rivals().contains(llm.name()), tag("may be the best")),
                    iff(
                        llm.possible() < SELDOM,
                        tag("could answer " + Words.percent(llm.possible()))))
                .attr("scope", "row"),
            Amounts.reward(llm.reward()),
            Amounts.usd(llm.costUsd()),
            Amounts.usd(llm.savedUsd()).withClass("n " + Amounts.sign(llm.savedUsd())),
            Amounts.points(llm.gainedReward()),
            td(Words.count(llm.answers())).withClass("n"))
        .condAttr(best, "class", "chosen");
  }

  private DomContent random() {
    Alternative random = report.random();
    return random == null
        ? text("")
        : tr(
            th(span("one at random")).attr("scope", "row"),
            Amounts.reward(random.reward()),
            Amounts.usd(random.costUsd()),
            Amounts.usd(random.savedUsd()).withClass("n " + Amounts.sign(random.savedUsd())),
            Amounts.points(random.gainedReward()),
            td(Words.count(random.answers())).withClass("n"));
  }

  private static DomContent tag(String word) {
    return span(span(" "), span(word).withClass("tag"));
  }

  DomContent parts() {
    return div(
        part("By tenant", "Tenant", report.tenants()),
        part("By task cell", "Cell", report.cells()),
        part("By tenant and task cell", "Tenant, cell", report.parts()));
  }

  private static DomContent part(String title, String column, List<PartSavings> rows) {
    if (rows.isEmpty()) {
      return section(h2(title), p("Nothing yet.").withClass("muted")).withClass("panel");
    }
    return section(
            h2(title),
            scrolling(
                title,
                table(
                    thead(
                        tr(
                            Amounts.column(column),
                            Amounts.number("Queries"),
                            Amounts.number("Reward"),
                            Amounts.number("Cost"),
                            Amounts.number("Saved against the best single LLM"),
                            Amounts.number("Gained, reward"))),
                    tbody(each(rows.stream().limit(MOST_ROWS).toList(), SavingsTables::partRow)))),
            iff(
                rows.size() > MOST_ROWS,
                p("The " + MOST_ROWS + " most costly of " + Words.count(rows.size()) + ".")
                    .withClass("muted")))
        .withClass("panel");
  }

  private static TrTag partRow(PartSavings part) {
    return tr(
        th(name(part)).attr("scope", "row"),
        td(Words.count(part.choices())).withClass("n"),
        td(Words.number(part.reward(), 3)).withClass("n"),
        td(Words.usd(part.costUsd())).withClass("n"),
        Amounts.usd(part.savedUsd()).withClass("n " + Amounts.sign(part.savedUsd())),
        Amounts.points(part.gainedReward()));
  }

  private static String name(PartSavings part) {
    String cell =
        part.cell() == null
            ? ""
            : part.cell() == PricedChoice.NO_CELL ? "no cell" : "cell " + part.cell();
    String tenant = part.tenant() == null ? "" : part.tenant();
    return tenant.isEmpty() ? cell : cell.isEmpty() ? tenant : tenant + ", " + cell;
  }
}
