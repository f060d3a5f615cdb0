package dev.turnout.console.savings;

import static j2html.TagCreator.a;
import static j2html.TagCreator.dd;
import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.each;
import static j2html.TagCreator.li;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.ul;

import dev.turnout.console.page.Fragment;
import dev.turnout.console.page.Page;
import dev.turnout.console.page.PageRequest;
import dev.turnout.console.page.Words;
import dev.turnout.offpolicy.Estimate;
import dev.turnout.offpolicy.savings.Alternative;
import dev.turnout.offpolicy.savings.EqualCost;
import dev.turnout.offpolicy.savings.SavingsReport;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What routing saved and earned, and how sure that is. */
public final class SavingsPage implements Page {

  @Override
  public String path() {
    return "/savings";
  }

  @Override
  public String title() {
    return "Does it pay";
  }

  private static SavingsWindow window(PageRequest request) {
    return request.value("window").flatMap(SavingsWindow::named).orElse(SavingsWindow.WEEK);
  }

  @Override
  public DomContent content(PageRequest request) {
    List<Fragment> parts = live(request);
    return div(
        nav(ul(each(
                    Arrays.asList(SavingsWindow.values()),
                    window ->
                        li(
                            a(window.words())
                                .withHref(path() + "?window=" + window.id())
                                .condAttr(window == window(request), "aria-current", "true"))))
                .withClass("choices"))
            .attr("aria-label", "How far back"),
        parts.get(0).element(),
        method(),
        each(parts.subList(1, parts.size()), Fragment::element));
  }

  @Override
  public List<Fragment> live(PageRequest request) {
    GradedTraffic graded = request.state().savings().graded();
    SavingsReport report = graded.report(window(request), request.at());
    SavingsTables tables = new SavingsTables(report);
    return List.of(
        new Fragment(
            "saved",
            section(figures(report), leftOut(graded.leftOut()))
                .withClass("panel")
                .attr("aria-label", "Figures")),
        new Fragment("alternatives", tables.alternatives()),
        new Fragment("parts", tables.parts()));
  }

  private static DomContent figures(SavingsReport report) {
    Estimate saved = report.savedUsd();
    Alternative best = report.best();
    if (saved == null || best == null) {
      return p(report.choices() == 0
              ? "No graded query with a known cost in these days."
              : "No LLM had a chance at nearly all queries, so none can stand for \"always the"
                  + " same\": explore a little, e.g. router.exploration-floor: 0.03.")
          .withClass("muted");
    }
    List<DomContent> figures = new ArrayList<>();
    figures.add(
        figure(
            "Saved against the best single LLM",
            Words.usd(saved.value()),
            Amounts.range(saved, Words::usd) + ", 95 %",
            Amounts.sign(saved)));
    figures.add(
        figure(
            "Taken for the best single LLM",
            best.name(),
            report.rivals().isEmpty()
                ? "surely the best"
                : "not told from it: " + String.join(", ", report.rivals()),
            ""));
    figures.add(
        figure(
            "Reward, as routed",
            Words.number(report.reward(), 3),
            Amounts.signed(best.gainedReward().value())
                + " against it, "
                + Amounts.range(best.gainedReward(), Amounts::signed),
            ""));
    figures.add(
        figure(
            "Cost, as routed",
            Words.usd(report.costUsd()),
            "it would have cost " + Words.usd(best.costUsd().value()),
            ""));
    EqualCost equal = report.equalCost();
    if (equal != null) {
      figures.add(
          figure(
              "Reward gained at equal cost",
              Amounts.signed(equal.gainedReward().value()),
              Amounts.range(equal.gainedReward(), Amounts::signed) + ", against " + draw(equal),
              Amounts.sign(equal.gainedReward())));
    }
    figures.add(figure("Graded queries", Words.count(report.choices()), "with a known cost", ""));
    return dl().with(figures).withClass("figures");
  }

  private static String draw(EqualCost equal) {
    return equal.cheaper().equals(equal.dearer())
        ? equal.cheaper() + " alone"
        : Words.percent(equal.share()) + " " + equal.dearer() + ", else " + equal.cheaper();
  }

  private static DomContent figure(String name, String value, String note, String kind) {
    return div(dt(name), dd(value).withClass(kind), dd(note).withClass("note"));
  }

  private static DomContent leftOut(LeftOut left) {
    List<String> words = new ArrayList<>();
    left.withoutCost()
        .forEach(
            (llm, count) ->
                words.add(Words.count(count) + " answers of " + llm + " have no known cost"));
    if (left.withoutPropensities() > 0) {
      words.add(
          Words.count(left.withoutPropensities()) + " samples do not say how likely each LLM was");
    }
    if (left.undrawn() > 0) {
      words.add(
          Words.count(left.undrawn()) + " answers were asked for grading or stood in for another");
    }
    return words.isEmpty()
        ? div()
        : p("Left out: " + String.join("; ", words) + ".").withClass("muted");
  }

  private static DomContent method() {
    return section(
            details(
                    summary("? How this is estimated, and what it cannot see"),
                    p(
                        "No LLM is asked again. Each query was given to one LLM, drawn with known"
                            + " probabilities, so the answers that were seen are a sample of those"
                            + " that were not: each counts for as many queries as its probability"
                            + " says, and corrects a prediction by tenant, cell and LLM (doubly"
                            + " robust). What was paid and earned as routed is known; only the rest"
                            + " is estimated, for these very queries."),
                    p(
                        "Which single LLM is best is not known either. The savings' interval holds"
                            + " for every LLM that the grades do not tell from the best, so with"
                            + " few answers of some it is wide. Tenants and cells are held against"
                            + " the same LLMs."),
                    p(
                        "It cannot see: queries without a grade or a cost; what an LLM would have"
                            + " done where it had no chance (there it counts as having done what"
                            + " was routed); graders who look at some answers rather than at"
                            + " others. A query counts with its first grade."))
                .withId("method"))
        .withClass("panel");
  }
}
