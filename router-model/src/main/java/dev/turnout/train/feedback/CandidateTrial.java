package dev.turnout.train.feedback;

import dev.turnout.belief.CrossFit;
import dev.turnout.belief.GradedSample;
import dev.turnout.belief.LearningSettings;
import dev.turnout.belief.PosteriorLearner;
import dev.turnout.belief.Posteriors;
import dev.turnout.belief.StopSignal;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import dev.turnout.model.Scores;
import dev.turnout.offpolicy.GateSettings;
import dev.turnout.offpolicy.LoggedChoice;
import dev.turnout.offpolicy.PromotionGate;
import dev.turnout.offpolicy.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The trial of a candidate against the serving model on held-out samples. Both are judged as they
 * would serve: with the posteriors that the earlier samples teach them, choosing the best LLM that
 * could have been chosen. No side has seen the held-out samples, and they are later than all that
 * was seen. Grades count as much as their graders are trusted.
 */
public final class CandidateTrial {
  private static final double SMALLEST_PROPENSITY = 1e-4;

  private final List<String> llms;
  private final LearningSettings learning;
  private final PromotionGate gate;
  private final StopSignal stop;

  /**
   * @param llms the LLMs either model may choose
   */
  public CandidateTrial(List<String> llms, LearningSettings learning, GateSettings gate) {
    this(llms, learning, gate, StopSignal.never());
  }

  /**
   * A trial that may be stopped.
   *
   * @param stop ends it with a {@link java.util.concurrent.CancellationException}
   */
  public CandidateTrial(
      List<String> llms, LearningSettings learning, GateSettings gate, StopSignal stop) {
    this.stop = stop;
    this.llms = List.copyOf(llms);
    this.learning = learning;
    this.gate = new PromotionGate(gate);
  }

  /**
   * Holds the trial.
   *
   * @param serving the model that serves
   * @param candidate the model that was trained on {@code seen} or earlier samples
   * @param seen samples that both sides may learn from
   * @param heldOut later samples that neither has seen; shadow samples are left out
   */
  public Verdict judge(
      RouterModel serving,
      RouterModel candidate,
      List<GradedSample> seen,
      List<GradedSample> heldOut) {
    Side ofServing = new Side(serving, seen);
    Side ofCandidate = new Side(candidate, seen);
    List<GradedSample> answers = HeldOutAnswers.of(seen, heldOut, trust(serving, seen, heldOut));
    double[][] modelled =
        CrossFit.success(new PosteriorLearner(serving, llms, learning, stop), seen, answers);
    List<LoggedChoice> log = new ArrayList<>();
    List<double[]> candidateChoices = new ArrayList<>();
    List<double[]> servingChoices = new ArrayList<>();
    for (int i = 0; i < modelled.length; i++) {
      stop.check();
      GradedSample sample = answers.get(i);
      int llm = llms.indexOf(sample.llm());
      if (llm < 0 || sample.shadow()) {
        continue;
      }
      servingChoices.add(best(ofServing.success(sample), sample));
      candidateChoices.add(best(ofCandidate.success(sample), sample));
      log.add(
          new LoggedChoice(
              llm,
              sample.reward(),
              Math.max(SMALLEST_PROPENSITY, sample.propensity()),
              sample.weight(),
              modelled[i]));
    }
    return gate.judge(
        log, candidateChoices.toArray(double[][]::new), servingChoices.toArray(double[][]::new));
  }

  /** What all samples together say of the graders, the held-out ones too: only they are weighed. */
  private Map<String, Double> trust(
      RouterModel serving, List<GradedSample> seen, List<GradedSample> heldOut) {
    List<GradedSample> all = new ArrayList<>(seen);
    all.addAll(heldOut);
    return new PosteriorLearner(serving, llms, learning, stop).learn(all).trust();
  }

  /**
   * The best LLM among those that could have been chosen. Elsewhere the reward model alone would
   * speak, for both sides and without an error that shows.
   */
  private double[] best(double[] success, GradedSample sample) {
    int best = -1;
    for (int a = 0; a < success.length; a++) {
      if (sample.couldHaveChosen(llms.get(a)) && (best < 0 || success[a] > success[best])) {
        best = a;
      }
    }
    double[] choice = new double[success.length];
    choice[best < 0 ? llms.indexOf(sample.llm()) : best] = 1;
    return choice;
  }

  private final class Side {
    private final RouterModel model;
    private final RouterScorer scorer;
    private final Posteriors posteriors;

    Side(RouterModel model, List<GradedSample> seen) {
      this.model = model;
      this.scorer = new RouterScorer(model);
      this.posteriors = new PosteriorLearner(model, llms, learning, stop).learn(seen);
    }

    double[] success(GradedSample sample) {
      Scores scores = scorer.score(sample.embedding(), null, sample.surface());
      double mean = Arrays.stream(scores.predictedSuccess()).average().orElse(0.5);
      double[] success = new double[llms.size()];
      for (int a = 0; a < success.length; a++) {
        int known = model.llms().indexOf(llms.get(a));
        success[a] =
            posteriors.success(
                scores.cells(), a, known < 0 ? mean : scores.predictedSuccess()[known]);
      }
      return success;
    }
  }
}
