package dev.turnout.math;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Draws the starts of {@link KMeans}; equal draws give equal clusters. */
@FunctionalInterface
public interface StartDraw {

  /**
   * The position of the next start.
   *
   * @param chance what the draw is to be proportional to, {@code double[points]}, >= 0: the weights
   *     for the first start, then the weights times the squared distance to the nearest start
   * @return a position, or -1 for no further start
   */
  int next(double[] chance);

  /** Never draws a point without a chance, so that equal points make one start. */
  static StartDraw proportional(RandomGenerator random) {
    return chance -> {
      double sum = Arrays.stream(chance).sum();
      if (!(sum > 0)) {
        return -1;
      }
      double point = random.nextDouble() * sum;
      int last = -1;
      for (int i = 0; i < chance.length; i++) {
        if (chance[i] > 0) {
          last = i;
          point -= chance[i];
          if (point < 0) {
            break;
          }
        }
      }
      return last;
    };
  }

  /** Begins with any point, whatever it weighs, and gives as many starts as are asked for. */
  static StartDraw fromAnyPoint(RandomGenerator random) {
    return new StartDraw() {
      private boolean begun;

      @Override
      public int next(double[] chance) {
        if (!begun) {
          begun = true;
          return random.nextInt(chance.length);
        }
        double sum = 0;
        for (double one : chance) {
          sum += one;
        }
        double point = random.nextDouble() * sum;
        int chosen = 0;
        while (chosen < chance.length - 1 && (point -= chance[chosen]) > 0) {
          chosen++;
        }
        return chosen;
      }
    };
  }
}
