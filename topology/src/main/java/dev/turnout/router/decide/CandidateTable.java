package dev.turnout.router.decide;

import dev.turnout.control.belief.CandidateRefiner.AnswerLength;
import dev.turnout.control.llm.LlmDirectory;
import dev.turnout.control.llm.RegisteredLlm;
import dev.turnout.control.model.ServingSnapshot;
import dev.turnout.encoder.surface.QuerySurface;
import dev.turnout.model.LlmEmbedding;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import dev.turnout.model.Scores;
import dev.turnout.model.SuccessPromise;
import dev.turnout.model.cost.CellAmounts;
import dev.turnout.model.cost.CostHead;
import dev.turnout.policy.Candidate;
import dev.turnout.policy.limit.Demand;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.Priority;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The LLMs that a query may go to under one model and one directory, laid out once and used for
 * every query until either changes. First the model's LLMs in the model's order, then those the
 * model does not know. Holds a scorer, so it is confined to one thread.
 */
final class CandidateTable {
  private final ServingSnapshot serving;
  private final @Nullable RouterModel model;
  private final @Nullable RouterScorer scorer;
  private final List<CandidateRow> rows;
  private @Nullable CandidateTable asIfAvailable;

  private CandidateTable(
      ServingSnapshot serving,
      @Nullable RouterModel model,
      @Nullable RouterScorer scorer,
      List<CandidateRow> rows) {
    this.serving = serving;
    this.model = model;
    this.scorer = scorer;
    this.rows = rows;
  }

  /** Before anything is known. */
  static CandidateTable nothing() {
    return new CandidateTable(ServingSnapshot.nothing(), null, null, List.of());
  }

  /** The table that follows this one; the same model keeps its scorer, which is dear to make. */
  @SuppressWarnings("ReferenceEquality") // the very object, not its like
  CandidateTable next(ServingSnapshot current, @Nullable RouterModel currentModel) {
    RouterScorer next =
        currentModel == null
            ? null
            : currentModel == model && scorer != null ? scorer : new RouterScorer(currentModel);
    return new CandidateTable(current, currentModel, next, rows(current, currentModel));
  }

  private static List<CandidateRow> rows(ServingSnapshot serving, @Nullable RouterModel model) {
    LlmDirectory directory = serving.directory();
    List<CandidateRow> rows = new ArrayList<>();
    Set<String> scored = new HashSet<>();
    if (model != null) {
      for (LlmEmbedding embedding : model.embeddings()) {
        String llm = embedding.llm();
        scored.add(llm);
        RegisteredLlm registered = directory.find(llm);
        rows.add(
            CandidateRow.of(
                llm,
                true,
                embedding.overall(),
                registered,
                registered == null ? "not registered, or retired" : registered.standingReason()));
      }
    }
    for (RegisteredLlm registered : directory.all()) {
      LlmProfile profile = registered.profile();
      if (!scored.contains(profile.getId())) {
        String reason = registered.standingReason();
        if (reason == null && model != null) {
          reason = "model " + model.version() + " has no embedding for it";
        }
        rows.add(CandidateRow.of(profile.getId(), false, Double.NaN, registered, reason));
      }
    }
    return List.copyOf(rows);
  }

  @SuppressWarnings("ReferenceEquality") // every swap makes a new snapshot
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

  boolean anyEligible() {
    for (CandidateRow row : rows) {
      if (row.eligible()) {
        return true;
      }
    }
    return false;
  }

  /** The LLMs that would be eligible were they available, with why they are not. */
  List<String> unavailable() {
    return rows.stream()
        .filter(row -> row.ineligibleReason() == null && row.unavailable() != null)
        .map(row -> row.llm() + ": " + row.unavailable())
        .toList();
  }

  /** Why an LLM that would be eligible is not available; null when it is. */
  @Nullable String unavailable(String llm) {
    for (CandidateRow row : rows) {
      if (row.llm().equals(llm)) {
        return row.ineligibleReason() == null ? row.unavailable() : null;
      }
    }
    return null;
  }

  /** The same LLMs with all of them available; this very table when they are. */
  CandidateTable asIfAvailable() {
    if (asIfAvailable == null) {
      asIfAvailable =
          unavailable().isEmpty()
              ? this
              : new CandidateTable(
                  serving, model, scorer, rows.stream().map(CandidateRow::asIfAvailable).toList());
    }
    return asIfAvailable;
  }

