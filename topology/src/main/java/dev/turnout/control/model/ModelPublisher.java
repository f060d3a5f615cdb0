package dev.turnout.control.model;

import dev.turnout.kafka.RecordSender;
import dev.turnout.kafka.TransactionalSender;
import dev.turnout.math.Sha256;
import dev.turnout.model.CellBank;
import dev.turnout.model.RouterModel;
import dev.turnout.schema.ModelEvent;
import dev.turnout.schema.RouterModelRecord;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.FieldLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes router models and verdicts on them: chunks first, then the manifest, so that a reader
 * who has seen the manifest has the whole artefact; a version serves only after it was promoted.
 * Every call returns after the broker has acknowledged.
 *
 * <p>A publisher for people and tools ({@link #open}) writes record after record. The learner's
 * ({@link #inTransactions}) writes what a call says in one transaction: a version is never there
 * without its verdict, nor half a roll-back, wherever the learner dies; and a learner that has been
 * succeeded can write nothing more ({@link TransactionalSender}).
 */
public final class ModelPublisher implements AutoCloseable {
  static final int CHUNK_BYTES = FieldLimits.MODEL_CHUNK;

  /** All events of all models share one partition, so that every router sees one order. */
  private static final int PARTITION = 0;

  private final String topic;
  private final Sink sink;
  private final Serializer<RouterModelRecord> serializer;
  private final Clock clock;

  /** Where the records of one call go. */
  private interface Sink extends AutoCloseable {
    void send(List<ProducerRecord<byte[], byte[]>> records, String what)
        throws InterruptedException;

    @Override
    void close();
  }

  private ModelPublisher(
      String topic, Sink sink, Serializer<RouterModelRecord> serializer, Clock clock) {
    this.topic = topic;
    this.sink = sink;
    this.serializer = serializer;
    this.clock = clock;
  }

  /**
   * Opens a publisher; safe for use by several threads.
   *
   * @param topic the models topic
   * @param config Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serde
   */
  public static ModelPublisher open(String topic, Map<String, ?> config) {
    return new ModelPublisher(
        topic,
        new OneByOne(RecordSender.open(config, Map.of(ProducerConfig.LINGER_MS_CONFIG, 0))),
        AvroSerdes.of(RouterModelRecord.class, config).serializer(),
        Clock.systemUTC());
  }

  /**
   * A publisher whose calls are transactions; confined to one thread.
   *
   * @param sender closed with the publisher; whoever publishes has taken over before
   * @param config settings of the Avro serde
   */
  public static ModelPublisher inTransactions(
      String topic, TransactionalSender sender, Map<String, ?> config, Clock clock) {
    return new ModelPublisher(
        topic,
        new Transactions(sender),
        AvroSerdes.of(RouterModelRecord.class, config).serializer(),
        clock);
  }

  private record OneByOne(RecordSender sender) implements Sink {
    @Override
    public void send(List<ProducerRecord<byte[], byte[]>> records, String what)
        throws InterruptedException {
      for (ProducerRecord<byte[], byte[]> record : records) {
        RecordSender.await(sender.send(record), what);
      }
    }

    @Override
    public void close() {
      sender.close();
    }
  }

  private record Transactions(TransactionalSender sender) implements Sink {
    @Override
    public void send(List<ProducerRecord<byte[], byte[]>> records, String what) {
      sender.send(records);
    }

    @Override
    public void close() {
      sender.close();
    }
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
    publish(model, parent, null, reason, Map.of());
  }

  /**
   * Uploads a model and promotes it.
   *
   * @param replaces as for {@link #promote(String, String, String, Map)}
   * @param report of the promotion; the manifest has the model's
   */
  public void publish(
      RouterModel model,
      @Nullable String parent,
      @Nullable String replaces,
      String reason,
      Map<String, String> report)
      throws InterruptedException {
    List<RouterModelRecord> records = artefact(model, parent, reason);
    records.add(promotion(model.version(), replaces, reason, report));
    send(records);
  }

  /** Uploads a model and puts it on trial; as {@link #upload}, then {@link #stage}. */
  public void publishStaged(
      RouterModel model,
      @Nullable String parent,
      double share,
      String reason,
      Map<String, String> report)
      throws InterruptedException {
    List<RouterModelRecord> records = artefact(model, parent, reason);
    records.add(trial(model.version(), share, reason, report));
    send(records);
  }

  /**
   * Uploads a model that does not serve yet: chunks, then the manifest.
   *
   * @throws IllegalArgumentException if it knows more LLMs, cells or dimensions than decisions and
   *     posteriors have room for
   */
  public void upload(RouterModel model, @Nullable String parent, String reason)
      throws InterruptedException {
    send(artefact(model, parent, reason));
  }

  private List<RouterModelRecord> artefact(
      RouterModel model, @Nullable String parent, String reason) {
    requireAtMost(FieldLimits.LLMS, model.llms().size(), "LLMs", model);
    requireAtMost(FieldLimits.DIMENSIONS, model.encoder().dimension(), "dimensions", model);
    int cells = model.features().banks().stream().mapToInt(CellBank::cells).sum();
    // a model has clusterings of several sizes; posteriors have room for so many of these together
    requireAtMost(
        FieldLimits.LLMS * FieldLimits.CELLS,
        cells * model.llms().size(),
        "pairs of a cell and an LLM",
        model);
    List<RouterModelRecord> records = new ArrayList<>();
    byte[] artefact = model.toBytes();
    int chunks = (artefact.length + CHUNK_BYTES - 1) / CHUNK_BYTES;
    for (int i = 0; i < chunks; i++) {
      int from = i * CHUNK_BYTES;
      int length = Math.min(CHUNK_BYTES, artefact.length - from);
      records.add(
          event(model.version(), ModelEvent.CHUNK)
              .setChunk(i)
              .setChunks(chunks)
              .setPayload(ByteBuffer.wrap(artefact, from, length).slice())
              .build());
    }
    records.add(
        event(model.version(), ModelEvent.MANIFEST)
            .setChunks(chunks)
            .setDigest(Sha256.hex(artefact))
            .setEncoderId(model.encoder().toString())
            .setParent(parent)
            .setReason(cut(reason))
            .setReport(model.report())
            .build());
    return records;
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
    send(List.of(promotion(version, replaces, reason, report)));
  }

  private RouterModelRecord promotion(
      String version, @Nullable String replaces, String reason, Map<String, String> report) {
    return event(version, ModelEvent.PROMOTED)
        .setParent(replaces)
        .setReason(cut(reason))
        .setReport(report)
        .build();
  }

  /** Refuses an uploaded version for good; ends its trial. */
  public void reject(String version, String reason, Map<String, String> report)
      throws InterruptedException {
    send(List.of(verdict(version, ModelEvent.REJECTED, reason, report)));
  }

  /** Returns to an earlier version, or ends a trial in favour of the version that serves. */
  public void rollBack(String toVersion, String reason) throws InterruptedException {
    rollBack(toVersion, reason, List.of(), reason);
  }

  /**
   * Returns to an earlier version and refuses others for good.
   *
   * @param refused versions that are taken back
   * @param why the reason for those
   */
  public void rollBack(String toVersion, String reason, List<String> refused, String why)
      throws InterruptedException {
    List<RouterModelRecord> records = new ArrayList<>();
    records.add(verdict(toVersion, ModelEvent.ROLLED_BACK, reason, Map.of()));
    for (String each : refused) {
      records.add(verdict(each, ModelEvent.REJECTED, why, Map.of()));
    }
    send(records);
  }

  /**
   * Puts an uploaded version on trial.
   *
   * @param share share of the queries, by hash of the id, that it serves; 0 is shadow
   * @param report estimates and figures behind it, for people and tools
   */
  public void stage(String version, double share, String reason, Map<String, String> report)
      throws InterruptedException {
    send(List.of(trial(version, share, reason, report)));
  }

  private RouterModelRecord trial(
      String version, double share, String reason, Map<String, String> report) {
    return event(version, ModelEvent.STAGED)
        .setCanaryShare(share)
        .setReason(cut(reason))
        .setReport(report)
        .build();
  }

  /**
   * Removes records for good, by tombstones.
   *
   * @param keys as {@link ModelTopicState#obsoleteKeys} gives them
   */
  public void remove(List<String> keys) throws InterruptedException {
    List<ProducerRecord<byte[], byte[]>> tombstones = new ArrayList<>();
    for (String key : keys) {
      tombstones.add(
          new ProducerRecord<>(topic, PARTITION, key.getBytes(StandardCharsets.UTF_8), null));
    }
    sink.send(tombstones, "removal of old models");
  }

  private RouterModelRecord verdict(
      String version, ModelEvent kind, String reason, Map<String, String> report) {
    return event(version, kind).setReason(cut(reason)).setReport(report).build();
  }

  private RouterModelRecord.Builder event(String version, ModelEvent kind) {
    return RouterModelRecord.newBuilder()
        .setVersion(version)
        .setKind(kind)
        .setCreatedAt(clock.instant().truncatedTo(ChronoUnit.MILLIS));
  }

  private static String cut(String reason) {
    return BoundedText.cut(reason, FieldLimits.REASON);
  }

  private static void requireAtMost(int most, int found, String what, RouterModel model) {
    if (found > most) {
      throw new IllegalArgumentException(
          "model "
              + model.version()
              + " has "
              + found
              + " "
              + what
              + ", the limit is "
              + most
              + "; train one with fewer");
    }
  }

  private void send(List<RouterModelRecord> events) throws InterruptedException {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (RouterModelRecord event : events) {
      String excess = FieldLimits.excess(event);
      if (excess != null) {
        throw new IllegalArgumentException(
            "model "
                + BoundedText.cut(event.getVersion(), FieldLimits.MODEL_VERSION)
                + " is not published: its "
                + excess);
      }
      records.add(
          new ProducerRecord<>(
              topic,
              PARTITION,
              ModelTopicState.key(event).getBytes(StandardCharsets.UTF_8),
              serializer.serialize(topic, event)));
    }
    sink.send(records, "model " + events.get(0).getVersion());
  }

  @Override
  public void close() {
    sink.close();
    serializer.close();
  }
}
