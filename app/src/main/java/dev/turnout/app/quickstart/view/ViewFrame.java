package dev.turnout.app.quickstart.view;

import dev.turnout.app.quickstart.view.LiveFigures.Event;
import dev.turnout.app.quickstart.view.LiveFigures.LlmFigures;
import dev.turnout.app.quickstart.view.LiveFigures.ShownDecision;
import dev.turnout.app.quickstart.view.LiveFigures.Snapshot;
import dev.turnout.topic.LogText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Lays out one picture of the live view as lines of text.
 *
 * @param descriptions LLM id to a few words on it
 */
public record ViewFrame(RunningQuickstart where, String title, Map<String, String> descriptions) {
  private static final int BAR_WIDTH = 20;
  private static final String BLOCKS = "▁▂▃▄▅▆▇█";
  private static final int TEXT_WIDTH = 52;
  private static final int SHOWN_EVENTS = 3;
  private static final long LONG_WAIT_MILLIS = 5_000;

  public ViewFrame {
    descriptions = Map.copyOf(descriptions);
  }

  List<String> lines(Snapshot now, Duration running) {
    List<String> lines = new ArrayList<>();
    lines.add(
        format(
            "Turnout  %s  Kafka %s  registry %s  model %s",
            clock(running), where.bootstrapServers(), where.registryUrl(), now.modelVersion()));
    lines.add(title);
    lines.add("");
    lines.add(
        format(
            "routed %,d   %.0f/s   published-to-decided p50 %s p99 %s   graded %,d",
            now.routed(),
            now.perSecond(),
            millis(now.latencyP50()),
            millis(now.latencyP99()),
            now.graded()));
    lines.add("waiting %s   dead letters %s".formatted(waiting(now), deadLetters(now)));
    lines.add("");
    lines.add(format("%-28s %-26s %9s %12s", "LLM", "share", "success", "mean cost"));
    long all = Math.max(1, now.llms().stream().mapToLong(LlmFigures::chosen).sum());
    for (LlmFigures llm : now.llms()) {
      double share = (double) llm.chosen() / all;
      lines.add(
          format(
              "%-28s %s %3.0f %% %9s %12s  %s",
              cut(llm.llm(), 28),
              bar(share),
              100 * share,
              percent(llm.success()),
              Double.isNaN(llm.meanCostUsd()) ? "-" : format("$%.5f", llm.meanCostUsd()),
              cut(descriptions.getOrDefault(llm.llm(), ""), 40)));
    }
    lines.add("");
    lines.add(
        format(
            "reward  Turnout %s   best single LLM %s (%s)   random %s   oracle %s",
            percent(now.reward()),
            percent(now.bestSingle()),
            now.bestSingleLlm(),
            percent(now.random()),
            percent(now.oracle())));
    lines.add(
        format(
            "last %d  Turnout %s   that LLM alone %s   %s",
            LiveFigures.REWARD_WINDOW,
            percent(now.recentReward()),
            percent(now.recentBestSingle()),
            curve(now.rewardCurve())));
    lines.add("");
    for (ShownDecision decision : now.shown()) {
      lines.add(
          format(
              "%s %-54s -> %s (predicted %s)",
              decision.own() ? "*" : " ",
              "\"" + cut(decision.text(), TEXT_WIDTH) + "\"",
              decision.llm(),
              percent(decision.predictedSuccess())));
    }
    if (!now.events().isEmpty()) {
      lines.add("");
      shown(now.events()).forEach(event -> lines.add("! " + event.text()));
    }
    lines.add("");
    lines.add(
        "From another terminal:  ./turnout query \"Why is the sky blue?\"   Ctrl-C ends this.");
    return lines;
  }

  /** The latest events, and the latest promotion however long ago it was. */
  private static List<Event> shown(List<Event> events) {
    List<Event> latest = new ArrayList<>(events.subList(0, Math.min(SHOWN_EVENTS, events.size())));
    if (latest.stream().noneMatch(Event::learnt)) {
      events.stream().filter(Event::learnt).findFirst().ifPresent(latest::add);
    }
    return latest;
  }

  /** The same in one line, for where nothing can be redrawn. */
  public static String line(Snapshot now, Duration running) {
    return format(
        "%s  routed %d  %.0f/s  p50 %s  p99 %s  reward %s  best single %s  random %s  oracle %s"
            + "  last %d: reward %s, best single %s  waiting %s  dead letters %s",
        clock(running),
        now.routed(),
        now.perSecond(),
        millis(now.latencyP50()),
        millis(now.latencyP99()),
        percent(now.reward()),
        percent(now.bestSingle()),
        percent(now.random()),
        percent(now.oracle()),
        LiveFigures.REWARD_WINDOW,
        percent(now.recentReward()),
        percent(now.recentBestSingle()),
        waiting(now),
        deadLetters(now));
  }

  /** How many queries wait; how long, once that is longer than routing takes. */
  private static String waiting(Snapshot now) {
    return format("%,d", now.waiting())
        + (now.oldestWaitingMillis() < LONG_WAIT_MILLIS
            ? ""
            : format(", the oldest for %d s", now.oldestWaitingMillis() / 1_000));
  }

  private static String deadLetters(Snapshot now) {
    long all = now.deadLetters().values().stream().mapToLong(Long::longValue).sum();
    if (all == 0) {
      return "0";
    }
    return format("%,d (", all)
        + now.deadLetters().entrySet().stream()
            .map(each -> format("%,d %s", each.getValue(), LogText.of(each.getKey())))
            .collect(Collectors.joining(", "))
        + "; ./turnout dlq list)";
  }

  private static String bar(double share) {
    int full = (int) Math.round(share * BAR_WIDTH);
    return "█".repeat(full) + "░".repeat(BAR_WIDTH - full);
  }

  private static String curve(List<Double> values) {
    if (values.size() < 2) {
      return "";
    }
    double low = values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double high = values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    StringBuilder text = new StringBuilder();
    for (double value : values) {
      double place = high > low ? (value - low) / (high - low) : 0.5;
      text.append(BLOCKS.charAt((int) Math.round(place * (BLOCKS.length() - 1))));
    }
    return text.toString();
  }

  public static String percent(double share) {
    return Double.isNaN(share) ? "-" : format("%.1f %%", 100 * share);
  }

  private static String millis(double value) {
    return Double.isNaN(value) ? "-" : format("%.0f ms", value);
  }

  private static String clock(Duration running) {
    return format("%02d:%02d", running.toMinutes(), running.toSecondsPart());
  }

  private static String cut(String text, int width) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= width ? line : line.substring(0, width - 1) + "…";
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
