package dev.turnout.control.model;

import dev.turnout.availability.Unavailable;
import dev.turnout.control.llm.LlmDirectory;
import dev.turnout.control.llm.RegisteredLlm;
import dev.turnout.model.RouterModel;
import dev.turnout.topic.LogText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where followers put models and LLMs, and where stream threads read them.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>A reader sees one {@link ServingSnapshot}: models, roll-out and directory that were
 *       composed together. The snapshot is immutable and published by one volatile write, which
 *       orders all that was written before it ahead of any read that sees it (Java Language
 *       Specification, 17.4.5). So a query is decided by one state from beginning to end, if the
 *       caller reads {@link #serving} once for it.
 *   <li>Readers take no lock and never wait. Writers are few, one follower each for the models, the
 *       LLMs and their availability; they exclude each other by this object's monitor, because each
 *       composes a snapshot from what all have set.
 *   <li>A reader sees all of a write or nothing of it: composing may throw only before the volatile
 *       write. A follower whose write failed tries it again.
 *   <li>No profile can take a model out of service. An LLM whose embedding does not fit is reported
 *       in {@link #problems} and gets no traffic; the model and the other LLMs go on.
 * </ul>
 *
 * <p>The concurrency test {@code ServingSwapStress} looks for torn reads.
 */
public final class ServingState {
  private static final Logger LOG = LoggerFactory.getLogger(ServingState.class);

  private volatile ServingSnapshot serving = ServingSnapshot.nothing();
  private volatile Map<String, String> problems = Map.of();
  private volatile List<String> obsoleteRecords = List.of();
  private @Nullable RouterModel published;
  private @Nullable RouterModel staged;
  private Rollout rollout = Rollout.nothing();
  private LlmDirectory directory = LlmDirectory.empty();
  private Map<String, Unavailable> unavailable = Map.of();

  /** The current snapshot; read it once for each query. */
  public ServingSnapshot serving() {
    return serving;
  }

  /**
   * Swaps the models.
   *
   * @param model the promoted one, already checked and warmed
   * @param canary the staged one, already checked and warmed
   * @param events both by the events of the models topic
   */
  public synchronized void serve(
      @Nullable RouterModel model, @Nullable RouterModel canary, Rollout events) {
    published = model;
    staged = canary;
    rollout = events;
    compose();
  }

  /** Swaps the directory. */
  public synchronized void replaceDirectory(LlmDirectory llms) {
    directory = llms;
    compose();
  }

  /** Swaps what is known of the LLMs that cannot answer at present, by id. */
  public synchronized void replaceUnavailable(Map<String, Unavailable> llms) {
    unavailable = Map.copyOf(llms);
    // the models stay the very objects that they are, so that their scorers can stay too
    serving =
        new ServingSnapshot(
            serving.model(), serving.canary(), serving.rollout(), directory.with(unavailable));
  }

  /** Keys of the records of the models topic that nobody can go back to. */
  public List<String> obsoleteRecords() {
    return obsoleteRecords;
  }

  /** Sets {@link #obsoleteRecords}. */
  void obsoleteRecords(List<String> keys) {
    obsoleteRecords = List.copyOf(keys);
  }

  /** What is wrong with the profiles of LLMs that get no traffic, in words, by LLM. */
  public Map<String, String> problems() {
    return problems;
  }

  private void compose() {
    Map<String, String> found = new TreeMap<>();
    serving =
        new ServingSnapshot(
            withOnboarded(published, found),
            withOnboarded(staged, found),
            rollout,
            directory.with(unavailable));
    found.forEach(
        (llm, problem) -> {
          if (!problem.equals(problems.get(llm))) {
            LOG.atWarn()
                .setMessage("the LLM gets no traffic until it is onboarded again")
                .addKeyValue("llm", LogText.of(llm))
                .addKeyValue("problem", LogText.of(problem))
                .log();
          }
        });
    problems = Map.copyOf(found);
  }

  /** Places LLMs that were onboarded for this very version and that it does not know itself. */
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
          // one invalid profile must take neither the model nor the other LLMs out of service
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
    return LlmPlacement.at(model, llm, vector);
  }
}
