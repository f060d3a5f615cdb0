package dev.turnout.control.model;

import dev.turnout.schema.ModelEvent;
import dev.turnout.schema.RouterModelRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the models topic says of one version.
 *
 * @param uploaded when the manifest was written; null when only chunks or status changes are there
 * @param bytes size of the artefact
 * @param changes what became of it since, oldest first
 */
public record ModelVersion(
    String version,
    @Nullable Instant uploaded,
    long bytes,
    @Nullable String digest,
    @Nullable String encoder,
    @Nullable String parent,
    String reason,
    Map<String, String> report,
    List<StatusChange> changes) {

  /**
   * One event of a version's life after its upload.
   *
   * @param kind e.g. {@code PROMOTED}
   * @param replaces with PROMOTED, the version that a roll-back returns to; null without one
   * @param share with STAGED, share of the queries it serves; 0 is shadow; null otherwise
   * @param report figures behind the change
   */
  public record StatusChange(
      ModelEvent kind,
      Instant at,
      @Nullable String replaces,
      @Nullable Double share,
      String reason,
      Map<String, String> report) {

    /** The change in words, e.g. {@code staged at 10 %}. */
    public String words() {
      String word = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      return share == null
          ? word
          : share == 0
              ? word + " in shadow"
              : word + String.format(Locale.ROOT, " at %.3g %%", 100 * share);
    }
  }

  public ModelVersion {
    report = Map.copyOf(report);
    changes = List.copyOf(changes);
  }

  static ModelVersion named(String version) {
    return new ModelVersion(version, null, 0, null, null, null, "", Map.of(), List.of());
  }

  ModelVersion withBytes(long kept) {
    return new ModelVersion(
        version, uploaded, kept, digest, encoder, parent, reason, report, changes);
  }

  ModelVersion withManifest(RouterModelRecord manifest) {
    return new ModelVersion(
        version,
        manifest.getCreatedAt(),
        bytes,
        manifest.getDigest(),
        manifest.getEncoderId(),
        manifest.getParent(),
        manifest.getReason(),
        manifest.getReport(),
        changes);
  }

  ModelVersion withChange(RouterModelRecord event) {
    List<StatusChange> all = new ArrayList<>(changes);
    all.add(
        new StatusChange(
            event.getKind(),
            event.getCreatedAt(),
            event.getKind() == ModelEvent.PROMOTED ? event.getParent() : null,
            event.getCanaryShare(),
            event.getReason(),
            Map.copyOf(event.getReport())));
    return new ModelVersion(version, uploaded, bytes, digest, encoder, parent, reason, report, all);
  }

  /** Whether it can be put in charge: its artefact is on the topic. */
  public boolean complete() {
    return uploaded != null && bytes > 0;
  }

  /** The latest change in words, {@code uploaded} before the first. */
  public String status() {
    return changes.isEmpty() ? "uploaded" : changes.get(changes.size() - 1).words();
  }
}
