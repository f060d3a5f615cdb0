package dev.turnout.router.decide;

import dev.turnout.control.llm.LlmDirectory;
import dev.turnout.control.llm.RegisteredLlm;
import dev.turnout.control.model.ServingSnapshot;
import dev.turnout.model.LlmEmbedding;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import dev.turnout.model.Scores;
import dev.turnout.policy.Candidate;
import dev.turnout.schema.LlmProfile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lineup of LLMs that a query meets under one model and one directory, laid out once and used
 * for every query until either changes. First the model's LLMs in the model's order, then those the
 * model does not know. Holds a scorer, so it is confined to one thread.
 */
public final class CandidateTable {
  private final ServingSnapshot serving;
  private final @Nullable RouterModel model;
  private final @Nullable RouterScorer scorer;
  private final List<Entrant> entrants;

  /** What does not depend on the query. */
  private record Entrant(
      String llm,
      boolean scored,
      double overallSuccess,
      @Nullable LlmProfile profile,
      @Nullable String ineligibleReason) {}

  private CandidateTable(
      ServingSnapshot serving, @Nullable RouterModel model, List<Entrant> entrants) {
    this.serving = serving;
    this.model = model;
    this.scorer = model == null ? null : new RouterScorer(model);
    this.entrants = entrants;
  }

  static CandidateTable of(ServingSnapshot serving, @Nullable RouterModel model) {
    LlmDirectory directory = serving.directory();
    List<Entrant> entrants = new ArrayList<>();
    Set<String> scored = new HashSet<>();
    if (model != null) {
      for (LlmEmbedding embedding : model.embeddings()) {
        String llm = embedding.llm();
        scored.add(llm);
        RegisteredLlm registered = directory.find(llm);
        entrants.add(
            new Entrant(
                llm,
                true,
                embedding.overall(),
                registered == null ? null : registered.profile(),
                registered == null ? "not registered, or retired" : registered.ineligibleReason()));
      }
    }
    for (RegisteredLlm registered : directory.all()) {
      LlmProfile profile = registered.profile();
      if (!scored.contains(profile.getId())) {
        String reason = registered.ineligibleReason();
        if (reason == null && model != null) {
          reason = "model " + model.version() + " has no embedding for it";
        }
        entrants.add(new Entrant(profile.getId(), false, Double.NaN, profile, reason));
      }
    }
    return new CandidateTable(serving, model, List.copyOf(entrants));
  }

  @SuppressWarnings("ReferenceEquality") // every swap makes a new picture
  boolean isOf(ServingSnapshot current, @Nullable RouterModel currentModel) {
    return serving == current && model == currentModel;
  }

  @Nullable RouterModel model() {
    return model;
  }

  @SuppressWarnings("ReferenceEquality") // the very object, not its like
  boolean isOnTrial() {
    return model != null && model == serving.canary();
  }

  public boolean anyEligible() {
    for (Entrant entrant : entrants) {
      if (entrant.ineligibleReason() == null) {
        return true;
      }
    }
    return false;
  }

  /**
   * Scores a query; null without a model.
   *
   * @param embedding {@code float[encoder dimension]}
   */
  @Nullable Scores score(float[] embedding) {
    return scorer == null ? null : scorer.score(embedding);
  }

  /**
   * Lines up the candidates.
   *
   * @param scores of this query; null when it could not be scored, which leaves overall success
   * @param promptTokens estimated length of the query
   */
  List<Candidate> candidates(@Nullable Scores scores, double promptTokens) {
    List<Candidate> candidates = new ArrayList<>(entrants.size());
    for (int i = 0; i < entrants.size(); i++) {
      Entrant entrant = entrants.get(i);
      double score = 0;
      double probability = 0;
      double success = orZero(entrant.overallSuccess());
      if (entrant.scored() && scores != null) {
        score = scores.cosine()[i];
        probability = scores.probability()[i];
        success = scores.predictedSuccess()[i];
      }
      candidates.add(
          new Candidate(
              entrant.llm(),
              score,
              probability,
              success,
              0,
              entrant.overallSuccess(),
              ExpectedCost.usd(entrant.profile(), promptTokens),
              ExpectedCost.latencyMillis(entrant.profile()),
              reason(entrant, promptTokens)));
    }
    return candidates;
  }

  /** Request topic of an eligible candidate. */
  String topic(int candidate) {
    LlmProfile profile = entrants.get(candidate).profile();
    if (profile == null) {
      throw new IllegalStateException(
          "LLM " + entrants.get(candidate).llm() + " was chosen although it is not registered");
    }
    return profile.getTopic();
  }

  private static @Nullable String reason(Entrant entrant, double promptTokens) {
    LlmProfile profile = entrant.profile();
    if (entrant.ineligibleReason() != null || profile == null) {
      return entrant.ineligibleReason();
    }
    Long window = profile.getContextWindow();
    return window != null && promptTokens > window
        ? "about " + (long) promptTokens + " tokens do not fit its context window of " + window
        : null;
  }

  private static double orZero(double value) {
    return Double.isNaN(value) ? 0 : value;
  }
}
