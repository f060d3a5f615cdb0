package dev.turnout.follow;

import dev.turnout.schema.RouterModelRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The models topic folded into one state: which artefacts exist and which versions were put in
 * charge. Replaying the same records gives the same ledger. Not safe for use by several threads.
 *
 * <p>A version serves only after PROMOTED. ROLLED_BACK names the version to return to. STAGED lets
 * a version serve a share of the queries until it is promoted, rejected, or anything is rolled
 * back.
 */
final class ModelLedger {
  /** Artefacts kept for a roll-back; older ones that nobody serves are forgotten. */
  static final int KEPT_ARTEFACTS = 16;

  private final Map<String, Artefact> artefacts = new LinkedHashMap<>();
  private final List<String> inCharge = new ArrayList<>();
  private @Nullable Stage stage;

  /**
   * A version on trial.
   *
   * @param version the staged version
   * @param share share of the queries, by hash of the id, that it serves: 0..1
   */
  record Stage(String version, double share) {}

  /** Takes in one record, in the topic's order. */
  void apply(RouterModelRecord record) {
    String version = record.getVersion();
    switch (record.getKind()) {
      case CHUNK -> artefact(version).addChunk(record.getChunk(), record.getPayload());
      case MANIFEST -> artefact(version).setManifest(record.getChunks(), record.getDigest());
      case PROMOTED -> putInCharge(version);
      case ROLLED_BACK -> {
        stage = null;
        putInCharge(version);
      }
      case REJECTED -> endStage(version);
      case STAGED -> {
        Double share = record.getCanaryShare();
        stage = new Stage(version, share == null ? 0 : Math.max(0, Math.min(1, share)));
      }
    }
    forgetOldest();
  }

  /** Versions put in charge, the latest first; the latest that can be loaded serves. */
  List<String> latestFirst() {
    List<String> versions = new ArrayList<>(inCharge);
    Collections.reverse(versions);
    return versions;
  }

  @Nullable Stage stage() {
    return stage;
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

  private void putInCharge(String version) {
    inCharge.remove(version);
    inCharge.add(version);
    endStage(version);
  }

  private void endStage(String version) {
    if (stage != null && stage.version().equals(version)) {
      stage = null;
    }
  }

  private void forgetOldest() {
    Iterator<String> oldest = artefacts.keySet().iterator();
    String serving = inCharge.isEmpty() ? "" : inCharge.get(inCharge.size() - 1);
    while (artefacts.size() > KEPT_ARTEFACTS && oldest.hasNext()) {
      String version = oldest.next();
      boolean needed =
          version.equals(serving) || (stage != null && version.equals(stage.version()));
      if (!needed) {
        oldest.remove();
      }
    }
  }
}