  /**
   * Scores a query; null without a model.
   *
   * @param embedding {@code float[encoder dimension]}
   * @param text that was encoded, for the guard; null when unknown
   * @param surface of its text, for models with a success head
   */
  @Nullable Scores score(float[] embedding, @Nullable String text, @Nullable QuerySurface surface) {
    return scorer == null ? null : scorer.score(embedding, text, surface);
  }

  /**
   * Whether a candidate is sure enough to be right at a rate: by what its model alone predicts,
   * since that is what the thresholds were set on, and never far from the training data, where they
   * say nothing.
   */
  boolean isSure(int candidate, Scores scores, double rate) {
    SuccessPromise promise = model == null ? null : model.calibration().promise();
    return promise != null
        && rows.get(candidate).scored()
        && !scores.outOfDistribution()
        && promise.isKept(candidate, rate, scores.predictedSuccess()[candidate]);
  }

  /**
   * The rows as candidates for one query, in the table's order.
   *
   * @param scores of this query; null when it could not be scored, which leaves overall success
   * @param learnt what was learnt of the LLMs' answers to such queries since the model was trained
   */
  List<Candidate> candidates(@Nullable Scores scores, Demand demand, AnswerLength learnt) {
    List<Candidate> candidates = new ArrayList<>(rows.size());
    CostHead costs = model == null ? null : model.costs();
    CellAmounts lengths = costs == null ? null : costs.outputTokens();
    for (int i = 0; i < rows.size(); i++) {
      CandidateRow row = rows.get(i);
      double score = 0;
      double probability = 0;
      double success = Double.isNaN(row.overallSuccess()) ? 0 : row.overallSuccess();
      // Scored rows come first and in the model's order, so the row's place is the score's.
      if (row.scored() && scores != null) {
        score = scores.cosine()[i];
        probability = scores.probability()[i];
        success = scores.predictedSuccess()[i];
      }
      double length = row.usualOutputTokens();
      double known = 0;
      if (row.scored() && scores != null && lengths != null) {
        known = lengths.answers(i);
        length = CellAmounts.updated(length, 0, scores.outputTokens()[i], known);
      }
      double outputTokens = demand.outputTokens(learnt.tokens(row.llm(), length, known));
      candidates.add(
          new Candidate(
              row.llm(),
              score,
              probability,
              success,
              0,
              row.overallSuccess(),
              row.costUsd(demand, outputTokens),
              row.latencyMillis(),
              row.ineligibleReason(demand, outputTokens)));
    }
    return candidates;
  }

  /**
   * The candidates with the costs that the model expects of those of which neither prices nor
   * feedback tell.
   */
  List<Candidate> withModelCosts(List<Candidate> candidates, Scores scores) {
    if (model == null || model.costs() == null) {
      return candidates;
    }
    List<Candidate> costed = new ArrayList<>(candidates.size());
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      costed.add(
          rows.get(i).scored() && Double.isNaN(candidate.expectedCostUsd())
              ? candidate.withCost(scores.costUsd()[i])
              : candidate);
    }
    return costed;
  }

  /** Context window of a candidate in tokens; infinite when it is not known. */
  double window(int candidate) {
    LlmProfile profile = rows.get(candidate).profile();
    Long window = profile == null ? null : profile.getContextWindow();
    return window == null ? Double.POSITIVE_INFINITY : window;
  }

  /** Position of an LLM; -1 when there is none of this id. */
  int position(String llm) {
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).llm().equals(llm)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * What each LLM's reading of a conversation costs more than that of the LLM that answered last
   * and may have it in its cache.
   *
   * @param previous position of that LLM
   * @return USD in the table's order; NaN where a price is unknown
   */
  double[] switchCostUsd(int previous, double prefixTokens) {
    double cached = rows.get(previous).cachedPrice();
    double[] usd = new double[rows.size()];
    for (int i = 0; i < usd.length; i++) {
      usd[i] = i == previous ? 0 : prefixTokens * (rows.get(i).price() - cached) / 1e6;
    }
    return usd;
  }

  /** Request topic of an eligible candidate. */
  String topic(int candidate, Priority priority) {
    CandidateRow row = rows.get(candidate);
    RegisteredLlm registered = serving.directory().find(row.llm());
    if (registered == null) {
      throw new IllegalStateException(
          "LLM " + row.llm() + " was chosen although it is not registered");
    }
    return registered.topic(priority);
  }
}
