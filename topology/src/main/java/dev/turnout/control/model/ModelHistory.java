package dev.turnout.control.model;

import dev.turnout.model.ModelFormatException;
import dev.turnout.model.RouterModel;
import dev.turnout.schema.RouterModelRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the models topic says, version by version, in the topic's order, for those who ask about
 * models. Who serves comes from the very fold by which routers decide, {@link ModelTopicState}.
 */
public final class ModelHistory {
  private final ModelTopicState state;
  private final Map<String, ModelVersion> versions = new LinkedHashMap<>();

  /** Keeps all artefacts, for who asks once. */
  public ModelHistory() {
    this(Integer.MAX_VALUE);
  }

  /**
   * For who follows the topic for long.
   *
   * @param kept artefacts that are held, as for {@link ModelTopicState#ModelTopicState}
   */
  public ModelHistory(int kept) {
    this.state = new ModelTopicState(kept);
  }

  /** Takes in one record, in the topic's order. */
  public void apply(RouterModelRecord event) {
    state.apply(event);
    String name = event.getVersion();
    ModelVersion version = versions.getOrDefault(name, ModelVersion.named(name));
    versions.put(
        name,
        switch (event.getKind()) {
          case CHUNK -> version.withBytes(state.bytes(name));
          case MANIFEST -> version.withManifest(event);
          case PROMOTED, ROLLED_BACK, REJECTED, STAGED -> version.withChange(event);
        });
  }

  /** Takes in a tombstone; of a version without records nothing stays. */
  public void remove(String key) {
    state.remove(key);
    versions.keySet().removeIf(version -> key.startsWith(version + "/") && !state.knows(version));
  }

  /**
   * Loads a version's artefact.
   *
   * @throws ModelRejectedException if it is not there, not complete or corrupt
   * @throws ModelFormatException if it is no model
   */
  public RouterModel load(String version) {
    return RouterModel.fromBytes(state.assemble(version));
  }

  /** All versions, oldest first. */
  public List<ModelVersion> versions() {
    return List.copyOf(versions.values());
  }

  public Optional<ModelVersion> find(String version) {
    return Optional.ofNullable(versions.get(version));
  }

  /** The version in charge. */
  public Optional<String> serving() {
    return state.latestFirst().stream().findFirst();
  }

  /** The version on trial. */
  public Optional<Rollout.Stage> trial() {
    return Optional.ofNullable(state.rollout().stage());
  }

  /** The version that was in charge before the present one and was not taken back since. */
  public Optional<String> previous() {
    return state.latestFirst().stream().skip(1).findFirst();
  }
}
