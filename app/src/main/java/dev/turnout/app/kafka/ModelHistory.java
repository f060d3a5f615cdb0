package dev.turnout.app.kafka;

import dev.turnout.model.ModelFormatException;
import dev.turnout.model.RouterModel;
import dev.turnout.schema.ModelEvent;
import dev.turnout.schema.RouterModelRecord;
import dev.turnout.serde.AvroSerdes;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** What the models topic says, version by version, in the topic's order. */
public final class ModelHistory {

  /**
   * One event of a version's life after its upload.
   *
   * @param kind e.g. {@code PROMOTED}
   * @param replaces with PROMOTED, the version that a roll-back returns to; null without one
   * @param share with STAGED, share of the queries it serves; 0 is shadow; null otherwise
   * @param report figures behind the verdict
   */
  public record Verdict(
      ModelEvent kind,
      Instant at,
      @Nullable String replaces,
      @Nullable Double share,
      String reason,
      Map<String, String> report) {

    /** The verdict in words, e.g. {@code staged at 10 %}. */
    public String words() {
      String word = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      return share == null
          ? word
          : share == 0
              ? word + " in shadow"
              : word + String.format(Locale.ROOT, " at %.3g %%", 100 * share);
    }
  }

  /**
   * A version on trial.
   *
   * @param share share of the queries it serves; 0 is shadow
   */
  public record Trial(String version, double share) {}

  /**
   * One version.
   *
   * @param uploaded when the manifest was written; null when only chunks or verdicts are there
   * @param bytes size of the artefact
   */
  public record Version(
      String version,
      @Nullable Instant uploaded,
      long bytes,
      @Nullable String digest,
      @Nullable String encoder,
      @Nullable String parent,
      String reason,
      Map<String, String> report,
      List<Verdict> verdicts) {

    private static Version empty(String version) {
      return new Version(version, null, 0, null, null, null, "", Map.of(), List.of());
    }

    private Version withBytes(long kept) {
      return new Version(
          version, uploaded, kept, digest, encoder, parent, reason, report, verdicts);
    }

    private Version withManifest(RouterModelRecord manifest) {
      return new Version(
          version,
          manifest.getCreatedAt(),
          bytes,
          manifest.getDigest(),
          manifest.getEncoderId(),
          manifest.getParent(),
          manifest.getReason(),
          Map.copyOf(manifest.getReport()),
          verdicts);
    }

    private Version withVerdict(RouterModelRecord event) {
      List<Verdict> all = new ArrayList<>(verdicts);
      all.add(
          new Verdict(
              event.getKind(),
              event.getCreatedAt(),
              event.getKind() == ModelEvent.PROMOTED ? event.getParent() : null,
              event.getCanaryShare(),
              event.getReason(),
              Map.copyOf(event.getReport())));
      return new Version(
          version, uploaded, bytes, digest, encoder, parent, reason, report, List.copyOf(all));
    }

    /** Whether it can be put in charge: its artefact is on the topic. */
    public boolean complete() {
      return uploaded != null && bytes > 0;
    }

    /** The latest verdict in words, {@code uploaded} before the first. */
    public String status() {
      return verdicts.isEmpty() ? "uploaded" : verdicts.get(verdicts.size() - 1).words();
    }
  }

  private final Map<String, Version> versions = new LinkedHashMap<>();
  private final List<String> inCharge = new ArrayList<>();
  private @Nullable Trial trial;
  private final Map<String, SortedMap<Integer, ByteBuffer>> artefacts = new HashMap<>();

  /** Reads the models topic to its present end. */
  public static ModelHistory read(String topic, Map<String, Object> client, Map<String, ?> serde) {
    ModelHistory history = new ModelHistory();
    try (Deserializer<RouterModelRecord> deserializer =
        AvroSerdes.of(RouterModelRecord.class, serde).deserializer()) {
      CommittedReader.readAll(
          client,
          topic,
          record -> {
            if (record.value() != null) {
              history.apply(deserializer.deserialize(topic, record.value()));
            }
          });
    }
    return history;
  }

  void apply(RouterModelRecord event) {
    String name = event.getVersion();
    Version version = versions.getOrDefault(name, Version.empty(name));
    switch (event.getKind()) {
      case CHUNK -> {
        keep(name, event.getChunk(), event.getPayload());
        versions.put(name, version.withBytes(bytes(name)));
      }
      case MANIFEST -> versions.put(name, version.withManifest(event));
      case PROMOTED, ROLLED_BACK -> {
        inCharge.remove(name);
        inCharge.add(name);
        versions.put(name, version.withVerdict(event));
        if (event.getKind() == ModelEvent.ROLLED_BACK) {
          trial = null;
        }
        endTrial(name);
      }
      case REJECTED -> {
        versions.put(name, version.withVerdict(event));
        if (serving().filter(name::equals).isEmpty()) {
          inCharge.remove(name);
        }
        endTrial(name);
      }
      case STAGED -> {
        Double share = event.getCanaryShare();
        trial = new Trial(name, share == null ? 0 : share);
        versions.put(name, version.withVerdict(event));
      }
    }
  }

  private void endTrial(String version) {
    if (trial != null && trial.version().equals(version)) {
      trial = null;
    }
  }

  /** A version that is published again brings the same chunks again. */
  private void keep(String version, int index, @Nullable ByteBuffer chunk) {
    if (chunk != null) {
      artefacts.computeIfAbsent(version, any -> new TreeMap<>()).put(index, chunk.duplicate());
    }
  }

  private long bytes(String version) {
    return artefacts.getOrDefault(version, Collections.emptySortedMap()).values().stream()
        .mapToLong(ByteBuffer::remaining)
        .sum();
  }

  /**
   * Loads a version's artefact.
   *
   * @throws ModelFormatException if it is not there, not complete or corrupt
   */
  public RouterModel load(String version) {
    SortedMap<Integer, ByteBuffer> chunks = artefacts.get(version);
    if (chunks == null) {
      throw new ModelFormatException("model " + version + " has no artefact on the topic");
    }
    ByteBuffer whole = ByteBuffer.allocate(Math.toIntExact(bytes(version)));
    chunks.values().forEach(chunk -> whole.put(chunk.duplicate()));
    return RouterModel.fromBytes(whole.array());
  }

  /** All versions, oldest first. */
  public List<Version> versions() {
    return List.copyOf(versions.values());
  }

  public Optional<Version> find(String version) {
    return Optional.ofNullable(versions.get(version));
  }

  /** The version in charge. */
  public Optional<String> serving() {
    return inCharge.isEmpty() ? Optional.empty() : Optional.of(inCharge.get(inCharge.size() - 1));
  }

  /** The version on trial. */
  public Optional<Trial> trial() {
    return Optional.ofNullable(trial);
  }

  /** The version that was in charge before the present one and was not taken back since. */
  public Optional<String> previous() {
    return inCharge.size() < 2 ? Optional.empty() : Optional.of(inCharge.get(inCharge.size() - 2));
  }
}
