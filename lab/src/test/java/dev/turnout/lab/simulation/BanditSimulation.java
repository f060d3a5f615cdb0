package dev.turnout.lab.simulation;

import dev.turnout.belief.FeedbackWindow;
import dev.turnout.belief.GradedSample;
import dev.turnout.belief.PosteriorLearner;
import dev.turnout.belief.Posteriors;
import dev.turnout.belief.StopSignal;
import dev.turnout.encoder.EncoderId;
import dev.turnout.model.RouterModel;
import dev.turnout.offpolicy.Verdict;
import dev.turnout.policy.Selection;
import dev.turnout.policy.SelectionRequest;
import dev.turnout.policy.ThompsonPolicy;
import dev.turnout.train.feedback.CandidateTrial;
import dev.turnout.train.feedback.FeedbackTraining;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Plays a stream through router, learner, trainer and gate in one thread, revealing only the chosen
 * LLM's reward. The same parts run on Kafka; this is where settings are chosen and claims measured.
 */
public final class BanditSimulation {
  private final EncoderId encoder;
  private final List<String> llms;
  private final SimulationSettings settings;
  private final FeedbackTraining training;
  private final CandidateTrial trial;

  public BanditSimulation(EncoderId encoder, List<String> llms, SimulationSettings settings) {
    this.encoder = encoder;
    this.llms = List.copyOf(llms);
    this.settings = settings;
    this.training =
        new FeedbackTraining(
                encoder, llms, settings.cells(), settings.learning(), settings.propensityClip())
            .withoutGuards();
    this.trial = new CandidateTrial(llms, settings.learning(), settings.gate());
  }

  /** Encoder of all embeddings. */
  public EncoderId encoder() {
    return encoder;
  }

  /** Plays a stream; equal arguments give equal results. */
  public SimulationResult run(List<SimulatedQuery> stream, StreamScenario scenario, long seed) {
    return run(stream, scenario, seed, training.cold());
  }

  /**
   * Plays a stream that a model serves from the beginning.
   *
   * @param first the model
   */
  public SimulationResult run(
      List<SimulatedQuery> stream, StreamScenario scenario, long seed, RouterModel first) {
    Run run = new Run(stream, scenario, seed, first);
    for (int i = 0; i < stream.size(); i++) {
      run.step(i);
    }
    run.finish();
    return new SimulationResult(
        run.rewards, run.chosen, run.verdicts, run.model, run.learner.learn(run.window.samples()));
  }

  private record Late(int due, GradedSample sample) {}

  private final class Run {
    private final List<SimulatedQuery> stream;
    private final StreamScenario scenario;
    private final long seed;
    private final Random random;
    private final double[] rewards;
    private final int[] chosen;
    private final List<Verdict> verdicts = new ArrayList<>();
    private final FeedbackWindow window = new FeedbackWindow(settings.window());
    private final ArrayDeque<Late> underway = new ArrayDeque<>();
    private final ThompsonPolicy policy = new ThompsonPolicy(settings.floor(), settings.temper());
    private RouterModel model;
    private PosteriorLearner learner;
    private Posteriors posteriors;
    private LearntRouter router;
    private int grades;

    Run(List<SimulatedQuery> stream, StreamScenario scenario, long seed, RouterModel first) {
      this.stream = stream;
      this.scenario = scenario;
      this.seed = seed;
      this.random = new Random(seed);
      this.rewards = new double[stream.size()];
      this.chosen = new int[stream.size()];
      this.model = first;
      this.learner = new PosteriorLearner(model, llms, settings.learning());
      this.posteriors = learner.learn(List.of());
      this.router = new LearntRouter(model, posteriors);
    }

    void step(int i) {
      SimulatedQuery query = stream.get(i);
      Set<String> unavailable =
          scenario.newLlm() >= 0 && i < stream.size() / 2
              ? Set.of(llms.get(scenario.newLlm()))
              : Set.of();
      SelectionRequest request =
          new SelectionRequest(router.candidates(query, unavailable), 0, 0, false, true);
      Selection selection = policy.select(request, random);
      chosen[i] = selection.chosen();
      rewards[i] = scenario.reward(query, chosen[i], i, stream.size());
      if (random.nextDouble() >= scenario.lossShare()) {
        boolean adversarial = random.nextDouble() < scenario.adversarialShare();
        GradedSample sample =
            new GradedSample(
                "q" + i,
                query.embedding(),
                llms.get(chosen[i]),
                adversarial ? 1 - rewards[i] : rewards[i],
                1,
                selection.propensities()[chosen[i]],
                llms,
                selection.propensities(),
                Double.NaN,
                Double.NaN,
                Double.NaN,
                adversarial ? "mallory" : "grader-" + i % 3,
                false,
                query.surface());
        underway.add(new Late(i + scenario.delay(), sample));
        if (random.nextDouble() < scenario.duplicateShare()) {
          underway.add(new Late(i + scenario.delay(), sample));
        }
      }
      while (!underway.isEmpty() && underway.getFirst().due() <= i) {
        grade(underway.removeFirst().sample());
      }
    }

    void finish() {
      while (!underway.isEmpty()) {
        grade(underway.removeFirst().sample());
      }
    }

    private void grade(GradedSample sample) {
      if (!window.add(sample)) {
        return;
      }
      grades++;
      if (FeedbackTraining.dueForCells(model, window.size(), settings.cellsAfter())) {
        serve(
            training.ungraded(
                window.samples().stream().map(GradedSample::embedding).toList(), seed));
      }
      if (settings.retrainAfter().contains(grades)) {
        retrain();
      } else if (grades % settings.learnEvery() == 0) {
        posteriors = learner.learn(window.samples());
        router = new LearntRouter(model, posteriors);
      }
    }

    private void retrain() {
      List<GradedSample> samples = window.samples();
      int split = (int) (samples.size() * (1 - settings.heldOut()));
      List<GradedSample> seen = samples.subList(0, split);
      RouterModel candidate =
          training.train(
              seen, seed + grades, settings.warmStart() ? model : null, model, StopSignal.never());
      Verdict verdict = trial.judge(model, candidate, seen, samples.subList(split, samples.size()));
      verdicts.add(verdict);
      if (verdict.promote()) {
        serve(candidate);
      }
    }

    private void serve(RouterModel next) {
      model = next;
      learner = new PosteriorLearner(model, llms, settings.learning());
      posteriors = learner.learn(window.samples());
      router = new LearntRouter(model, posteriors);
    }
  }
}
