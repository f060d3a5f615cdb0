package dev.turnout.train.guard;

import dev.turnout.belief.StopSignal;
import dev.turnout.math.Folds;
import dev.turnout.math.VectorKey;
import dev.turnout.math.Vectors;
import dev.turnout.model.Guard;
import dev.turnout.model.Matrix;
import dev.turnout.model.guard.Familiarity;
import dev.turnout.model.guard.FamiliarityReader;
import dev.turnout.model.guard.LanguageCounts;
import dev.turnout.model.guard.Mixture;
import dev.turnout.model.guard.Strangeness;
import dev.turnout.model.guard.TextFamiliarity;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Fits the guard on training queries alone. Every distance that a threshold is set by is that of a
 * query which was held out: subspace and mixtures are fitted in folds, and a text's language is
 * compared with that of all others. The guard that serves is then fitted on all of them.
 */
public final class GuardFit {
  private static final int FOLDS = 10;

  private static final int MOST_QUERIES = 20_000;

  /** Smaller tasks count as one. */
  private static final int SMALLEST_TASK = 40;

  private static final int MOST_TASKS = 64;

  private final double rate;
  private final SplittableRandom random;
  private final StopSignal stop;

  private GuardFit(double quantile, SplittableRandom random, StopSignal stop) {
    this.rate = 1 - quantile;
    this.random = random;
    this.stop = stop;
  }

  /**
   * Fits on centred query vectors and their texts.
   *
   * @param x {@code float[queries][dimension]}
   * @param texts of the queries; null measures vectors alone
   * @param task of each query
   * @param quantile share of queries in distribution within the threshold, 0..1
   */
  public static Guard fit(
      float[][] x,
      @Nullable List<String> texts,
      int[] task,
      double quantile,
      SplittableRandom random,
      StopSignal stop) {
    int[] some = Folds.shuffled(x.length, random);
    some = Arrays.copyOf(some, Math.min(MOST_QUERIES, some.length));
    Arrays.sort(some);
    List<String> kept = texts == null ? null : Arrays.stream(some).mapToObj(texts::get).toList();
    return new GuardFit(quantile, random, stop)
        .fit(
            Vectors.select(x, some),
            kept,
            largeTasks(Arrays.stream(some).map(i -> task[i]).toArray()));
  }

  private Guard fit(float[][] x, @Nullable List<String> texts, int[] task) {
    int tasks = Arrays.stream(task).max().orElse(0) + 1;
    LanguageCounts language = texts == null ? null : new LanguageCounts(texts);
    double[][] statistics =
        texts == null || language == null
            ? null
            : texts.stream().map(language::withoutItself).toArray(double[][]::new);
    HeldOut held = heldOut(x, statistics, task, tasks);
    float[][] subspace = Subspace.of(x, random, stop);
    double[][] points = points(x, subspace);
    int known = statistics == null ? 1 : Strangeness.SPACES;
    int[] groups = TaskGroups.similar(task, tasks, joined(points, statistics), random);
    groups = TaskGroups.split(groups, held, known, rate);
    Mixture vectors = MixtureFit.of(points, task, random).regrouped(groups);
    TextFamiliarity text =
        statistics == null || language == null
            ? null
            : new TextFamiliarity(
                language.tables(),
                MixtureFit.of(statistics, task, random).regrouped(groups),
                calibrated(held, groups, known));
    return new Guard(
        Matrix.of(subspace), 1, new Familiarity(vectors, calibrated(held, groups, 1), text));
  }

  private Strangeness calibrated(HeldOut held, int[] groups, int known) {
    int[] group = Arrays.stream(held.task()).map(t -> groups[t]).toArray();
    return new GroupCalibration(held.spaces(groups), group, known, rate).fit();
  }

