package dev.turnout.app.quickstart;

import dev.turnout.app.quickstart.view.LiveFigures;
import dev.turnout.app.quickstart.view.ViewFrame;
import java.io.PrintWriter;
import java.util.Locale;

/** The summary in words. */
public final class QuickstartReport {

  private QuickstartReport() {}

  public static void print(PrintWriter out, QuickstartSummary summary) {
    out.println(
        format(
            "Routed %,d of %,d queries in %.1f s (%.0f/s), %d lost, %d duplicated, %d dead letters%s.",
            summary.routed(),
            summary.published(),
            summary.seconds(),
            summary.queriesPerSecond(),
            summary.lost(),
            summary.duplicated(),
            summary.deadLettered(),
            summary.deadLettered() == 0 ? "" : " " + summary.deadLetterReasons()));
    if (summary.waiting() > summary.lost()) {
      out.println(
          format(
              "%,d queries of other producers had neither a decision nor a dead letter at the end.",
              summary.waiting() - summary.lost()));
    }
    QuickstartSummary.Baseline baselines = summary.baselines();
    out.println(
        format(
            "Reward %s of %,d graded answers; best single LLM (%s) %s, random %s, oracle %s.",
            ViewFrame.percent(summary.reward()),
            summary.graded(),
            baselines.bestSingleLlm(),
            ViewFrame.percent(baselines.bestSingle()),
            ViewFrame.percent(baselines.random()),
            ViewFrame.percent(baselines.oracle())));
    QuickstartSummary.Learning learning = summary.learning();
    if (learning != null) {
      out.println(
          format(
              "Last %d grades: reward %s, best single LLM %s; learnt models: %d promoted, %d rejected.",
              LiveFigures.REWARD_WINDOW,
              ViewFrame.percent(summary.recentReward()),
              ViewFrame.percent(summary.recentBestSingle()),
              summary.promotions(),
              summary.rejections()));
      out.println(
          format(
              "Learning spread %.0f %% of the queries evenly over the LLMs and trained every %,d"
                  + " grades; the gate looked at the latest %.0f %% of them, with a margin of %s at"
                  + " %.0f %% confidence.",
              100 * learning.explorationFloor(),
              learning.trainAfterGrades(),
              100 * learning.heldOut(),
              learning.gateMargin(),
              100 * learning.gateConfidence()));
    }
    out.println(
        format(
            "First query routed %.1f s after the start; peak memory %.0f MiB.",
            summary.firstRoutedSeconds(), summary.residentMib()));
    out.flush();
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
