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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The models topic folded into one state: which artefacts exist, and which versions may serve. The
 * only fold of that topic: routers, learners and commands all read it through this class.
 *
 * <p>The topic is one log. All events of all models share one partition ({@link ModelPublisher}),
 * so there is one order, and every reader that has read as far has the same state; that is the
 * whole of the agreement between routers. What the kinds mean:
 *
 * <ul>
 *   <li>CHUNK and MANIFEST bring an artefact. The chunks come first and the manifest last, so a
 *       reader that has the manifest has the artefact; its digest is checked when the chunks are
 *       put together, since chunks of two uploads of one version may lie between each other.
 *   <li>PROMOTED makes a version the incumbent; its parent is what an automatic roll-back returns
 *       to. ROLLED_BACK names the version to return to, and ends any trial.
 *   <li>REJECTED takes a version that is not the incumbent out of those to go back to: a version
 *       once taken back is never fallen back on, unless someone promotes it again.
 *   <li>STAGED lets a version serve a share of the queries until it is promoted, rejected, or
 *       anything is rolled back. There is one trial at a time; a later one ends it.
 * </ul>
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>The state is a function of the records alone, of no clock and no setting but how many
 *       artefacts are kept: replaying the log gives the same state, whoever does it and when.
 *   <li>The same event twice in a row is the event once, so a publisher that is not sure may send
 *       again.
 *   <li>An event may name a version whose artefact is not there. It changes who is named, not what
 *       is held: whether a version can be loaded is asked only when it is to serve, and a reader
 *       then takes the latest that can ({@link #latestFirst}).
 *   <li>The incumbent, the version it replaced and the one on trial keep their artefacts whatever
 *       comes after, so a roll-back never lacks what it returns to.
 * </ul>
 *
 * <p>The topic is compacted by version and part: an artefact's records have keys of their own, and
 * of a version's events the latest of each kind stays. Who serves and what is on trial is the same
 * before and after. What nobody can go back to is removed by tombstones ({@link #obsoleteKeys});
 * the readers have dropped it before, so a reader that comes later, and never sees it, has the same
 * state as they. One thing may be lost: where a roll-back to a version is repeated, the earlier one
 * goes, and a rejection between the two then finds the rejected version still the incumbent and
 * leaves it among those to go back to.
 *
 * <p>Confined to one thread.
 */
public final class ModelTopicState {
  /** Artefacts that one who serves keeps for a roll-back. */
  static final int KEPT_ARTEFACTS = 16;

  private final int kept;
  private final Map<String, Artefact> artefacts = new LinkedHashMap<>();
  private final LinkedHashMap<String, Incumbent> promoted = new LinkedHashMap<>();

  /** Of every version the keys on the topic, in the order in which the versions came last. */
  private final LinkedHashMap<String, Set<String>> keys = new LinkedHashMap<>();

  private @Nullable Stage stage;
  private @Nullable TrainedTo trained;
  private String trainedBy = "";

  /**
   * Before any record.
   *
   * @param kept artefacts that are held; of more, the oldest that could not serve next are dropped
   */
  public ModelTopicState(int kept) {
    this.kept = kept;
  }

  /** Takes in one record, in the topic's order. */
  public void apply(RouterModelRecord record) {
    String version = record.getVersion();
    Set<String> known = keys.remove(version);
    keys.put(version, known == null ? new LinkedHashSet<>() : known);
    keys.get(version).add(key(record));
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
    dropOldest();
  }

  /** Takes in a tombstone: a record that nobody needed any more is gone from the topic. */
  public void remove(String key) {
    String version = key.substring(0, Math.max(0, key.lastIndexOf('/')));
    Set<String> known = keys.get(version);
    if (known == null || needed(version)) {
      return;
    }
    known.remove(key);
    if (known.isEmpty()) {
      keys.remove(version);
      artefacts.remove(version);
      promoted.remove(version);
    }
  }

  /**
   * Keys of the records that nobody can go back to: of versions whose artefact every reader has
   * dropped, or that never had one, and that so many later versions have left behind.
   */
  public List<String> obsoleteKeys() {
    List<String> obsolete = new ArrayList<>();
    int older = keys.size() - kept;
    for (Map.Entry<String, Set<String>> version : keys.entrySet()) {
      if (older-- <= 0) {
        break;
      }
      if (!artefacts.containsKey(version.getKey()) && !needed(version.getKey())) {
        obsolete.addAll(version.getValue());
      }
    }
    return obsolete;
  }

  /** The key of a record: its version, and the chunk's number or the event's kind. */
  static String key(RouterModelRecord record) {
    String part =
        record.getKind() == ModelEvent.CHUNK
            ? Integer.toString(record.getChunk())
            : record.getKind().name();
    return record.getVersion() + "/" + part;
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
      TrainedTo judged =
          new TrainedTo(Long.parseLong(offset), Instant.ofEpochMilli(Long.parseLong(at)));
      if (trained == null || judged.offset() > trained.offset()) {
        trained = judged;
        trainedBy = record.getVersion();
      }
    } catch (NumberFormatException e) {
      // anyone may write a report; one whose numbers are none tells nothing of training
      return;
    }
  }

  /** Promoted versions, the latest first; the latest that can be loaded serves. */
  public List<String> latestFirst() {
    List<String> versions = new ArrayList<>();
    for (String version : promoted.keySet()) {
      versions.add(0, version);
    }
    return versions;
  }

  /** Who decides, by what was read so far. */
  public Rollout rollout() {
    return new Rollout(incumbent(), stage, trained);
  }

  private @Nullable Incumbent incumbent() {
    Incumbent latest = null;
    for (Incumbent each : promoted.values()) {
      latest = each;
    }
    return latest;
  }

  /** Whether there is any record of a version. */
  boolean knows(String version) {
    return keys.containsKey(version);
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
  public byte[] assemble(String version) {
    Artefact artefact = artefacts.get(version);
    if (artefact == null) {
      throw new ModelRejectedException(
          "model "
              + version
              + " is not on the topic, or too old: the last "
              + kept
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

  private void dropOldest() {
    Iterator<String> oldest = artefacts.keySet().iterator();
    while (artefacts.size() > kept && oldest.hasNext()) {
      if (!needed(oldest.next())) {
        oldest.remove();
      }
    }
  }

  /** Whether a version may still be asked for, or is the last that tells what was trained on. */
  private boolean needed(String version) {
    Incumbent serving = incumbent();
    return (serving != null
            && (version.equals(serving.version()) || version.equals(serving.replaces())))
        || (stage != null && version.equals(stage.version()))
        || version.equals(trainedBy);
  }
}
