package dev.turnout.console.state;

import dev.turnout.control.model.ModelVersion;
import dev.turnout.control.model.Rollout;
import java.util.List;
import java.util.Optional;

/**
 * What the models topic says.
 *
 * @param versions oldest first
 * @param serving the version in charge
 * @param trial the version on trial
 * @param previous the version that was in charge before
 */
public record ModelsSeen(
    List<ModelVersion> versions,
    Optional<String> serving,
    Optional<Rollout.Stage> trial,
    Optional<String> previous) {

  /** Before anything was read. */
  public static final ModelsSeen NONE =
      new ModelsSeen(List.of(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Freezes the list. */
  public ModelsSeen {
    versions = List.copyOf(versions);
  }

  /** A version by its name. */
  public Optional<ModelVersion> find(String version) {
    return versions.stream().filter(each -> each.version().equals(version)).findFirst();
  }
}
