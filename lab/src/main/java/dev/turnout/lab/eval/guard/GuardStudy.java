package dev.turnout.lab.eval.guard;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import dev.turnout.app.data.TextEncoding;
import dev.turnout.encoder.EncoderId;
import dev.turnout.encoder.surface.SurfaceReader;
import dev.turnout.lab.eval.measure.Auroc;
import dev.turnout.lab.eval.measure.Nonsense;
import dev.turnout.model.RouterScorer;
import dev.turnout.model.Scores;
import dev.turnout.model.SuccessPromise;
import dev.turnout.train.Progress;
import dev.turnout.train.Recipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Judges the guard of a model that was trained on one data set by queries of that data set, by
 * nonsense made of them and by other data sets.
 *
 * @param encoding encodes texts, perhaps from a cache
 * @param encoder that it encodes with
 * @param recipe how the model is trained
 * @param stated share of queries in distribution that the guard is meant to flag
 * @param most queries judged of each kind
 * @param rates of success to promise
 */
public record GuardStudy(
    TextEncoding encoding,
    EncoderId encoder,
    Recipe recipe,
    double stated,
    int most,
    List<Double> rates) {
  private static final int HELD_OUT_OF = 5;
  private static final long SEED = 20_261_126L;

  /** Data sets with more tasks than this are judged as a whole. */
  private static final int MOST_TASKS = 12;

  /**
   * Trains and judges.
   *
   * @param inside tasks to train on, all others being strangers; empty takes all
   * @param against other data sets by name
   */
  public GuardFigures of(
      OutcomeDataset dataset, Set<String> inside, Map<String, OutcomeDataset> against) {
    List<QueryOutcomes> known = new ArrayList<>();
    Map<String, List<String>> strangers = new LinkedHashMap<>();
    for (QueryOutcomes query : dataset.queries()) {
      if (query.split() == Split.OOD) {
        add(strangers, query.dataset() + " (out of distribution)", query);
      } else if (inside.isEmpty() || inside.contains(query.dataset())) {
        known.add(query);
      } else {
        add(strangers, "all other tasks", query);
        add(strangers, "  " + query.dataset(), query);
      }
    }
    boolean heldOut = known.stream().noneMatch(query -> query.split() == Split.TEST);
    List<QueryOutcomes> train = new ArrayList<>();
    List<QueryOutcomes> test = new ArrayList<>();
    for (QueryOutcomes query : known) {
      boolean judged = heldOut ? isHeldOut(query) : query.split() == Split.TEST;
      (judged ? test : train).add(query);
    }
    addNonsense(some(texts(test)), strangers);
    against.forEach((name, other) -> addOther(name, other, strangers));
    return judged(dataset.llms(), train, test, heldOut, strangers);
  }

  private GuardFigures judged(
      List<String> llms,
      List<QueryOutcomes> train,
      List<QueryOutcomes> test,
      boolean heldOut,
      Map<String, List<String>> strangers) {
    EncodedQueries encoded =
        new EncodedQueries(llms, train, encode("encoding training queries", texts(train)));
    RouterScorer scorer =
        new RouterScorer(recipe.train(encoded.trainingSet(), encoder, 0, Progress.silent()));
    double[] usual = distances(scorer, texts(test));
    Map<String, List<String>> byTask = new LinkedHashMap<>();
    test.forEach(query -> add(byTask, query.dataset(), query));
    List<GuardFigures.Flagged> tasks = new ArrayList<>();
    byTask.forEach(
        (task, texts) -> tasks.add(flagged(task, distances(scorer, texts), new double[0])));
    List<GuardFigures.Flagged> judged = new ArrayList<>();
    strangers.forEach(
        (name, texts) -> judged.add(flagged(name, distances(scorer, some(texts)), usual)));
    return new GuardFigures(
        stated,
        train.size(),
        heldOut,
        flagged("all", usual, new double[0]),
        tasks,
        judged,
        rates.stream().map(rate -> promise(scorer, llms, test, rate)).toList());
  }

  /** How many of the queries that each LLM is trusted with at a rate it gets wrong. */
  private PromiseFigures promise(
      RouterScorer scorer, List<String> llms, List<QueryOutcomes> test, double rate) {
    SuccessPromise promise = scorer.model().calibration().promise();
    float[][] vectors = encode("encoding queries to judge", texts(test));
    double[] trusted = new double[llms.size()];
    double[] wrong = new double[llms.size()];
    double[] graded = new double[llms.size()];
    double[] wrongOverall = new double[llms.size()];
    for (int i = 0; i < vectors.length; i++) {
      Scores scores =
          scorer.score(
              vectors[i],
              test.get(i).question(),
              SurfaceReader.shared().read(test.get(i).question()));
      for (int t = 0; t < trusted.length; t++) {
        double reward = test.get(i).rewards()[t];
        int position = scorer.model().llms().indexOf(llms.get(t));
        if (Double.isNaN(reward) || promise == null || position < 0) {
          continue;
        }
        graded[t]++;
        wrongOverall[t] += 1 - reward;
        if (!scores.outOfDistribution()
            && promise.isKept(position, rate, scores.predictedSuccess()[position])) {
          trusted[t]++;
          wrong[t] += 1 - reward;
        }
      }
    }
    List<PromiseFigures.Kept> kept = new ArrayList<>();
    for (int t = 0; t < trusted.length; t++) {
      kept.add(
          new PromiseFigures.Kept(
              llms.get(t),
              trusted[t] / graded[t],
              trusted[t] == 0 ? Double.NaN : wrong[t] / trusted[t],
              wrongOverall[t] / graded[t]));
    }
    return new PromiseFigures(rate, vectors.length, kept);
  }

  private static GuardFigures.Flagged flagged(String name, double[] distances, double[] usual) {
    long flagged = Arrays.stream(distances).filter(distance -> distance > 1).count();
    return new GuardFigures.Flagged(
        name,
        distances.length,
        (double) flagged / Math.max(1, distances.length),
        Auroc.of(usual, distances));
  }

  private double[] distances(RouterScorer scorer, List<String> texts) {
    float[][] vectors = encode("encoding queries to judge", texts);
    double[] distances = new double[vectors.length];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = scorer.score(vectors[i], texts.get(i), null).distance();
    }
    return distances;
  }

  private float[][] encode(String stage, List<String> texts) {
    return texts.isEmpty() ? new float[0][] : encoding.encode(stage, texts).vectors();
  }

  private static void addNonsense(List<String> texts, Map<String, List<String>> strangers) {
    strangers.put("letters shuffled within words", Nonsense.lettersWithinWords(texts, SEED));
    strangers.put("words shuffled within the query", Nonsense.wordOrder(texts, SEED));
    strangers.put("words of all queries shuffled", Nonsense.shuffledWords(texts, SEED));
    strangers.put("characters of all queries shuffled", Nonsense.shuffledLetters(texts, SEED));
    strangers.put("random characters", Nonsense.randomCharacters(texts, SEED));
  }

  private static void addOther(
      String name, OutcomeDataset other, Map<String, List<String>> strangers) {
    long tasks = other.queries().stream().map(QueryOutcomes::dataset).distinct().count();
    for (QueryOutcomes query : other.queries()) {
      add(strangers, name, query);
      if (tasks > 1 && tasks <= MOST_TASKS) {
        add(strangers, "  " + name + ": " + query.dataset(), query);
      }
    }
  }

  private static void add(Map<String, List<String>> to, String name, QueryOutcomes query) {
    to.computeIfAbsent(name, key -> new ArrayList<>()).add(query.question());
  }

  /** By the text, so that equal questions are never on both sides. */
  private static boolean isHeldOut(QueryOutcomes query) {
    return Math.floorMod((query.question().hashCode() * 0x9E3779B9) >>> 8, HELD_OUT_OF) == 0;
  }

  private List<String> some(List<String> texts) {
    if (texts.size() <= most) {
      return texts;
    }
    List<String> shuffled = new ArrayList<>(texts);
    Collections.shuffle(shuffled, new Random(SEED));
    return shuffled.subList(0, most);
  }

  private static List<String> texts(List<QueryOutcomes> queries) {
    return queries.stream().map(QueryOutcomes::question).toList();
  }
}
