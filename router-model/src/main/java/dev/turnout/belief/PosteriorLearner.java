package dev.turnout.belief;

import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import dev.turnout.model.Scores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Learns posteriors for one serving model from a window of samples. The result depends on the
 * model, the LLMs and the window alone, never on when or how often it was computed: replicas that
 * have read the same log agree bit by bit, whatever they did before.
 *
 * <p>The only memory between calls is a cache of the model's (pure) scores. Confined to one thread.
 */
public final class PosteriorLearner {
  private final RouterModel model;
  private final List<String> llms;
  private final LearningSettings settings;
  private final StopSignal stop;
  private final RouterScorer scorer;
  private final List<double[][]> covariances;
  private final Map<String, Integer> column = new TreeMap<>();
  private IdentityHashMap<GradedSample, Scored> scored = new IdentityHashMap<>();

  private record Scored(int[] cells, double[] predicted, long item) {}

  /**
   * @param model the model whose cells and predictions the posteriors refer to
   * @param llms every LLM that may be chosen; those the model lacks start at its mean prediction
   */
  public PosteriorLearner(RouterModel model, List<String> llms, LearningSettings settings) {
    this(model, llms, settings, StopSignal.never());
  }

  /**
   * A learner that may be stopped.
   *
   * @param stop ends what is under way with a {@link java.util.concurrent.CancellationException}
   */
  public PosteriorLearner(
      RouterModel model, List<String> llms, LearningSettings settings, StopSignal stop) {
    this.stop = stop;
    this.model = model;
    this.llms = List.copyOf(llms);
    this.settings = settings;
    this.scorer = new RouterScorer(model);
    this.covariances = CellGeometry.covariances(model, settings);
    for (int a = 0; a < this.llms.size(); a++) {
      column.put(this.llms.get(a), a);
    }
  }

  /** Posteriors given the samples of a window, oldest first. */
  public Posteriors learn(List<GradedSample> samples) {
    return posteriors(fit(samples));
  }

  /**
   * Success of every LLM for queries that may have been graded before: unlike posteriors, this
   * knows how difficult a question showed itself to be.
   *
   * @param samples what is known, oldest first
   * @param asked the queries; their own rewards are not looked at
   * @return {@code double[asked.size()][llms]}, strictly within 0..1
   */
  double[][] success(List<GradedSample> samples, List<GradedSample> asked) {
    // before the fit, which keeps the scores of its own samples only
    List<Scored> scores = asked.stream().map(this::score).toList();
    Fitted fitted = fit(samples);
    double[][] success = new double[asked.size()][];
    for (int i = 0; i < success.length; i++) {
      Scored score = scores.get(i);
      scored.put(asked.get(i), score);
      success[i] = score.predicted().clone();
      int item = fitted.items().getOrDefault(score.item(), -1);
      for (int a = 0; a < success[i].length; a++) {
        double correction = 0;
        int before = 0;
        for (int b = 0; b < fitted.banks().size(); b++) {
          PooledFit fit = fitted.banks().get(b);
          int cell = score.cells().length == 0 ? 0 : score.cells()[b] - before;
          correction += fit.expected(cell, a) + (item < 0 ? 0 : fit.difficulty()[item]);
          before += covariances.get(b).length;
        }
        double corrected = success[i][a] + correction / fitted.banks().size();
        success[i][a] = Math.max(1e-3, Math.min(1 - 1e-3, corrected));
      }
    }
    return success;
  }

  private record Fitted(
      List<GradedSample> samples,
      List<PooledFit> banks,
      Map<Long, Integer> items,
      Map<String, Integer> graders,
      double[] trust,
      double[] doubt,
      List<Change> changes) {}

