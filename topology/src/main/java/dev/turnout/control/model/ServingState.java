package dev.turnout.control.model;

import dev.turnout.control.llm.LlmDirectory;
import dev.turnout.control.llm.RegisteredLlm;
import dev.turnout.model.LlmEmbedding;
import dev.turnout.model.RouterModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where followers put what they learn and stream threads look. Readers see a
 * consistent {@link ServingSnapshot} and never wait; a swap is one reference.
 */
public final class ServingState {
  private static final Logger LOG = LoggerFactory.getLogger(ServingState.class);

  private volatile ServingSnapshot serving = ServingSnapshot.nothing();
  private volatile Map<String, String> problems = Map.of();
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

  /** What of the profiles has no effect, in words, by LLM. */
  public Map<String, String> problems() {
    return problems;
  }

  private void compose() {
    Map<String, String> found = new TreeMap<>();
    serving =
        new ServingSnapshot(
            withOnboarded(published, found), withOnboarded(staged, found), rollout, directory);
    found.forEach(
        (llm, problem) -> {
          if (!problem.equals(problems.get(llm))) {
            LOG.atWarn()
                .setMessage("the LLM gets no traffic until it is onboarded again")
                .addKeyValue("llm", llm)
                .addKeyValue("problem", problem)
                .log();
          }
        });
    problems = Map.copyOf(found);
  }

  private @Nullable RouterModel withOnboarded(
      @Nullable RouterModel model, Map<String, String> found) {
    if (model == null) {
      return null;
    }
    RouterModel extended = model;
    for (RegisteredLlm llm : directory.all()) {
      String id = llm.profile().getId();
      ByteBuffer packed = llm.profile().getEmbedding();
      if (packed != null
          && !model.llms().contains(id)
          && model.version().equals(llm.profile().getEmbeddingModelVersion())) {
        try {
          extended = place(extended, id, packed);
        } catch (RuntimeException e) {
          // one bad profile must cost neither the model nor the other LLMs
          found.put(id, "its embedding does not fit model " + model.version() + ": " + text(e));
        }
      }
    }
    return extended;
  }

  private static String text(RuntimeException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private static RouterModel place(RouterModel model, String llm, ByteBuffer packed) {
    ByteBuffer bytes = packed.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int wanted = Float.BYTES * model.projectedDimension();
    if (bytes.remaining() != wanted) {
      throw new IllegalArgumentException(
          "it has " + bytes.remaining() + " bytes, " + wanted + " are needed");
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
