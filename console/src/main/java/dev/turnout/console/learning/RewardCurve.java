package dev.turnout.console.learning;

import static dev.turnout.console.page.Tables.column;
import static dev.turnout.console.page.Tables.number;
import static dev.turnout.console.page.Tables.scrolling;
import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import dev.turnout.console.page.Chart;
import dev.turnout.console.page.Words;
import dev.turnout.console.traffic.Measure;
import dev.turnout.console.traffic.TrafficReport;
import dev.turnout.console.traffic.TrafficTally;
import j2html.tags.DomContent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Mean grade over time with its 95 % interval, of every whole step of the window. */
record RewardCurve(TrafficReport report, Instant at) {

  private record Step(Instant start, TrafficTally tally) {
    double mean() {
      return tally.mean(Measure.REWARD, Measure.GRADES);
    }

    double share() {
      return tally.mean(Measure.EXPLORED, Measure.DECISIONS);
    }
  }

  DomContent element() {
    List<Step> steps = steps();
    List<Double> times =
        steps.stream().map(step -> (double) step.start().getEpochSecond()).toList();
    List<Chart.Line> lines =
        List.of(
            new Chart.Line("mean grade", 0, steps.stream().map(Step::mean).toList()),
            new Chart.Line(
                "lower bound",
                0,
                true,
                steps.stream().map(step -> step.mean() - step.tally().rewardMargin()).toList()),
            new Chart.Line(
                "upper bound",
                0,
                true,
                steps.stream().map(step -> step.mean() + step.tally().rewardMargin()).toList()),
            new Chart.Line("share explored", 1, steps.stream().map(Step::share).toList()));
    return div(
        new Chart(
                "Mean grade of all answers with its 95 % interval, and the share of queries that"
                    + " explored",
                true, times, lines, "")
            .element(),
        details(summary("The same as a table").withId("curve-summary"), figures(steps))
            .withId("curve-table"));
  }

  private List<Step> steps() {
    Duration step = report.window().step();
    List<Step> steps = new ArrayList<>();
    for (Instant start = report.from(); !start.plus(step).isAfter(at); start = start.plus(step)) {
      steps.add(new Step(start, TrafficReport.sum(report.steps().getOrDefault(start, Map.of()))));
    }
    return steps;
  }

  private static DomContent figures(List<Step> steps) {
    List<Step> graded = new ArrayList<>(steps);
    graded.removeIf(step -> step.tally().get(Measure.GRADES) == 0);
    Collections.reverse(graded);
    return scrolling(
        "Mean grades",
        table(
            thead(tr(column("From"), number("Mean grade"), number("Grades"), number("Explored"))),
            tbody(
                each(
                    graded,
                    step ->
                        tr(
                            td(Words.time(step.start())),
                            td(Words.number(step.mean(), 3)
                                    + " ± "
                                    + Words.number(step.tally().rewardMargin(), 3))
                                .withClass("n"),
                            td(Words.count((long) step.tally().get(Measure.GRADES))).withClass("n"),
                            td(Words.percent(step.share())).withClass("n"))))));
  }
}