  private Fitted fit(List<GradedSample> samples) {
    List<GradedSample> usable =
        samples.stream().filter(sample -> column.containsKey(sample.llm())).toList();
    Observations.Numbering<String> graders = new Observations.Numbering<>();
    Observations.Numbering<Long> items = new Observations.Numbering<>();
    List<Observations> banks = observe(usable, graders, items);
    // trust and changes are sought in the first bank, what is left is learnt in all
    Observations seen = banks.get(0);
    double[] base = seen.weight();
    double[] anchors = anchors(usable, base);
    double single = settings.noiseVariance() + settings.questionVariance();
    PooledFit fit = PooledFit.of(seen.weighted(anchors), covariances.get(0), settings, stop);
    double[] trust = filled(seen.graders(), 1);
    for (int round = 0; round < 2 && seen.graders() > 1; round++) {
      trust = GraderTrust.of(seen, fit, single, settings.graderTolerance());
      double[] weight = trusted(anchors, seen, trust);
      fit = PooledFit.of(seen.weighted(weight), covariances.get(0), settings, stop);
    }
    double[] trusted = trusted(base, seen, trust);
    if (anchors != base) {
      fit = PooledFit.of(seen.weighted(trusted), covariances.get(0), settings, stop);
    }
    List<Change> changes = new ArrayList<>();
    double[] remembered = forget(seen, fit, trust, trusted, anchors, single, changes);
    if (!changes.isEmpty()) {
      fit = PooledFit.of(seen.weighted(remembered), covariances.get(0), settings, stop);
    }
    List<PooledFit> fits = new ArrayList<>(List.of(fit));
    for (int b = 1; b < banks.size(); b++) {
      fits.add(PooledFit.of(banks.get(b).weighted(remembered), covariances.get(b), settings, stop));
    }
    double[] doubt = Newcomers.variance(seen.llm(), llms.size());
    return new Fitted(usable, fits, items.numbers(), graders.numbers(), trust, doubt, changes);
  }

  /**
   * The weights of those samples that count most, by which others are trusted and changes are
   * found: graders that count little are many grades, and would outvote those that count.
   *
   * @return {@code base} itself when all count alike
   */
  private static double[] anchors(List<GradedSample> samples, double[] base) {
    double most = samples.stream().mapToDouble(GradedSample::weight).max().orElse(1);
    if (samples.stream().allMatch(sample -> sample.weight() == most)) {
      return base;
    }
    double[] anchors = base.clone();
    for (int i = 0; i < anchors.length; i++) {
      anchors[i] = samples.get(i).weight() == most ? anchors[i] : 0;
    }
    return anchors;
  }

  private static double[] trusted(double[] weight, Observations seen, double[] trust) {
    double[] trusted = weight.clone();
    for (int i = 0; i < trusted.length; i++) {
      trusted[i] *= trust[seen.grader()[i]];
    }
    return trusted;
  }

  /** The samples in the cells of every bank. */
  private List<Observations> observe(
      List<GradedSample> samples,
      Observations.Numbering<String> graders,
      Observations.Numbering<Long> items) {
    int size = samples.size();
    int[][] cell = new int[covariances.size()][size];
    int[] llm = new int[size];
    double[] residual = new double[size];
    double[] weight = new double[size];
    int[] item = new int[size];
    int[] grader = new int[size];
    IdentityHashMap<GradedSample, Scored> kept = new IdentityHashMap<>();
    for (int i = 0; i < size; i++) {
      stop.check();
      GradedSample sample = samples.get(i);
      Scored score = score(sample);
      kept.put(sample, score);
      int before = 0;
      for (int b = 0; b < score.cells().length; b++) {
        cell[b][i] = score.cells()[b] - before;
        before += covariances.get(b).length;
      }
      llm[i] = column.getOrDefault(sample.llm(), 0);
      residual[i] = sample.reward() - score.predicted()[llm[i]];
      weight[i] = sample.weight() * age(size, i);
      item[i] = items.of(score.item());
      grader[i] = graders.of(sample.grader());
    }
    scored = kept;
    Observations first =
        new Observations(
            covariances.get(0).length,
            llms.size(),
            cell[0],
            llm,
            residual,
            weight,
            item,
            items.size(),
            grader,
            graders.size());
    List<Observations> banks = new ArrayList<>(List.of(first));
    for (int b = 1; b < cell.length; b++) {
      banks.add(first.in(covariances.get(b).length, cell[b]));
    }
    return banks;
  }

