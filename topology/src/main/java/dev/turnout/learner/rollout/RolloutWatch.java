package dev.turnout.learner.rollout;

import dev.turnout.belief.GradedSample;
import dev.turnout.control.model.Rollout;
import dev.turnout.control.model.ServingSnapshot;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.learner.loop.BackgroundJob;
import dev.turnout.learner.loop.LearnerState;
import dev.turnout.learner.loop.PosteriorPublisher;
import dev.turnout.model.RouterModel;
import dev.turnout.offpolicy.Estimate;
import dev.turnout.offpolicy.Estimator;
import dev.turnout.offpolicy.GateSettings;
import dev.turnout.offpolicy.rollout.LiveComparison;
import dev.turnout.offpolicy.rollout.RolloutRule;
import dev.turnout.offpolicy.rollout.RolloutStep;
import dev.turnout.offpolicy.rollout.ServedReward;
import dev.turnout.topic.LogText;
import dev.turnout.train.feedback.CandidateTrial;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the model on trial, and the one freshly promoted, by what they earn, and moves them up or
 * back. This class gathers the evidence and publishes the step; which step it is, {@link
 * RolloutRule} says, a pure function.
 *
 * <p>What a model is compared by, at each stage:
 *
 * <ul>
 *   <li>In shadow it decides nothing, so it is judged off-policy, by the doubly robust estimate
 *       (Dudik, Langford and Li, 2011) on the queries graded since the stage began. The samples
 *       before fit the reward model, so what judges was not learnt from.
 *   <li>As a canary against the serving model, on the queries each decided since the stage began.
 *       The share goes by a hash of the query's id, so the comparison is a randomised one.
 *   <li>Once promoted against the latest queries of the model it replaced. Nothing is randomised
 *       there, so a change of traffic may look like one of the model; the rule therefore only takes
 *       back what is surely worse by more than a margin.
 * </ul>
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>There is a look after every poll that brought samples, for as long as it takes. The bounds
 *       hold for all looks together ({@link LiveComparison}), so looking often does not make a
 *       roll-back by chance likelier. In shadow, where the estimate's bound is that of one look,
 *       there is one look for each further so many grades.
 *   <li>The evidence is a function of the log and of the moment, on the models topic, at which the
 *       stage or the incumbency began; a learner that takes over sees the same.
 *   <li>An extension by an LLM changes no choice among the others, so it does not end the watch:
 *       what all extensions earned counts as one model's ({@link Incumbency}), and a roll-back
 *       takes all of them back.
 *   <li>A watch that has settled stays settled: the model is then what the next is compared with.
 *   <li>An estimate in shadow is computed beside the loop, and belongs to the stage that it was
 *       begun for: it has no effect on a stage that began since.
 * </ul>
 *
 * <p>Confined to the loop's thread.
 */
public final class RolloutWatch {
  private static final Logger LOG = LoggerFactory.getLogger(RolloutWatch.class);

  private final LearnerSettings settings;
  private final RolloutRule rule;
  private final LiveComparison comparison;
  private final ModelEvents events;
  private final PosteriorPublisher feed;
  private final BackgroundJob trainer;
  private long looked = -1;
  private @Nullable InShadow shadowed;
  private @Nullable Incumbency incumbency;
  private Rollout.@Nullable Incumbent settled;
  private int rollBacks;

  /** The estimate of the last look at a model in shadow, and whether it was acted on. */
  private record InShadow(Rollout.Stage stage, int graded, Estimate difference, boolean acted) {}

  /** A watch that has seen nothing yet. */
  public RolloutWatch(
      LearnerSettings settings,
      ModelEvents events,
      PosteriorPublisher feed,
      BackgroundJob trainer) {
    this.settings = settings;
    this.rule = new RolloutRule(settings.stages(), settings.rollback());
    this.comparison = new LiveComparison(settings.rollback());
    this.events = events;
    this.feed = feed;
    this.trainer = trainer;
  }

  /** Looks at what came since the last look, and acts on it. */
  public void step(ServingSnapshot serving, LearnerState state) throws InterruptedException {
    Rollout.Stage stage = serving.rollout().stage();
    if (stage != null && serving.canary() == null) {
      events.reject(stage.version(), "it cannot be loaded; publish it again", Map.of());
      return;
    }
    InShadow judged = shadowed;
    if (judged != null && !judged.acted()) {
      shadowed = new InShadow(judged.stage(), judged.graded(), judged.difference(), true);
      if (stage != null && judged.stage().equals(stage) && serving.model() != null) {
        move(
            serving.model().version(),
            stage,
            rule.onTrial(0, judged.difference(), judged.graded()),
            judged.difference());
        return;
      }
    }
    // without new samples the evidence is the same, and so is the step
    if (state.taken() == looked) {
      return;
    }
    looked = state.taken();
    if (stage == null) {
      watch(serving, state);
    } else if (stage.share() == 0) {
      shadow(serving, stage, state);
    } else {
      canary(serving, stage, state);
    }
  }

