package dev.turnout.lab.simulation;

import dev.turnout.belief.CrossFit;
import dev.turnout.belief.GradedSample;
import dev.turnout.belief.LearningSettings;
import dev.turnout.belief.PosteriorLearner;
import dev.turnout.encoder.EncoderId;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import dev.turnout.offpolicy.Estimate;
import dev.turnout.offpolicy.Estimator;
import dev.turnout.offpolicy.GateSettings;
import dev.turnout.offpolicy.LoggedChoice;
import dev.turnout.offpolicy.PromotionGate;
import dev.turnout.offpolicy.Verdict;
import dev.turnout.train.feedback.FeedbackTraining;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The gate tried on recorded outcomes with planted candidates, whose true difference to the serving
 * policy is known: both send each cell of the query space to one LLM, the candidate differs in one
 * to four cells. The log is the serving policy's with some exploration; the reward model may know
 * as many earlier grades, made under the same policy, as there are held-out ones.
 */
public final class PlantedTrials {
  private static final int CELLS = 12;
  private static final int SAMPLED_FOR_CELLS = 2_000;

  private final List<String> llms;
  private final List<SimulatedQuery> queries;
  private final PromotionGate gate;
  private final RouterModel model;
  private final int[] cell;
  private final double[][] mean = new double[CELLS][];

  /** How a log explores: evenly, or half of its share on the choice of the candidate on trial. */
  public enum Exploration {
    EVEN,
    STAGED
  }

  /**
   * A serving policy and a candidate, an LLM for each cell.
   *
   * @param improvement true mean reward of the candidate minus that of the serving policy
   */
  public record Planted(int[] serving, int[] candidate, double improvement) {}

  /**
   * Prepares trials.
   *
   * @param queries recorded outcomes to draw from
   */
  public PlantedTrials(
      EncoderId encoder, List<String> llms, List<SimulatedQuery> queries, GateSettings gate) {
    this.llms = List.copyOf(llms);
    this.queries = List.copyOf(queries);
    this.gate = new PromotionGate(gate);
    List<float[]> sample =
        new ArrayList<>(queries.stream().map(SimulatedQuery::embedding).toList());
    Collections.shuffle(sample, new Random(1));
    this.model =
        new FeedbackTraining(encoder, llms, CELLS, LearningSettings.defaults())
            .withoutGuards()
            .ungraded(sample.subList(0, Math.min(sample.size(), SAMPLED_FOR_CELLS)), 1);
    RouterScorer scorer = new RouterScorer(model);
    this.cell = queries.stream().mapToInt(q -> scorer.score(q.embedding()).cell()).toArray();
    for (int c = 0; c < CELLS; c++) {
      mean[c] = new double[llms.size()];
      for (int i = 0; i < cell.length; i++) {
        if (cell[i] == c) {
          for (int a = 0; a < mean[c].length; a++) {
            mean[c][a] += queries.get(i).rewards()[a] / cell.length;
          }
        }
      }
    }
  }

  /** A candidate whose true improvement lies within the bounds, in reward. */
  public Planted plant(double from, double to, Random random) {
    while (true) {
      int[] serving = random.ints(CELLS, 0, llms.size()).toArray();
      int[] candidate = serving.clone();
      int changes = 1 + random.nextInt(4);
      for (int change = 0; change < changes; change++) {
        candidate[random.nextInt(CELLS)] = random.nextInt(llms.size());
      }
      double improvement = value(candidate) - value(serving);
      if (improvement >= from && improvement <= to && !Arrays.equals(candidate, serving)) {
        return new Planted(serving, candidate, improvement);
      }
    }
  }

  /** True mean reward of a policy. */
  public double value(int[] policy) {
    double sum = 0;
    for (int c = 0; c < CELLS; c++) {
      sum += mean[c][policy[c]];
    }
    return sum;
  }

  /**
   * Lets the gate judge a planted candidate.
   *
   * @param grades held-out grades
   * @param share of the queries that explore, in (0, 1]
   */
  public Verdict judge(
      Planted planted, int grades, double share, Exploration exploration, Random random) {
    int[] towards = exploration == Exploration.STAGED ? planted.candidate() : null;
    Log log = log(planted.serving(), towards, grades, share, random);
    return gate.judge(
        log.choices(),
        propensities(log, planted.candidate()),
        propensities(log, planted.serving()));
  }

  /** Doubly-robust estimate of a policy's mean reward from the log of another with exploration. */
  public Estimate estimate(
      int[] serving, int[] target, int grades, double share, double confidence, Random random) {
    Log log = log(serving, null, grades, share, random);
    return Estimator.DR.estimate(log.choices(), propensities(log, target), confidence);
  }

  private record Log(List<LoggedChoice> choices, int[] queries) {}

  private double[][] propensities(Log log, int[] policy) {
    double[][] all = new double[log.queries().length][llms.size()];
    for (int i = 0; i < all.length; i++) {
      all[i][policy[cell[log.queries()[i]]]] = 1;
    }
    return all;
  }

  private Log log(
      int[] serving, int @Nullable [] towards, int grades, double share, Random random) {
    List<GradedSample> samples = new ArrayList<>();
    int[] drawn = new int[2 * grades];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = random.nextInt(cell.length);
      int at = cell[drawn[i]];
      double[] chances = new double[llms.size()];
      double even = towards == null ? share : share / 2;
      Arrays.fill(chances, even / chances.length);
      chances[serving[at]] += 1 - share;
      if (towards != null) {
        chances[towards[at]] += share - even;
      }
      samples.add(graded("g" + i, queries.get(drawn[i]), draw(chances, random), chances));
    }
    List<GradedSample> heldOut = samples.subList(grades, drawn.length);
    double[][] success =
        CrossFit.success(
            new PosteriorLearner(model, llms, LearningSettings.defaults()),
            samples.subList(0, grades),
            heldOut);
    List<LoggedChoice> choices = new ArrayList<>();
    for (int i = 0; i < grades; i++) {
      GradedSample sample = heldOut.get(i);
      choices.add(
          new LoggedChoice(
              llms.indexOf(sample.llm()), sample.reward(), sample.propensity(), 1, success[i]));
    }
    return new Log(choices, Arrays.copyOfRange(drawn, grades, drawn.length));
  }

  private static int draw(double[] chances, Random random) {
    double point = random.nextDouble();
    int llm = 0;
    while (llm < chances.length - 1 && point >= chances[llm]) {
      point -= chances[llm++];
    }
    return llm;
  }

  private GradedSample graded(String id, SimulatedQuery query, int llm, double[] chances) {
    return new GradedSample(
        id,
        query.embedding(),
        llms.get(llm),
        query.rewards()[llm],
        1,
        chances[llm],
        llms,
        chances,
        Double.NaN,
        Double.NaN,
        "grader",
        false);
  }
}
