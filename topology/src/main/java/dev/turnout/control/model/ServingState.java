package dev.turnout.control.model;

import dev.turnout.control.llm.LlmDirectory;
import dev.turnout.control.llm.RegisteredLlm;
import dev.turnout.model.LlmEmbedding;
import dev.turnout.model.RouterModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where followers put what they learn and stream threads look. Readers see a
 * consistent {@link ServingSnapshot} and never wait; a swap is one reference.
 */
public final class ServingState {
  private static final Logger log = LoggerFactory.getLogger(ServingState.class);

  private volatile ServingSnapshot serving = ServingSnapshot.nothing();
  private @Nullable RouterModel published;
  private @Nullable RouterModel staged;
  private Rollout rollout = Rollout.nothing();
  private LlmDirectory directory = LlmDirectory.empty();

  /** The current picture. */
  public ServingSnapshot serving() {
    return serving;
  }

  /**
   * Swaps the models.
   *
   * @param model the promoted one, already checked and warmed
   * @param canary the staged one, already checked and warmed
   * @param events what the models topic says of them
   */
  public synchronized void serve(
      @Nullable RouterModel model, @Nullable RouterModel canary, Rollout events) {
    published = model;
    staged = canary;
    rollout = events;
    compose();
  }

  /** Swaps the directory. */
  public synchronized void know(LlmDirectory llms) {
    directory = llms;
    compose();
  }

  private void compose() {
    serving =
        new ServingSnapshot(withOnboarded(published), withOnboarded(staged), rollout, directory);
  }

  private @Nullable RouterModel withOnboarded(@Nullable RouterModel model) {
    if (model == null) {
      return null;
    }
    RouterModel extended = model;
    for (RegisteredLlm llm : directory.all()) {
      ByteBuffer packed = llm.profile().getEmbedding();
      if (packed != null
          && !model.llms().contains(llm.profile().getId())
          && model.version().equals(llm.profile().getEmbeddingModelVersion())) {
        extended = place(extended, llm.profile().getId(), packed);
      }
    }
    return extended;
  }

  private static RouterModel place(RouterModel model, String llm, ByteBuffer packed) {
    ByteBuffer bytes = packed.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.remaining() != Float.BYTES * model.projectedDimension()) {
      log.warn(
          "the profile of LLM {} holds an embedding of {} bytes, model {} needs {}; it gets no"
              + " traffic until it is onboarded again",
          llm,
          bytes.remaining(),
          model.version(),
          Float.BYTES * model.projectedDimension());
      return model;
    }
    float[] vector = new float[model.projectedDimension()];
    bytes.asFloatBuffer().get(vector);
    List<LlmEmbedding> known = model.embeddings();
    return model.withLlm(
        new LlmEmbedding(
            llm,
            vector,
            known.stream().mapToDouble(LlmEmbedding::slope).average().orElse(1),
            known.stream().mapToDouble(LlmEmbedding::intercept).average().orElse(0),
            known.stream().mapToDouble(LlmEmbedding::ease).average().orElse(0),
            Double.NaN));
  }
}
