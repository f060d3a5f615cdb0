package dev.turnout.router;

import dev.turnout.encoder.QueryEncoder;
import dev.turnout.metrics.RouterMetrics;
import dev.turnout.registry.RegistryUnavailableException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decodes and encodes a polled batch and leaves the results in the records' headers. */
interface BatchPreparation {

  /** Prepares what it can; never throws. Records of other topics stay untouched. */
  void prepare(ConsumerRecords<byte[], byte[]> records);

  /** Prepares nothing, so that the processor does all work singly. */
  static BatchPreparation none() {
    return records -> {};
  }

  /** Preparation by the given encoder. Safe for use by several stream threads. */
  static BatchPreparation with(
      String queriesTopic,
      QueryIntake intake,
      QueryEncoder encoder,
      RouterMetrics metrics,
      Clock clock) {
    return new Encoding(queriesTopic, intake, encoder, metrics, clock);
  }

  /** The real one. */
  final class Encoding implements BatchPreparation {
    private static final Logger log = LoggerFactory.getLogger(BatchPreparation.class);

    private final String queriesTopic;
    private final QueryIntake intake;
    private final QueryEncoder encoder;
    private final String encoderId;
    private final RouterMetrics metrics;
    private final Clock clock;

    private Encoding(
        String queriesTopic,
        QueryIntake intake,
        QueryEncoder encoder,
        RouterMetrics metrics,
        Clock clock) {
      this.queriesTopic = queriesTopic;
      this.intake = intake;
      this.encoder = encoder;
      this.encoderId = encoder.id().toString();
      this.metrics = metrics;
      this.clock = clock;
    }

    @Override
    public void prepare(ConsumerRecords<byte[], byte[]> records) {
      if (records.isEmpty()) {
        return;
      }
      try {
        prepareQueries(records);
      } catch (RuntimeException e) {
        metrics.preparationFailed();
        log.warn("a polled batch could not be prepared; its queries are decoded singly", e);
      }
    }

    private void prepareQueries(ConsumerRecords<byte[], byte[]> records) {
      long polledAt = clock.millis();
      List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>(records.count());
      List<Intake> intakes = new ArrayList<>(records.count());
      List<String> texts = new ArrayList<>(records.count());
      for (ConsumerRecord<byte[], byte[]> record : records.records(queriesTopic)) {
        Intake result;
        try {
          result = intake.read(record.value());
        } catch (RegistryUnavailableException e) {
          // The processor waits for the registry; here the poll must go on.
          break;
        }
        polled.add(record);
        intakes.add(result);
        if (result instanceof Intake.Accepted accepted) {
          texts.add(accepted.query().getText());
        }
      }
      long before = System.nanoTime();
      float[][] embeddings = encode(texts);
      long encodeNanos = System.nanoTime() - before;
      if (embeddings != null) {
        metrics.batchEncoded(texts.size(), encodeNanos);
      }
      Preparation preparation =
          new Preparation(
              encoderId,
              texts.size(),
              polledAt,
              texts.isEmpty() ? 0 : encodeNanos / 1_000 / texts.size());
      int next = 0;
      for (int i = 0; i < polled.size(); i++) {
        float[] embedding = null;
        if (intakes.get(i) instanceof Intake.Accepted) {
          embedding = embeddings == null ? null : embeddings[next];
          next++;
        }
        polled
            .get(i)
            .headers()
            .remove(PreparedQuery.KEY)
            .add(new PreparedQuery(intakes.get(i), embedding, preparation));
      }
    }

    private float @Nullable [][] encode(List<String> texts) {
      if (texts.isEmpty()) {
        return null;
      }
      try {
        float[][] embeddings = encoder.encode(texts);
        if (embeddings.length != texts.size()) {
          throw new IllegalStateException(
              "the encoder returned " + embeddings.length + " vectors for " + texts.size());
        }
        return embeddings;
      } catch (RuntimeException e) {
        metrics.batchFailed();
        log.warn("encoding a batch of {} queries failed; encoding them singly", texts.size(), e);
        return null;
      }
    }
  }
}