  private HeldOut heldOut(float[][] x, double @Nullable [][] statistics, int[] task, int tasks) {
    double[][] vectors = new double[x.length][];
    double[][] texts = new double[x.length][tasks];
    Folds folds = folds(x, task);
    for (int f = 0; f < folds.count(); f++) {
      stop.check();
      int[] inside = folds.inside(f);
      // where all queries are equal there is nothing to hold out
      int[] outside = folds.count() == 1 ? inside : folds.outside(f);
      int[] outsideTask = Arrays.stream(outside).map(i -> task[i]).toArray();
      float[][] kept = Vectors.select(x, outside);
      float[][] subspace = Subspace.of(kept, random, stop);
      Mixture mixture = MixtureFit.of(points(kept, subspace), outsideTask, random);
      distances(mixture, points(Vectors.select(x, inside), subspace), inside, tasks, vectors);
      if (statistics != null) {
        Mixture language = MixtureFit.of(select(statistics, outside), outsideTask, random);
        distances(language, select(statistics, inside), inside, tasks, texts);
      }
    }
    return new HeldOut(vectors, texts, statistics, task, tasks);
  }

  /** Equal queries share a fold, so that none is known when it is held out. */
  private static Folds folds(float[][] x, int[] task) {
    int count = Math.max(2, Math.min(FOLDS, x.length / 20));
    int[] seen = new int[Arrays.stream(task).max().orElse(0) + 1];
    int[] fold = new int[x.length];
    Map<VectorKey, Integer> first = new HashMap<>();
    for (int i = 0; i < x.length; i++) {
      int own = task[i];
      fold[i] = first.computeIfAbsent(new VectorKey(x[i]), key -> seen[own]++ % count);
    }
    return new Folds(fold);
  }

  private static void distances(
      Mixture mixture, double[][] points, int[] positions, int tasks, double[][] out) {
    float[] axes = new float[mixture.dimension()];
    for (int i = 0; i < positions.length; i++) {
      out[positions[i]] = new double[tasks];
      mixture.distances(points[i], axes, out[positions[i]]);
    }
  }

  private static double[][] points(float[][] x, float[][] subspace) {
    double[][] points = new double[x.length][subspace.length + 1];
    float[] along = new float[subspace.length];
    for (int i = 0; i < x.length; i++) {
      double outside = Vectors.squaredLength(x[i]);
      for (int r = 0; r < along.length; r++) {
        along[r] = (float) Vectors.dot(subspace[r], x[i]);
        outside -= along[r] * along[r];
      }
      FamiliarityReader.point(along, outside, points[i]);
    }
    return points;
  }

  private static double[][] select(double[][] rows, int[] positions) {
    return Arrays.stream(positions).mapToObj(i -> rows[i]).toArray(double[][]::new);
  }

  private static double[][] joined(double[][] points, double @Nullable [][] statistics) {
    return IntStream.range(0, points.length)
        .mapToObj(i -> statistics == null ? points[i] : concatenated(points[i], statistics[i]))
        .toArray(double[][]::new);
  }

  private static double[] concatenated(double[] first, double[] second) {
    double[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** Tasks by number from 0, the largest first; small ones and those beyond the most are one. */
  static int[] largeTasks(int[] task) {
    int[] counts = new int[Arrays.stream(task).max().orElse(0) + 1];
    for (int t : task) {
      counts[t]++;
    }
    int[] large =
        IntStream.range(0, counts.length)
            .filter(t -> counts[t] >= SMALLEST_TASK)
            .boxed()
            .sorted((a, b) -> counts[b] - counts[a])
            .limit(MOST_TASKS)
            .mapToInt(t -> t)
            .toArray();
    int[] number = new int[counts.length];
    Arrays.fill(number, large.length);
    for (int n = 0; n < large.length; n++) {
      number[large[n]] = n;
    }
    int[] numbered = Arrays.stream(task).map(t -> number[t]).toArray();
    int rest = (int) Arrays.stream(numbered).filter(n -> n == large.length).count();
    if (rest > 0 && rest < SMALLEST_TASK && large.length > 0) {
      // too few to describe: they go with the largest
      return Arrays.stream(numbered).map(n -> n == large.length ? 0 : n).toArray();
    }
    return numbered;
  }
}
