package dev.turnout.control.model;

import dev.turnout.control.model.Rollout.Incumbent;
import dev.turnout.control.model.Rollout.Stage;
import dev.turnout.control.model.Rollout.TrainedTo;
import dev.turnout.schema.ModelEvent;
import dev.turnout.schema.RouterModelRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The models topic folded into one state: which artefacts exist and which versions were promoted.
 * Replaying the same records gives the same ledger. Not safe for use by several threads.
 *
 * <p>A version serves only after PROMOTED; its parent is what an automatic roll-back returns to.
 * ROLLED_BACK names the version to return to. REJECTED takes a version that is not the incumbent
 * out of those to go back to. STAGED lets a version serve a share of the queries until it is
 * promoted, rejected, or anything is rolled back.
 */
final class ModelTopicState {
  /** Artefacts kept for a roll-back; older ones that nobody serves are forgotten. */
  static final int KEPT_ARTEFACTS = 16;

  private final Map<String, Artefact> artefacts = new LinkedHashMap<>();
  private final LinkedHashMap<String, Incumbent> promoted = new LinkedHashMap<>();
  private @Nullable Stage stage;
  private @Nullable TrainedTo trained;

  /** Takes in one record, in the topic's order. */
  void apply(RouterModelRecord record) {
    String version = record.getVersion();
    switch (record.getKind()) {
      case CHUNK -> artefact(version).addChunk(record.getChunk(), record.getPayload());
      case MANIFEST -> artefact(version).setManifest(record.getChunks(), record.getDigest());
      case PROMOTED -> promote(new Incumbent(version, record.getCreatedAt(), record.getParent()));
      case ROLLED_BACK -> rollBack(record);
      case REJECTED -> reject(version);
      case STAGED -> {
        Double share = record.getCanaryShare();
        stage =
            new Stage(
                version,
                share == null ? 0 : Math.max(0, Math.min(1, share)),
                record.getCreatedAt());
      }
    }
    noteTraining(record);
    forgetOldest();
  }

  private void rollBack(RouterModelRecord record) {
    stage = null;
    Incumbent present = incumbent();
    // the end of a trial leaves the incumbent, and the watch over it, as they are
    if (present == null || !present.version().equals(record.getVersion())) {
      promote(new Incumbent(record.getVersion(), record.getCreatedAt(), null));
    }
  }

  private void reject(String version) {
    Incumbent present = incumbent();
    if (present == null || !present.version().equals(version)) {
      promoted.remove(version);
    }
    endStage(version);
  }

  private void noteTraining(RouterModelRecord record) {
    String offset = record.getReport().get(TrainedTo.OFFSET);
    String at = record.getReport().get(TrainedTo.AT);
    if (offset == null || at == null || record.getKind() == ModelEvent.MANIFEST) {
      return;
    }
    try {
      TrainedTo said =
          new TrainedTo(Long.parseLong(offset), Instant.ofEpochMilli(Long.parseLong(at)));
      if (trained == null || said.offset() > trained.offset()) {
        trained = said;
      }
    } catch (NumberFormatException e) {
      // a report is free text to everyone but us; what we did not write says nothing
      return;
    }
  }

  /** Promoted versions, the latest first; the latest that can be loaded serves. */
  List<String> latestFirst() {
    List<String> versions = new ArrayList<>();
    for (String version : promoted.keySet()) {
      versions.add(0, version);
    }
    return versions;
  }

  /** Who decides, by what was read so far. */
  Rollout rollout() {
    return new Rollout(incumbent(), stage, trained);
  }

  private @Nullable Incumbent incumbent() {
    Incumbent latest = null;
    for (Incumbent each : promoted.values()) {
      latest = each;
    }
    return latest;
  }

  /** Size of what is kept of an artefact so far. */
  long bytes(String version) {
    Artefact artefact = artefacts.get(version);
    return artefact == null ? 0 : artefact.size();
  }

  /**
   * The artefact's bytes.
   *
   * @throws ModelRejectedException if it is unknown, incomplete or corrupt
   */
  byte[] assemble(String version) {
    Artefact artefact = artefacts.get(version);
    if (artefact == null) {
      throw new ModelRejectedException(
          "model "
              + version
              + " is not on the topic, or too old: the last "
              + KEPT_ARTEFACTS
              + " are kept; publish it again");
    }
    return artefact.assemble();
  }

  private Artefact artefact(String version) {
    return artefacts.computeIfAbsent(version, Artefact::new);
  }

  private void promote(Incumbent incumbent) {
    promoted.remove(incumbent.version());
    promoted.put(incumbent.version(), incumbent);
    endStage(incumbent.version());
  }

  private void endStage(String version) {
    if (stage != null && stage.version().equals(version)) {
      stage = null;
    }
  }

  private void forgetOldest() {
    Iterator<String> oldest = artefacts.keySet().iterator();
    Incumbent serving = incumbent();
    while (artefacts.size() > KEPT_ARTEFACTS && oldest.hasNext()) {
      String version = oldest.next();
      boolean needed =
          (serving != null
                  && (version.equals(serving.version()) || version.equals(serving.replaces())))
              || (stage != null && version.equals(stage.version()));
      if (!needed) {
        oldest.remove();
      }
    }
  }
}
