package dev.turnout.console.savings;

import static dev.turnout.console.page.Tables.scrolling;
import static j2html.TagCreator.button;
import static j2html.TagCreator.dd;
import static j2html.TagCreator.div;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.each;
import static j2html.TagCreator.form;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.input;
import static j2html.TagCreator.label;
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
import dev.turnout.console.page.Chart;
import dev.turnout.console.page.Fragment;
import dev.turnout.console.page.Page;
import dev.turnout.console.page.PageRequest;
import dev.turnout.console.page.Tint;
import dev.turnout.console.page.Words;
import dev.turnout.offpolicy.Estimate;
import dev.turnout.offpolicy.savings.ParetoCurve.Point;
import dev.turnout.offpolicy.savings.ScoredChoice;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** What other weights of cost would have earned and cost on the latest graded queries. */
public final class ParetoPage implements Page {
  private static final String STEP = "step";
  private static final int LINE = 7;

  @Override
  public String path() {
    return "/pareto";
  }

  @Override
  public String title() {
    return "Pareto";
  }

  @Override
  public DomContent content(PageRequest request) {
    List<Fragment> parts = live(request);
    return div(
        p("Quality against cost of choosing by expected success less weighed cost, estimated from"
                + " the latest graded queries without asking any LLM again. The curve is under"
                + " every weight what these very queries would have earned and cost.")
            .withClass("lead"),
        slider(step(request)),
        each(parts, Fragment::element));
  }

  private static int step(PageRequest request) {
    int operator = CurveOfWeights.step(request.state().savings().costWeight());
    try {
      int step = request.value(STEP).map(Integer::parseInt).orElse(operator);
      return Math.max(0, Math.min(CurveOfWeights.STEPS, step));
    } catch (NumberFormatException none) {
      return operator;
    }
  }

  private DomContent slider(int step) {
    return form(
            label("Weight of cost").withFor(STEP),
            input()
                .withType("range")
                .withId(STEP)
                .withName(STEP)
                .attr("min", "0")
                .attr("max", CurveOfWeights.STEPS)
                .withValue(Integer.toString(step))
                .attr("data-submit"),
            button("Show").withType("submit").withClass("quiet"))
        .withMethod("get")
        .withAction(path())
        .withClass("row");
  }

  @Override
  public List<Fragment> live(PageRequest request) {
    List<ScoredChoice> scored = request.state().savings().scored();
    if (scored.isEmpty()) {
      return List.of(
          new Fragment(
              "curve",
              p("No graded decision with a known cost among the latest.").withClass("muted")));
    }
    CurveOfWeights curve = CurveOfWeights.of(scored, request.state().savings().costWeight());
    Point chosen = curve.points().get(step(request));
    return List.of(
        new Fragment("chosen", chosen(curve, chosen)),
        new Fragment("curve", section(chart(curve, chosen)).withClass("panel")),
        new Fragment("shares", shares(curve, chosen)));
  }

  private static DomContent chosen(CurveOfWeights curve, Point chosen) {
    return section(
            dl(
                    figure(
                        "A cent is worth",
                        Words.number(chosen.costWeight(), 3) + " of reward",
                        "the routers are set to " + Words.number(curve.operator().costWeight(), 3)),
                    figure(
                        "Reward",
                        Words.number(chosen.reward().value(), 3),
                        Amounts.range(chosen.reward(), value -> Words.number(value, 3))),
                    figure(
                        "Cost of 1,000 queries",
                        Words.usd(1_000 * chosen.costUsd().value()),
                        Amounts.range(chosen.costUsd(), value -> Words.usd(1_000 * value))),
                    figure(
                        "Against the routers' weight",
                        Words.usd(
                            1_000
                                * (chosen.costUsd().value() - curve.operator().costUsd().value())),
                        Amounts.signed(chosen.reward().value() - curve.operator().reward().value())
                            + " of reward"),
                    figure("Rests on", Words.count(curve.choices()), "latest graded queries"))
                .withClass("figures"))
        .withClass("panel")
        .attr("aria-label", "Under this weight");
  }

