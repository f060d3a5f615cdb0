package dev.turnout.control.model;

import dev.turnout.kafka.RecordSender;
import dev.turnout.math.Sha256;
import dev.turnout.model.RouterModel;
import dev.turnout.schema.ModelEvent;
import dev.turnout.schema.RouterModelRecord;
import dev.turnout.serde.AvroSerdes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes router models and verdicts on them: chunks first, then the manifest, so that a reader
 * who has seen the manifest has the whole artefact; a version serves only after {@link #promote}.
 * Every call returns after the broker has acknowledged. Safe for use by several threads.
 */
public final class ModelPublisher implements AutoCloseable {
  /** Well under the brokers' customary limit of 1 MB a record. */
  static final int CHUNK_BYTES = 800 * 1024;

  /** All events of all models share one partition, so that every router sees one order. */
  private static final int PARTITION = 0;

  private final String topic;
  private final RecordSender sender;
  private final Serializer<RouterModelRecord> serializer;
  private final Clock clock;

  /** With a given sender, which this publisher closes. */
  ModelPublisher(
      String topic, RecordSender sender, Serializer<RouterModelRecord> serializer, Clock clock) {
    this.topic = topic;
    this.sender = sender;
    this.serializer = serializer;
    this.clock = clock;
  }

  /**
   * Opens a publisher.
   *
   * @param topic the models topic
   * @param config Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serde
   */
  public static ModelPublisher open(String topic, Map<String, ?> config) {
    return new ModelPublisher(
        topic,
        RecordSender.open(config, Map.of(ProducerConfig.LINGER_MS_CONFIG, 0)),
        AvroSerdes.of(RouterModelRecord.class, config).serializer(),
        Clock.systemUTC());
  }

  /**
   * Uploads a model and promotes it.
   *
   * @param model the model; its report becomes the manifest's
   * @param parent version it was trained from or replaces; null without one
   * @param reason why it serves, in words
   */
  public void publish(RouterModel model, @Nullable String parent, String reason)
      throws InterruptedException {
    upload(model, parent, reason);
    promote(model.version(), reason);
  }

  /** Uploads a model that does not serve yet: chunks, then the manifest. */
  public void upload(RouterModel model, @Nullable String parent, String reason)
      throws InterruptedException {
    byte[] artefact = model.toBytes();
    int chunks = (artefact.length + CHUNK_BYTES - 1) / CHUNK_BYTES;
    for (int i = 0; i < chunks; i++) {
      int from = i * CHUNK_BYTES;
      int length = Math.min(CHUNK_BYTES, artefact.length - from);
      send(
          Integer.toString(i),
          event(model.version(), ModelEvent.CHUNK)
              .setChunk(i)
              .setChunks(chunks)
              .setPayload(ByteBuffer.wrap(artefact, from, length).slice())
              .build());
    }
    send(
        ModelEvent.MANIFEST.name(),
        event(model.version(), ModelEvent.MANIFEST)
            .setChunks(chunks)
            .setDigest(Sha256.hex(artefact))
            .setEncoderId(model.encoder().toString())
            .setParent(parent)
            .setReason(reason)
            .setReport(model.report())
            .build());
  }

  /** Makes an uploaded version the one that serves. */
  public void promote(String version, String reason) throws InterruptedException {
    promote(version, null, reason, Map.of());
  }

  /**
   * Makes an uploaded version serve in another's place.
   *
   * @param replaces the version to return to if the live reward drops; null when nothing is to be
   *     returned to
   * @param report estimates and figures behind it, for people and tools
   */
  public void promote(
      String version, @Nullable String replaces, String reason, Map<String, String> report)
      throws InterruptedException {
    send(
        ModelEvent.PROMOTED.name(),
        event(version, ModelEvent.PROMOTED)
            .setParent(replaces)
            .setReason(reason)
            .setReport(report)
            .build());
  }

  /** Refuses an uploaded version for good; ends its trial. */
  public void reject(String version, String reason, Map<String, String> report)
      throws InterruptedException {
    verdict(version, ModelEvent.REJECTED, reason, report);
  }

  /** Returns to an earlier version. */
  public void rollBack(String toVersion, String reason) throws InterruptedException {
    rollBack(toVersion, reason, Map.of());
  }

  /** Returns to an earlier version, or ends a trial in favour of the version that serves. */
  public void rollBack(String toVersion, String reason, Map<String, String> report)
      throws InterruptedException {
    verdict(toVersion, ModelEvent.ROLLED_BACK, reason, report);
  }

  /**
   * Puts an uploaded version on trial.
   *
   * @param share share of the queries, by hash of the id, that it serves; 0 is shadow
   * @param report estimates and figures behind it, for people and tools
   */
  public void stage(String version, double share, String reason, Map<String, String> report)
      throws InterruptedException {
    send(
        ModelEvent.STAGED.name(),
        event(version, ModelEvent.STAGED)
            .setCanaryShare(share)
            .setReason(reason)
            .setReport(report)
            .build());
  }

  private void verdict(String version, ModelEvent kind, String reason, Map<String, String> report)
      throws InterruptedException {
    send(kind.name(), event(version, kind).setReason(reason).setReport(report).build());
  }

  private RouterModelRecord.Builder event(String version, ModelEvent kind) {
    return RouterModelRecord.newBuilder()
        .setVersion(version)
        .setKind(kind)
        .setCreatedAt(clock.instant().truncatedTo(ChronoUnit.MILLIS));
  }

  private void send(String part, RouterModelRecord record) throws InterruptedException {
    byte[] key = (record.getVersion() + "/" + part).getBytes(StandardCharsets.UTF_8);
    RecordSender.await(
        sender.send(
            new ProducerRecord<>(topic, PARTITION, key, serializer.serialize(topic, record))),
        "model " + record.getVersion());
  }

  @Override
  public void close() {
    sender.close();
    serializer.close();
  }
}
