package dev.turnout.learner.loop;

import dev.turnout.belief.GradedSample;
import dev.turnout.control.model.Rollout.TrainedTo;
import dev.turnout.control.model.ServingSnapshot;
import dev.turnout.learner.LearnerMetrics;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.learner.rollout.ModelEvents;
import dev.turnout.model.RouterModel;
import dev.turnout.offpolicy.Verdict;
import dev.turnout.topic.LogText;
import dev.turnout.train.feedback.CandidateTrial;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slow path: trains a candidate where one is due, judges it at the gate, and has it promoted,
 * staged or rejected. Candidates are trained one after the other in the order of the log, and each
 * verdict says on which samples; so a training that a crash cut short is run again by whoever takes
 * over, on the same samples, from the same serving model, to the same result.
 */
final class CandidateTraining {
  private static final Logger LOG = LoggerFactory.getLogger(CandidateTraining.class);

  private final LearnerSettings settings;
  private final ModelMaintenance upkeep;
  private final ModelEvents events;
  private final PosteriorPublisher feed;
  private final BackgroundJob trainer;
  private final LearnerMetrics metrics;
  private @Nullable Trained ready;
  private int rejections;
  private int promotions;
  private @Nullable String lastVerdict;

  private record Trained(
      RouterModel candidate, String parent, Verdict verdict, TrainingPoint point) {
    Map<String, String> report() {
      Map<String, String> report = new TreeMap<>(candidate.report());
      report.putAll(verdict.report());
      report.put("parent", parent);
      return report;
    }

    Map<String, String> place() {
      return Map.of(
          TrainedTo.OFFSET, Long.toString(point.offset()),
          TrainedTo.AT, Long.toString(point.at().toEpochMilli()));
    }
  }

  CandidateTraining(
      LearnerSettings settings,
      ModelMaintenance upkeep,
      ModelEvents events,
      PosteriorPublisher feed,
      BackgroundJob trainer,
      LearnerMetrics metrics) {
    this.settings = settings;
    this.upkeep = upkeep;
    this.events = events;
    this.feed = feed;
    this.trainer = trainer;
    this.metrics = metrics;
  }

  /** Acts on a candidate that is ready, or begins what is due next. */
  void step(ServingSnapshot serving, LearnerState state) throws InterruptedException {
    Trained trained = ready;
    if (trained != null) {
      ready = null;
      judged(trained, serving, state);
      return;
    }
    if (serving.rollout().stage() != null) {
      return;
    }
    RouterModel model = serving.model();
    if (model == null || !trainer.idle()) {
      return;
    }
    TrainingPoint point = state.nextDue(serving.rollout().trained());
    if (point == null) {
      return;
    }
    if (point.kind() == TrainingPoint.Kind.CELLS) {
      upkeep.renewCells(serving, model, point, state);
      return;
    }
    if (model.features().cells() == 0) {
      LOG.atDebug()
          .setMessage("no candidate is trained: the model has no cells yet")
          .addKeyValue("model", LogText.of(model.version()))
          .log();
      return;
    }
    begin(model, point);
  }

  private void begin(RouterModel serving, TrainingPoint point) {
    List<GradedSample> all = point.samples();
    int split = (int) (all.size() * (1 - settings.training().heldOut()));
    List<GradedSample> seen = all.subList(0, split);
    List<GradedSample> heldOut = all.subList(split, all.size());
    List<String> llms = serving.llms();
    LOG.atInfo()
        .setMessage("training a candidate")
        .addKeyValue("samples", seen.size())
        .addKeyValue("heldOut", heldOut.size())
        .addKeyValue("offset", point.offset())
        .log();
    trainer.begin(
        "training a candidate on " + seen.size() + " samples",
        stop -> {
          RouterModel candidate =
              upkeep
                  .training(llms)
                  .train(
                      seen,
                      point.seed(settings.training().seed()),
                      settings.training().warmStart() ? serving : null,
                      serving,
                      stop);
          Verdict verdict =
              new CandidateTrial(llms, settings.learning(), settings.gate(), stop)
                  .judge(serving, candidate, seen, heldOut);
          return new Trained(candidate, serving.version(), verdict, point);
        },
        trained -> ready = trained);
  }

  private void judged(Trained trained, ServingSnapshot serving, LearnerState state)
      throws InterruptedException {
    String version = trained.candidate().version();
    RouterModel model = serving.model();
    TrainedTo known = serving.rollout().trained();
    if (known != null && known.offset() >= trained.point().offset()) {
      dropped(version, "another learner has judged it meanwhile");
      return;
    }
    if (model != null && model.version().equals(version)) {
      dropped(version, "it serves already");
      return;
    }
    said(trained.candidate());
    Verdict verdict = trained.verdict();
    lastVerdict = verdict.reason();
    metrics.verdict(verdict);
    if (!verdict.promote()) {
      reject(trained, verdict.reason());
    } else if (model == null || !model.version().equals(trained.parent())) {
      reject(trained, "its parent " + trained.parent() + " no longer serves; " + verdict.reason());
    } else if (serving.rollout().stage() != null) {
      reject(trained, "another model was put on trial meanwhile; " + verdict.reason());
    } else {
      accept(trained, state);
    }
  }

  /** What a candidate knows of texts, and whether router.min-success can rely on it. */
  private static void said(RouterModel candidate) {
    Map<String, String> report = candidate.report();
    LOG.atInfo()
        .setMessage("candidate trained")
        .addKeyValue("model", LogText.of(candidate.version()))
        .addKeyValue("head", report.getOrDefault("head", "none: no texts are known"))
        .addKeyValue("logLossGain", report.getOrDefault("head_gain", "unknown"))
        .addKeyValue("llmsPromised80Percent", report.getOrDefault("promises_of_80_percent", "0"))
        .log();
  }

  private static void dropped(String version, String reason) {
    LOG.atInfo()
        .setMessage("candidate dropped")
        .addKeyValue("model", LogText.of(version))
        .addKeyValue("reason", LogText.of(reason))
        .log();
  }

  private void reject(Trained trained, String reason) throws InterruptedException {
    rejections++;
    Map<String, String> report = trained.report();
    report.putAll(trained.place());
    events.reject(trained.candidate().version(), reason, report);
  }

  private void accept(Trained trained, LearnerState state) throws InterruptedException {
    promotions++;
    RouterModel candidate = trained.candidate().withReport(trained.report());
    String reason = trained.verdict().reason();
    feed.announce(candidate, state);
    double share = settings.stages().first();
    if (share == 1) {
      events.promoteCandidate(candidate, trained.parent(), reason, trained.place());
    } else {
      events.stageCandidate(candidate, trained.parent(), share, reason, trained.place());
    }
  }

  /** Candidates that passed the gate. */
  int promotions() {
    return promotions;
  }

  /** Candidates that did not. */
  int rejections() {
    return rejections;
  }

  /** The gate's latest reason; null before any verdict. */
  @Nullable String lastVerdict() {
    return lastVerdict;
  }
}
