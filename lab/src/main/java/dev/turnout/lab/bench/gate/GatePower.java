package dev.turnout.lab.bench.gate;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.turnout.lab.simulation.PlantedTrials;
import dev.turnout.lab.simulation.PlantedTrials.Exploration;
import dev.turnout.lab.simulation.PlantedTrials.Planted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/**
 * How often the gate promotes planted candidates, by their true improvement, the number of held-out
 * grades and the exploration in the log.
 *
 * @param trials trials of every point
 * @param points all that was measured
 */
public record GatePower(
    @JsonProperty("trials") int trials, @JsonProperty("points") List<Point> points) {
  private static final List<Band> BANDS =
      List.of(
          new Band("-4..-1", -0.04, -0.01),
          new Band("0..2", 0, 0.02),
          new Band("2..4", 0.02, 0.04),
          new Band("4..6", 0.04, 0.06),
          new Band("6..10", 0.06, 0.1));
  private static final List<Log> LOGS =
      List.of(
          new Log("5 % even", 0.05, Exploration.EVEN),
          new Log("10 % even", 0.1, Exploration.EVEN),
          new Log("20 % even", 0.2, Exploration.EVEN),
          new Log("10 % staged", 0.1, Exploration.STAGED));

  public GatePower {
    points = List.copyOf(points);
  }

  private record Band(String name, double from, double to) {}

  private record Log(String name, double share, Exploration exploration) {}

  /**
   * One measured point.
   *
   * @param exploration how the log explored, in words
   * @param grades held-out grades
   * @param improvement band of the true improvement, in points of reward
   * @param promoted share of the candidates that were promoted, 0..1
   */
  public record Point(
      @JsonProperty("exploration") String exploration,
      @JsonProperty("grades") int grades,
      @JsonProperty("improvement") String improvement,
      @JsonProperty("promoted") double promoted) {}

  /**
   * Measures all points; equal arguments give equal figures.
   *
   * @param grades numbers of held-out grades
   * @param trials trials of every point
   * @param progress told what is measured next
   */
  public static GatePower measure(
      PlantedTrials planted, List<Integer> grades, int trials, Consumer<String> progress) {
    List<Point> points = new ArrayList<>();
    for (Log log : LOGS) {
      for (int held : grades) {
        progress.accept(String.format(Locale.ROOT, "%s, %,d grades", log.name(), held));
        for (Band band : BANDS) {
          Random random = new Random(held);
          int promoted = 0;
          for (int trial = 0; trial < trials; trial++) {
            Planted candidate = planted.plant(band.from(), band.to(), random);
            promoted +=
                planted.judge(candidate, held, log.share(), log.exploration(), random).promote()
                    ? 1
                    : 0;
          }
          points.add(new Point(log.name(), held, band.name(), promoted / (double) trials));
        }
      }
    }
    return new GatePower(trials, points);
  }

  /** The bands of improvement, worst first. */
  static List<String> bands() {
    return BANDS.stream().map(Band::name).toList();
  }

  /** The points of one log and number of grades, in the order of the bands. */
  List<Point> row(String exploration, int grades) {
    return points.stream()
        .filter(point -> point.exploration().equals(exploration) && point.grades() == grades)
        .toList();
  }
}