  private void canary(ServingSnapshot serving, Rollout.Stage stage, LearnerState state)
      throws InterruptedException {
    RouterModel model = serving.model();
    if (model == null) {
      return;
    }
    long since = stage.since().toEpochMilli();
    List<ServedReward> own = state.rewards().of(stage.version(), since, feed::trust);
    List<ServedReward> others = state.rewards().of(model.version(), since, feed::trust);
    Estimate difference = comparison.difference(own, others);
    move(model.version(), stage, rule.onTrial(stage.share(), difference, own.size()), difference);
  }

  private void shadow(ServingSnapshot serving, Rollout.Stage stage, LearnerState state)
      throws InterruptedException {
    RouterModel model = serving.model();
    RouterModel staged = serving.canary();
    if (model == null || staged == null || !trainer.idle()) {
      return;
    }
    InShadow last = shadowed;
    int judged = last != null && last.stage().equals(stage) ? last.graded() : 0;
    List<GradedSample> seen = new ArrayList<>();
    List<GradedSample> since = new ArrayList<>();
    for (GradedSample sample : state.samples()) {
      // by the time of the decision, not of the grade: a late grade may be of an earlier stage
      boolean fresh = state.rewards().decidedAt(sample.queryId()) >= stage.since().toEpochMilli();
      (fresh ? since : seen).add(sample);
    }
    int graded = since.size();
    if (graded < judged + settings.stages().grades()) {
      return;
    }
    // the rule of a roll-back, put as a gate: not surely worse by more than the margin
    GateSettings gate =
        new GateSettings(-settings.rollback().margin(), settings.rollback().confidence(), 2, 0);
    trainer.begin(
        "judging model " + staged.version() + " in shadow on " + graded + " samples",
        stop ->
            new CandidateTrial(model.llms(), settings.learning(), gate, stop)
                .judge(model, staged, seen, since),
        verdict -> shadowed = new InShadow(stage, graded, verdict.difference(Estimator.DR), false));
  }

  private void move(String serving, Rollout.Stage stage, RolloutStep step, Estimate difference)
      throws InterruptedException {
    if (step instanceof RolloutStep.Advance advance) {
      if (advance.share() == 1) {
        events.promote(stage.version(), serving, advance.reason(), report(difference));
      } else {
        events.stage(stage.version(), advance.share(), advance.reason(), report(difference));
      }
    } else if (step instanceof RolloutStep.RollBack back) {
      if (stage.share() == 0) {
        events.reject(stage.version(), back.reason(), report(difference));
      } else {
        rollBacks++;
        events.rollBack(stage.version(), serving, back.reason());
      }
    }
  }

  private void watch(ServingSnapshot serving, LearnerState state) throws InterruptedException {
    Rollout.Incumbent incumbent = serving.rollout().incumbent();
    if (incumbent == null
        || incumbent.replaces() == null
        || !settings.rollback().watchesPromoted()) {
      return;
    }
    Incumbency watched = Incumbency.with(incumbent, incumbency);
    incumbency = watched;
    if (watched.first().equals(settled)) {
      return;
    }
    long since = watched.first().since().toEpochMilli();
    List<ServedReward> own = new ArrayList<>();
    for (String version : watched.versions()) {
      own.addAll(state.rewards().of(version, since, feed::trust));
    }
    List<ServedReward> before =
        state.rewards().of(incumbent.replaces(), 0, feed::trust).stream()
            .filter(reward -> reward.decidedAt() < since)
            .toList();
    List<ServedReward> latest =
        before.subList(Math.max(0, before.size() - settings.rollback().watched()), before.size());
    RolloutStep step = rule.inCharge(comparison.difference(own, latest), own.size());
    if (step instanceof RolloutStep.RollBack back) {
      rollBacks++;
      events.rollBack(
          ModelExtension.lineage(incumbent.version()), incumbent.replaces(), back.reason());
    } else if (step instanceof RolloutStep.Settled) {
      settled = watched.first();
      LOG.atInfo()
          .setMessage("model is no longer watched")
          .addKeyValue("model", LogText.of(incumbent.version()))
          .addKeyValue("reason", LogText.of(step.reason()))
          .log();
    }
  }

  private static Map<String, String> report(Estimate difference) {
    return Map.of(
        "live.difference",
        String.format(
            Locale.ROOT,
            "%.4f [%.4f, %.4f] ess=%.0f n=%d",
            difference.value(),
            difference.lower(),
            difference.upper(),
            difference.effectiveSampleSize(),
            difference.samples()));
  }

  /** Models taken back. */
  public int rollBacks() {
    return rollBacks;
  }
}