  private Scored score(GradedSample sample) {
    Scored known = scored.get(sample);
    if (known != null) {
      return known;
    }
    Scores scores = scorer.score(sample.embedding(), null, sample.surface());
    return new Scored(scores.cells(), predicted(scores), sample.item());
  }

  /** The model's predicted success for every LLM; its mean for LLMs that it does not know. */
  private double[] predicted(Scores scores) {
    double mean = Arrays.stream(scores.predictedSuccess()).average().orElse(0.5);
    double[] predicted = filled(llms.size(), mean);
    for (int t = 0; t < scores.predictedSuccess().length; t++) {
      Integer a = column.get(model.llms().get(t));
      if (a != null) {
        predicted[a] = scores.predictedSuccess()[t];
      }
    }
    return predicted;
  }

  private double[] forget(
      Observations seen,
      PooledFit fit,
      double[] trust,
      double[] weight,
      double[] anchors,
      double variance,
      List<Change> changes) {
    double[] remembered = weight.clone();
    for (int a = 0; a < llms.size(); a++) {
      stop.check();
      for (int c = -1; c < seen.cells(); c++) {
        int[] position = new int[seen.size()];
        double[] deviation = new double[seen.size()];
        int size = 0;
        for (int i = 0; i < seen.size(); i++) {
          boolean counts = seen.llm()[i] == a && (c < 0 || seen.cell()[i] == c);
          if (counts && anchors[i] > 0 && trust[seen.grader()[i]] > 0.5) {
            position[size] = i;
            deviation[size++] = seen.residual()[i] - fit.expected(seen.cell()[i], a);
          }
        }
        ChangePoint change =
            ChangePoint.search(deviation, size, variance, settings.changeThreshold());
        if (change.at() >= 0) {
          int from = position[change.at()];
          changes.add(new Change(llms.get(a), c, from, change.shift()));
          for (int i = 0; i < from; i++) {
            if (seen.llm()[i] == a && (c < 0 || seen.cell()[i] == c)) {
              remembered[i] = Math.min(remembered[i], settings.changeMemory() * weight[i]);
            }
          }
        }
      }
    }
    return remembered;
  }

  private Posteriors posteriors(Fitted fitted) {
    int cells = covariances.stream().mapToInt(covariance -> covariance.length).sum();
    double[][] correction = new double[cells][llms.size()];
    double[][] deviation = new double[cells][llms.size()];
    double[][] count = new double[cells][];
    int row = 0;
    for (PooledFit fit : fitted.banks()) {
      for (int c = 0; c < fit.count().length; c++) {
        for (int a = 0; a < llms.size(); a++) {
          correction[row][a] = fit.expected(c, a);
          deviation[row][a] = Math.sqrt(fit.variance()[c][a] + fitted.doubt()[a]);
        }
        count[row++] = fit.count()[c];
      }
    }
    Map<String, Double> byName = new TreeMap<>();
    fitted.graders().forEach((name, number) -> byName.put(name, fitted.trust()[number]));
    return new Posteriors(
        model.version(),
        llms,
        correction,
        deviation,
        count,
        means(fitted.samples(), cells, GradedSample::costUsd),
        means(fitted.samples(), cells, GradedSample::latencyMs),
        means(fitted.samples(), cells, GradedSample::outputTokens),
        byName,
        fitted.changes(),
        fitted.samples().size());
  }

  /** What answers took; forgets as fast as rewards do, so that a change of price or load shows. */
  private CellMeans means(
      List<GradedSample> samples, int cells, ToDoubleFunction<GradedSample> taken) {
    CellMeans.Sums sums = new CellMeans.Sums(cells, llms.size());
    for (int i = 0; i < samples.size(); i++) {
      GradedSample sample = samples.get(i);
      Integer a = column.get(sample.llm());
      if (a != null) {
        sums.add(score(sample).cells(), a, taken.applyAsDouble(sample), age(samples.size(), i));
      }
    }
    return sums.means();
  }

  /** What a sample counts by its age alone. */
  private double age(int samples, int position) {
    return StrictMath.pow(0.5, (samples - 1 - position) / settings.halfLife());
  }

  private static double[] filled(int length, double value) {
    double[] values = new double[length];
    Arrays.fill(values, value);
    return values;
  }
}
