package dev.turnout.console.now;

import static dev.turnout.console.page.Tables.column;
import static dev.turnout.console.page.Tables.number;
import static dev.turnout.console.page.Tables.scrolling;
import static j2html.TagCreator.caption;
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

import dev.turnout.console.page.Bar;
import dev.turnout.console.page.Tint;
import dev.turnout.console.page.Words;
import dev.turnout.console.state.LlmStanding;
import dev.turnout.console.traffic.Measure;
import dev.turnout.console.traffic.TrafficReport;
import dev.turnout.console.traffic.TrafficTally;
import dev.turnout.schema.LlmStatus;
import j2html.tags.DomContent;
import j2html.tags.specialized.TrTag;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Each LLM as it stands, with what was counted of it.
 *
 * @param standings of the LLMs that there are; those that are gone are shown as far as they were
 *     counted
 */
record LlmTable(List<LlmStanding> standings, TrafficReport report) {

  DomContent element() {
    Map<String, LlmStanding> known = new LinkedHashMap<>();
    standings.forEach(each -> known.put(each.profile().getId(), each));
    Map<String, TrafficTally> tallies = report.byLlm();
    TreeSet<String> names = new TreeSet<>(known.keySet());
    tallies.forEach(
        (llm, tally) -> {
          if (!tally.isEmpty()) {
            names.add(llm);
          }
        });
    double decisions = report.total().get(Measure.DECISIONS);
    DomContent content =
        names.isEmpty()
            ? p("There is no LLM yet: turnout llms add.").withClass("muted")
            : scrolling(
                "LLMs",
                table(
                    caption("Of the last " + report.window().words()),
                    thead(
                        tr(
                            column("LLM"),
                            column("State"),
                            number("Share"),
                            column(""),
                            number("Decisions"),
                            number("Answered"),
                            number("Grade"),
                            number("USD a call"),
                            number("Median"),
                            number("95 %"),
                            number("Backlog"))),
                    tbody(
                        each(
                            names,
                            name ->
                                row(
                                    name,
                                    known.get(name),
                                    tallies.getOrDefault(name, new TrafficTally()),
                                    decisions)))));
    return section(h2("LLMs"), content).withClass("panel");
  }

  private static TrTag row(
      String name, @Nullable LlmStanding standing, TrafficTally tally, double decisions) {
    double share = decisions == 0 ? 0 : tally.get(Measure.DECISIONS) / decisions;
    return tr(
        th(Bar.dot(Tint.of(name)), span(name)).attr("scope", "row"),
        td(state(standing)),
        td(Words.percent(share)).withClass("n"),
        td(Bar.of(share, Tint.of(name))),
        figure(Words.count((long) tally.get(Measure.DECISIONS))),
        figure(Words.percent(tally.answered())),
        figure(
            Words.number(tally.mean(Measure.REWARD, Measure.GRADES), 3)
                + margin(tally.rewardMargin())),
        figure(Words.usd(tally.mean(Measure.COST_USD, Measure.COSTS))),
        figure(Words.millis(tally.latency(0.5))),
        figure(Words.millis(tally.latency(0.95))),
        figure(standing == null ? Words.UNKNOWN : Words.number(standing.backlog(), 0)));
  }

  private static String margin(double margin) {
    return Double.isNaN(margin) ? "" : " ± " + Words.number(margin, 3);
  }

  private static DomContent figure(String text) {
    return td(text).withClass("n");
  }

  private static DomContent state(@Nullable LlmStanding standing) {
    if (standing == null) {
      return span("retired").withClass("tag");
    }
    if (standing.unavailable() != null) {
      return span(
              span("unavailable").withClass("tag bad"), span(" " + rest(standing.unavailable())))
          .withClass("note");
    }
    return standing.profile().getStatus() == LlmStatus.DRAINING
        ? span("draining").withClass("tag warn")
        : span("available").withClass("tag good");
  }

  private static String rest(String words) {
    return words.startsWith("unavailable ") ? words.substring("unavailable ".length()) : words;
  }
}
