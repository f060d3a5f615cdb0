package dev.turnout.console.now;

import static dev.turnout.console.page.Tables.column;
import static dev.turnout.console.page.Tables.number;
import static j2html.TagCreator.a;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;
import static j2html.TagCreator.ul;

import dev.turnout.console.page.Fragment;
import dev.turnout.console.page.Page;
import dev.turnout.console.page.PageRequest;
import dev.turnout.console.page.Words;
import dev.turnout.console.traffic.Measure;
import dev.turnout.console.traffic.TrafficReport;
import dev.turnout.console.traffic.TrafficTally;
import dev.turnout.console.traffic.TrafficWindow;
import j2html.tags.DomContent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What flows now, and in the window that the visitor chose. */
public final class NowPage implements Page {
  private static final int LATEST = 12;

  @Override
  public String path() {
    return "/now";
  }

  @Override
  public String title() {
    return "Now";
  }

  private static TrafficWindow window(PageRequest request) {
    return request.value("window").flatMap(TrafficWindow::named).orElse(TrafficWindow.FIVE_MINUTES);
  }

  @Override
  public DomContent content(PageRequest request) {
    Parts parts = Parts.of(request);
    return div(
        chooser(parts.window()),
        parts.vitals().element(),
        div(
                section(parts.flow().element()).withClass("panel"),
                section(parts.pace().element()).withClass("panel"))
            .withClass("grid"),
        parts.llms().element(),
        parts.latest().element(),
        section(parts.letters().element()).withClass("panel"));
  }

  @Override
  public List<Fragment> live(PageRequest request) {
    Parts parts = Parts.of(request);
    return List.of(
        parts.vitals(), parts.flow(), parts.llms(), parts.pace(), parts.letters(), parts.latest());
  }

  private DomContent chooser(TrafficWindow chosen) {
    return nav(ul(each(
                Arrays.asList(TrafficWindow.values()),
                window ->
                    li(
                        a(window.words())
                            .withHref(path() + "?window=" + window.id())
                            .condAttr(window == chosen, "aria-current", "true"))))
            .withClass("choices"))
        .attr("aria-label", "How far back");
  }

  /** What a request sees, of one moment. */
  private record Parts(PageRequest request, TrafficReport report) {

    static Parts of(PageRequest request) {
      return new Parts(request, request.state().traffic(NowPage.window(request)));
    }

    TrafficWindow window() {
      return report.window();
    }

    Fragment vitals() {
      return new Fragment(
          "vitals",
          section(
                  iff(
                      !report.complete(),
                      p("The console still reads what was counted before it started.")
                          .withClass("muted")),
                  new Vitals(request.state(), report).element())
              .withClass("panel")
              .attr("aria-label", "Figures"));
    }

    Fragment flow() {
      return new Fragment(
          "flow",
          div(
              h2("Queries to LLMs"),
              new FlowDiagram(request.state().decisionsPerSecond(), report.byLlm()).element()));
    }

    Fragment llms() {
      return new Fragment("llms", new LlmTable(request.state().llms(), report).element());
    }

    Fragment pace() {
      return new Fragment(
          "pace", div(h2("Decisions over time"), new PaceChart(report, request.at()).element()));
    }

    Fragment letters() {
      return new Fragment("letters", div(h2("Dead letters"), letterTable(report.letters())));
    }

    Fragment latest() {
      return new Fragment(
          "latest",
          new LatestTable(request.state().recent().latest(LATEST, each -> true), request.at())
              .element());
    }
  }

  private static DomContent letterTable(Map<String, TrafficTally> letters) {
    if (letters.isEmpty()) {
      return p("None in this window.").withClass("muted");
    }
    return table(
        thead(tr(column("Reason"), number("Records"))),
        tbody(
            each(
                letters.entrySet().stream()
                    .sorted(
                        Comparator.comparingDouble(
                            entry -> -entry.getValue().get(Measure.DEAD_LETTERS)))
                    .toList(),
                entry ->
                    tr(
                        td(span(entry.getKey()).withClass("mono")),
                        td(Words.count((long) entry.getValue().get(Measure.DEAD_LETTERS)))
                            .withClass("n")))));
  }
}
