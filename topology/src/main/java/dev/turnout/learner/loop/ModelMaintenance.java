package dev.turnout.learner.loop;

import dev.turnout.belief.GradedSample;
import dev.turnout.control.model.Rollout;
import dev.turnout.control.model.ServingSnapshot;
import dev.turnout.encoder.EncoderId;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.learner.rollout.ModelEvents;
import dev.turnout.learner.rollout.ModelExtension;
import dev.turnout.model.RouterModel;
import dev.turnout.train.feedback.FeedbackTraining;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes of the serving model that need no trial, since they change no choice among the LLMs it
 * knows: a first model that knows nothing, its cells, and a place for an LLM that is new.
 */
final class ModelMaintenance {
  private final LearnerSettings settings;
  private final EncoderId encoder;
  private final ModelEvents events;
  private final PosteriorPublisher feed;

  ModelMaintenance(
      LearnerSettings settings, EncoderId encoder, ModelEvents events, PosteriorPublisher feed) {
    this.settings = settings;
    this.encoder = encoder;
    this.events = events;
    this.feed = feed;
  }

  FeedbackTraining training(List<String> llms) {
    return new FeedbackTraining(
        encoder,
        llms,
        settings.training().cells(),
        settings.learning(),
        settings.training().propensityClip());
  }

  /** Makes the change that is due, if one is. */
  void step(ServingSnapshot serving, LearnerState state) throws InterruptedException {
    List<String> registered =
        serving.directory().all().stream().map(llm -> llm.profile().getId()).toList();
    RouterModel model = serving.model();
    if (registered.isEmpty()) {
      return;
    }
    if (model == null) {
      if (settings.training().coldStart()) {
        install(
            training(registered).cold(),
            null,
            null,
            "no model yet: a first one to explore with",
            state);
      }
      return;
    }
    List<String> missing = registered.stream().filter(llm -> !model.llms().contains(llm)).toList();
    if (!missing.isEmpty()) {
      extend(serving, model, missing, state);
    }
  }

  /**
   * Gives a model that was not trained on grades the cells that are due, unless it has them.
   *
   * @param model the one that serves
   * @param point the samples they are found in
   */
  void renewCells(
      ServingSnapshot serving, RouterModel model, TrainingPoint point, LearnerState state)
      throws InterruptedException {
    int first = settings.training().cellsAfter();
    if (FeedbackTraining.dueForCells(model, point.samples().size(), first)) {
      List<float[]> seen = point.samples().stream().map(GradedSample::embedding).toList();
      install(
          training(model.llms()).ungraded(seen, settings.training().seed()),
          model.version(),
          replacedBy(serving, model),
          "cells of " + seen.size() + " queries; what was graded stays",
          state);
    }
  }

  private void extend(
      ServingSnapshot serving, RouterModel model, List<String> missing, LearnerState state)
      throws InterruptedException {
    Rollout.Stage stage = serving.rollout().stage();
    if (stage != null) {
      events.reject(
          stage.version(),
          "it does not know " + missing + ", which came during its trial; the next candidate will",
          Map.of());
      return;
    }
    RouterModel extended = model;
    for (String llm : missing) {
      extended = ModelExtension.withUngraded(extended, llm);
    }
    install(
        extended,
        model.version(),
        replacedBy(serving, model),
        "adds " + missing + " at the mean of the others; nothing else changes",
        state);
  }

  /** What a model is watched against: its change of form must not end the watch over it. */
  private static @Nullable String replacedBy(ServingSnapshot serving, RouterModel model) {
    Rollout.Incumbent incumbent = serving.rollout().incumbent();
    return incumbent != null && incumbent.version().equals(model.version())
        ? incumbent.replaces()
        : null;
  }

  private void install(
      RouterModel model,
      @Nullable String parent,
      @Nullable String replaces,
      String reason,
      LearnerState state)
      throws InterruptedException {
    feed.announce(model, state);
    events.install(model, parent, replaces, reason);
  }
}
