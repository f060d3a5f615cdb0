package dev.turnout.console.savings;

import dev.turnout.offpolicy.savings.PricedChoice;
import dev.turnout.offpolicy.savings.RoutedTraffic;
import dev.turnout.offpolicy.savings.Savings;
import dev.turnout.offpolicy.savings.SavingsReport;
import dev.turnout.schema.TrainingSample;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the samples say of savings: sums of each day, by tenant, cell and LLM. Safe for use by
 * several threads.
 *
 * <p>What holds at all times: a query counts once, with its first grade, if that is among the
 * latest {@value #REMEMBERED} ones; later graders' and the same grader's later grades change
 * nothing. Memory is bounded: days, pairs of tenant and cell, LLMs of each pair and remembered
 * queries are; what finds no room is counted together, not left out.
 */
public final class GradedTraffic {
  /** Days that are kept, today among them. */
  public static final int DAYS = SavingsWindow.MONTH.days();

  private static final int MOST_PARTS = 200;
  private static final int MOST_LLMS = 100;
  private static final int REMEMBERED = 100_000;
  private static final Duration FRESH = Duration.ofSeconds(2);

  private record Report(Instant at, SavingsReport report) {}

  private final NavigableMap<LocalDate, RoutedTraffic> days = new TreeMap<>();
  private final LinkedHashSet<Long> graded = new LinkedHashSet<>();
  private final Map<String, Long> withoutCost = new TreeMap<>();
  private final Map<SavingsWindow, Report> reports = new EnumMap<>(SavingsWindow.class);
  private long withoutPropensities;
  private long undrawn;

  /** Takes in a sample. */
  synchronized void add(TrainingSample sample) {
    if (sample.getShadow()) {
      undrawn++;
      return;
    }
    if (!graded.add(hash(sample.getQueryId()))) {
      return;
    }
    if (graded.size() > REMEMBERED) {
      graded.remove(graded.iterator().next());
    }
    Double cost = sample.getCostUsd();
    PricedChoice choice = cost == null ? null : choice(sample, cost);
    if (choice != null) {
      LocalDate day = LocalDate.ofInstant(sample.getDecidedAt(), ZoneOffset.UTC);
      days.computeIfAbsent(day, unused -> new RoutedTraffic(MOST_PARTS)).add(choice);
      while (days.size() > DAYS) {
        days.pollFirstEntry();
      }
    } else if (cost != null) {
      withoutPropensities++;
    } else if (withoutCost.size() < MOST_LLMS || withoutCost.containsKey(sample.getLlm())) {
      withoutCost.merge(sample.getLlm(), 1L, Long::sum);
    }
  }

  /** The choice of a sample; null when it does not say how likely every LLM was. */
  private static @Nullable PricedChoice choice(TrainingSample sample, double cost) {
    int llm = sample.getLlms().indexOf(sample.getLlm());
    int llms = sample.getLlms().size();
    if (llm < 0
        || llms > MOST_LLMS
        || sample.getPropensities().size() != llms
        || !(sample.getPropensities().get(llm) > 0)) {
      return null;
    }
    Integer cell = sample.getCell();
    try {
      return new PricedChoice(
          sample.getTenant(),
          cell == null ? PricedChoice.NO_CELL : cell,
          sample.getLlms(),
          sample.getPropensities().stream().mapToDouble(Double::doubleValue).toArray(),
          llm,
          sample.getReward(),
          cost);
    } catch (IllegalArgumentException impossible) {
      return null; // a foreign producer's; it is counted
    }
  }

  private static long hash(String id) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * 0x100000001B3L;
      hash ^= hash >>> 32;
    }
    return hash;
  }

  /** The savings of a window's days, at most some seconds old. */
  public synchronized SavingsReport report(SavingsWindow window, Instant now) {
    Report known = reports.get(window);
    if (known != null && known.at().plus(FRESH).isAfter(now)) {
      return known.report();
    }
    LocalDate first = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(window.days() - 1L);
    RoutedTraffic sum = new RoutedTraffic(MOST_PARTS);
    days.tailMap(first, true).values().forEach(sum::add);
    SavingsReport report = Savings.of(sum);
    reports.put(window, new Report(now, report));
    return report;
  }

  /** What could not be used. */
  public synchronized LeftOut leftOut() {
    return new LeftOut(withoutCost, withoutPropensities, undrawn);
  }
}