  private static DomContent figure(String name, String value, String note) {
    return div(dt(name), dd(value), dd(note).withClass("note"));
  }

  private record Spot(double x, double reward, double lower, double upper) {
    static Spot of(Point point) {
      Estimate reward = point.reward();
      return new Spot(
          1_000 * point.costUsd().value(), reward.value(), reward.lower(), reward.upper());
    }
  }

  /** The curve by cost, and two upright lines: under the routers' weight and under the chosen. */
  private static DomContent chart(CurveOfWeights curve, Point chosen) {
    List<Spot> spots =
        new ArrayList<>(
            curve.points().stream()
                .map(Spot::of)
                .sorted(Comparator.comparingDouble(Spot::x))
                .toList());
    double low = spots.stream().mapToDouble(Spot::lower).filter(Double::isFinite).min().orElse(0);
    double high = spots.stream().mapToDouble(Spot::upper).filter(Double::isFinite).max().orElse(1);
    List<Double> x = new ArrayList<>();
    List<List<Double>> lines = new ArrayList<>();
    for (int line = 0; line < 5; line++) {
      lines.add(new ArrayList<>());
    }
    double operator = 1_000 * curve.operator().costUsd().value();
    double shown = 1_000 * chosen.costUsd().value();
    TreeSet<Double> places = new TreeSet<>(spots.stream().map(Spot::x).toList());
    places.add(operator);
    places.add(shown);
    for (double place : places) {
      List<Spot> here = spots.stream().filter(spot -> spot.x() == place).toList();
      Spot spot = here.isEmpty() ? null : here.get(0);
      boolean upright = place == operator || place == shown;
      row(
          x,
          lines,
          place,
          spot == null ? Double.NaN : spot.reward(),
          spot == null ? Double.NaN : spot.lower(),
          spot == null ? Double.NaN : spot.upper(),
          place == operator ? low : Double.NaN,
          place == shown ? low : Double.NaN);
      if (upright) {
        row(
            x,
            lines,
            place,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            place == operator ? high : Double.NaN,
            place == shown ? high : Double.NaN);
      }
    }
    return new Chart(
            "Mean reward by the cost of 1,000 queries in USD, with 95 % intervals",
            false,
            x,
            List.of(
                new Chart.Line("reward", 0, lines.get(0)),
                new Chart.Line("lower", LINE - 1, lines.get(1)),
                new Chart.Line("upper", LINE - 1, lines.get(2)),
                new Chart.Line("the routers' weight", 1, lines.get(3)),
                new Chart.Line("this weight", 2, lines.get(4))),
            "")
        .element();
  }

  private static void row(
      List<Double> x, List<List<Double>> lines, double place, double... values) {
    x.add(place);
    for (int line = 0; line < values.length; line++) {
      lines.get(line).add(values[line]);
    }
  }

  private static DomContent shares(CurveOfWeights curve, Point chosen) {
    TreeSet<String> llms = new TreeSet<>(chosen.shares().keySet());
    llms.addAll(curve.operator().shares().keySet());
    return section(
            h2("Who would have answered"),
            scrolling(
                "Shares",
                table(
                    thead(
                        tr(
                            Amounts.column("LLM"),
                            Amounts.number("Under this weight"),
                            Amounts.column(""),
                            Amounts.number("Under the routers' weight"))),
                    tbody(
                        each(
                            llms,
                            llm ->
                                tr(
                                    th(Bar.dot(Tint.of(llm)), span(llm)).attr("scope", "row"),
                                    td(Words.percent(share(chosen, llm))).withClass("n"),
                                    td(Bar.of(share(chosen, llm), Tint.of(llm))),
                                    td(Words.percent(share(curve.operator(), llm)))
                                        .withClass("n")))))))
        .withClass("panel");
  }

  private static double share(Point point, String llm) {
    return point.shares().getOrDefault(llm, 0.0);
  }
}
