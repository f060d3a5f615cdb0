package dev.turnout.train.feedback;

import dev.turnout.belief.GradedSample;
import dev.turnout.belief.LearningSettings;
import dev.turnout.belief.PosteriorLearner;
import dev.turnout.belief.Posteriors;
import dev.turnout.belief.StopSignal;
import dev.turnout.encoder.surface.QuerySurface;
import dev.turnout.math.Vectors;
import dev.turnout.model.FeatureWriter;
import dev.turnout.model.RouterModel;
import dev.turnout.model.SuccessPromise;
import dev.turnout.train.ModelAssembly;
import dev.turnout.train.difficulty.LoggedGrades;
import dev.turnout.train.difficulty.LoggedHeadFit;
import dev.turnout.train.success.LoggedPromiseFit;
import dev.turnout.train.success.SuccessWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Gives a model that was trained from logged choices its success head and its promise. Answers
 * count once however many graded them, by the trust in their graders and, for the head, by clipped
 * propensities; for the promise by whole ones, since it is of all queries, not of those that an LLM
 * happened to be asked.
 */
record FeedbackHead(List<String> llms, LearningSettings settings, StopSignal stop) {
  private static final int FOLDS = 5;

  /**
   * The model with head and promise; without either where no sample tells of its query's text.
   *
   * @param trained the model
   * @param structure it before the samples taught it anything, with the success that it began with
   * @param prior that success over phi
   * @param samples what it was trained on, oldest first, weighted as then
   * @param trust in graders as all samples show it
   * @param serving whose head is the start; null for none
   */
  RouterModel onto(
      RouterModel trained,
      RouterModel structure,
      SuccessWeights prior,
      List<GradedSample> samples,
      Map<String, Double> trust,
      @Nullable RouterModel serving) {
    List<GradedSample> answers =
        HeldOutAnswers.of(List.of(), samples, trust).stream()
            .filter(answer -> answer.surface() != null && llms.contains(answer.llm()))
            .toList();
    if (answers.isEmpty()) {
      return trained;
    }
    LoggedGrades grades = grades(structure, prior, samples, answers);
    LoggedHeadFit.Fitted fitted = new LoggedHeadFit(llms, grades, stop).fit(trained, serving);
    Map<String, String> report = new TreeMap<>(trained.report());
    report.putAll(fitted.report());
    SuccessPromise promise = promise(answers, fitted.heldOut());
    report.put("promises_of_80_percent", Integer.toString(promises(promise)));
    return ModelAssembly.named(
        report.getOrDefault("recipe", "feedback"),
        trained
            .withHead(fitted.head())
            .withCalibration(trained.calibration().withPromise(promise))
            .withReport(report));
  }

  /**
   * What may be promised by those choices whose probabilities are known, of every LLM. Shadow
   * answers are no choices.
   */
  private SuccessPromise promise(List<GradedSample> answers, double[] heldOut) {
    int[] usable =
        IntStream.range(0, heldOut.length).filter(i -> isChoice(answers.get(i))).toArray();
    double[] largest = new double[llms.size()];
    Arrays.fill(largest, 1);
    for (int i : usable) {
      GradedSample answer = answers.get(i);
      for (int a = 0; a < answer.propensities().length; a++) {
        int t = llms.indexOf(answer.llms().get(a));
        if (t >= 0 && answer.propensities()[a] > 0) {
          largest[t] = Math.max(largest[t], 1 / answer.propensities()[a]);
        }
      }
    }
    return LoggedPromiseFit.fit(
        Arrays.stream(usable).map(i -> llms.indexOf(answers.get(i).llm())).toArray(),
        Arrays.stream(usable).mapToDouble(i -> heldOut[i]).toArray(),
        Arrays.stream(usable).mapToDouble(i -> answers.get(i).reward()).toArray(),
        Arrays.stream(usable)
            .mapToDouble(i -> 1 / answers.get(i).propensityOf(answers.get(i).llm()))
            .toArray(),
        largest);
  }

  /** How many LLMs are trusted with some query to be right four times in five. */
  private static int promises(SuccessPromise promise) {
    int llms = 0;
    for (int t = 0; t < promise.thresholds().rows(); t++) {
      llms += promise.isKept(t, 0.8, 1) ? 1 : 0;
    }
    return llms;
  }

  private static boolean isChoice(GradedSample answer) {
    return !answer.shadow()
        && answer.weight() > 0
        && answer.propensities().length == answer.llms().size()
        && answer.propensityOf(answer.llm()) > 0;
  }

  private LoggedGrades grades(
      RouterModel structure,
      SuccessWeights prior,
      List<GradedSample> samples,
      List<GradedSample> answers) {
    Map<Long, Integer> questions = new HashMap<>();
    for (GradedSample sample : samples) {
      questions.putIfAbsent(sample.item(), questions.size());
    }
    List<QuerySurface> surfaces = new ArrayList<>();
    List<float[]> embeddings = new ArrayList<>();
    int[] llm = new int[answers.size()];
    double[] reward = new double[llm.length];
    double[] weight = new double[llm.length];
    int[] question = new int[llm.length];
    int[] fold = new int[llm.length];
    for (int i = 0; i < llm.length; i++) {
      GradedSample answer = answers.get(i);
      if (answer.surface() != null) {
        surfaces.add(answer.surface());
      }
      embeddings.add(answer.embedding());
      llm[i] = llms.indexOf(answer.llm());
      reward[i] = answer.reward();
      weight[i] = answer.weight();
      question[i] = questions.getOrDefault(answer.item(), 0);
      fold[i] = question[i] % FOLDS;
    }
    double[] advantage = new double[llm.length];
    double[] easiness = new double[llm.length];
    float[][] phi =
        new FeatureWriter(structure.features()).writeAll(embeddings.toArray(float[][]::new));
    PosteriorLearner learner = new PosteriorLearner(structure, llms, settings, stop);
    for (int f = 0; f < FOLDS; f++) {
      int heldOut = f;
      List<GradedSample> others =
          samples.stream()
              .filter(sample -> questions.getOrDefault(sample.item(), 0) % FOLDS != heldOut)
              .toList();
      SuccessWeights learnt = corrected(structure, prior, learner.learn(others));
      for (int i = 0; i < llm.length; i++) {
        if (fold[i] == f) {
          advantage[i] = Vectors.dot(learnt.llms()[llm[i]], phi[i]);
          easiness[i] = Vectors.dot(learnt.easiness(), phi[i]);
        }
      }
    }
    return new LoggedGrades(surfaces, llm, reward, weight, question, fold, advantage, easiness);
  }

  /** What was learnt on top of what was there: the level of a cell, and what LLMs have beyond. */
  static SuccessWeights corrected(RouterModel structure, SuccessWeights prior, Posteriors learnt) {
    double[][] weights = new double[prior.llms().length][];
    for (int a = 0; a < weights.length; a++) {
      weights[a] = prior.llms()[a].clone();
    }
    double[] easiness = prior.easiness().clone();
    int offset = structure.features().dimension();
    for (int c = 0; c < learnt.cells(); c++) {
      double level = 0;
      for (double correction : learnt.correction()[c]) {
        level += correction / weights.length;
      }
      easiness[offset + c] += level;
      for (int a = 0; a < weights.length; a++) {
        weights[a][offset + c] += learnt.correction()[c][a] - level;
      }
    }
    return new SuccessWeights(weights, easiness);
  }
}
