package dev.turnout.offpolicy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A world with known truth: queries of ten kinds, LLMs with a known success rate per kind, a
 * logging policy that plays one LLM and explores evenly, a target that plays each kind's best.
 */
final class Planted {
  private static final int KINDS = 10;
  private final double[][] success;
  private final double exploration;

  Planted(int llms, double exploration) {
    this.exploration = exploration;
    this.success = new double[KINDS][llms];
    Random random = new Random(99);
    for (double[] row : success) {
      for (int a = 0; a < llms; a++) {
        row[a] = 0.2 + 0.6 * random.nextDouble();
      }
    }
  }

  double targetValue() {
    double sum = 0;
    for (double[] row : success) {
      sum += row[best(row)] / KINDS;
    }
    return sum;
  }

  Log log(int size, Random random) {
    int llms = success[0].length;
    List<LoggedChoice> choices = new ArrayList<>();
    double[][] target = new double[size][llms];
    for (int i = 0; i < size; i++) {
      double[] row = success[random.nextInt(KINDS)];
      int chosen = random.nextDouble() < exploration ? random.nextInt(llms) : 0;
      double propensity = exploration / llms + (chosen == 0 ? 1 - exploration : 0);
      double reward = random.nextDouble() < row[chosen] ? 1 : 0;
      double[] modelled = row.clone();
      for (int a = 0; a < llms; a++) {
        modelled[a] += 0.1;
      }
      choices.add(new LoggedChoice(chosen, reward, propensity, 1, modelled));
      target[i][best(row)] = 1;
    }
    return new Log(choices, target);
  }

  private static int best(double[] row) {
    int best = 0;
    for (int a = 1; a < row.length; a++) {
      best = row[a] > row[best] ? a : best;
    }
    return best;
  }

  record Log(List<LoggedChoice> choices, double[][] target) {}
}
