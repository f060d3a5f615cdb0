package dev.turnout.console.now;

import static j2html.TagCreator.dd;
import static j2html.TagCreator.div;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;

import dev.turnout.console.page.Words;
import dev.turnout.console.state.ConsoleState;
import dev.turnout.console.traffic.Measure;
import dev.turnout.console.traffic.TrafficReport;
import dev.turnout.console.traffic.TrafficTally;
import dev.turnout.gateway.limit.QueueWait;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;

/**
 * The figures at the top: how much flows, how well, for how much, how fast.
 *
 * @param report of the window that was chosen
 */
record Vitals(ConsoleState state, TrafficReport report) {

  DomContent element() {
    TrafficTally total = report.total();
    double perSecond =
        state.decisionsPerSecond().values().stream().mapToDouble(Double::doubleValue).sum();
    QueueWait queue = state.waiting();
    double decisions = total.get(Measure.DECISIONS);
    List<DomContent> figures = new ArrayList<>();
    figures.add(figure("Decisions a second", Words.number(perSecond, 1), "over the last 10 s"));
    figures.add(
        figure(
            "Decisions",
            Words.count((long) decisions),
            Words.percent(total.mean(Measure.EXPLORED, Measure.DECISIONS)) + " explored"));
    figures.add(
        figure(
            "Answered",
            Words.percent(total.answered()),
            Words.count((long) (total.calls() - total.get(Measure.SUCCEEDED))) + " failed"));
    figures.add(
        figure(
            "Mean grade",
            Words.number(total.mean(Measure.REWARD, Measure.GRADES), 3),
            margin(total) + Words.count((long) total.get(Measure.GRADES)) + " grades"));
    figures.add(
        figure(
            "Cost",
            Words.usd(total.get(Measure.COST_USD)),
            Words.usd(total.mean(Measure.COST_USD, Measure.COSTS)) + " a call"));
    figures.add(
        figure(
            "Latency, median",
            Words.millis(total.latency(0.5)),
            "95 % within " + Words.millis(total.latency(0.95))));
    figures.add(
        figure(
            "Queries waiting",
            Words.count(queue.waiting()),
            queue.millis() == QueueWait.UNENDING
                ? "no router reads them"
                : "about " + Words.millis((double) queue.millis())));
    figures.add(
        figure(
            "Encoder's batch",
            Words.number(total.mean(Measure.BATCH_SIZES, Measure.DECISIONS), 1),
            "decided in "
                + Words.millis(total.mean(Measure.DECIDE_MICROS, Measure.DECISIONS) / 1_000)));
    figures.add(
        figure(
            "Dead letters",
            Words.count(report.deadLetters()),
            Words.count((long) total.get(Measure.UNREADABLE)) + " unreadable"));
    return dl().with(figures).withClass("figures");
  }

  private static String margin(TrafficTally total) {
    double margin = total.rewardMargin();
    return Double.isNaN(margin) ? "" : "± " + Words.number(margin, 3) + ", ";
  }

  private static DomContent figure(String name, String value, String note) {
    return div(dt(name), dd(value), dd(note).withClass("note"));
  }
}
