package dev.turnout.router.encode;

import dev.turnout.encoder.QueryEncoder;
import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.router.RouterMetrics;
import dev.turnout.router.intake.IntakeResult;
import dev.turnout.router.intake.QueryIntake;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes a polled batch and sets its encoding going, leaving the results in the records' headers.
 * Encoding runs ahead on threads of its own, some queries at a time, so that the processor decides
 * the first ones while the later ones are still being encoded; what has not begun when the
 * processor needs it, the processor begins.
 */
public interface BatchEncoding {

  /** Prepares what it can; never throws. Records of other topics stay untouched. */
  void prepare(ConsumerRecords<byte[], byte[]> records);

  /** Prepares nothing, so that the processor does all work singly. */
  static BatchEncoding none() {
    return records -> {};
  }

  /**
   * Preparation by the given encoder. Safe for use by several stream threads.
   *
   * @param encoding where encoding runs; its owner ends it
   */
  static BatchEncoding with(
      String queriesTopic,
      QueryIntake intake,
      QueryEncoder encoder,
      RouterMetrics metrics,
      Clock clock,
      Executor encoding) {
    return new Encoding(queriesTopic, intake, encoder, metrics, clock, encoding);
  }

  /** The real one. */
  final class Encoding implements BatchEncoding {
    /** Enough for length-sorted batches, few enough to overlap with deciding. */
    private static final int CHUNK = 64;

    private static final Logger log = LoggerFactory.getLogger(BatchEncoding.class);

    private final String queriesTopic;
    private final QueryIntake intake;
    private final QueryEncoder encoder;
    private final String encoderId;
    private final RouterMetrics metrics;
    private final Clock clock;
    private final Executor encoding;

    private Encoding(
        String queriesTopic,
        QueryIntake intake,
        QueryEncoder encoder,
        RouterMetrics metrics,
        Clock clock,
        Executor encoding) {
      this.queriesTopic = queriesTopic;
      this.intake = intake;
      this.encoder = encoder;
      this.encoderId = encoder.id().toString();
      this.metrics = metrics;
      this.clock = clock;
      this.encoding = encoding;
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
      Chunk chunk = new Chunk(polledAt);
      try {
        for (ConsumerRecord<byte[], byte[]> record : records.records(queriesTopic)) {
          IntakeResult read = intake.read(record.value());
          record.headers().remove(EncodedQueryHeader.KEY).add(chunk.add(read));
          if (chunk.texts.size() == CHUNK) {
            chunk.encode();
            chunk = new Chunk(polledAt);
          }
        }
      } catch (RegistryUnavailableException e) {
        // The processor waits for the registry; here the poll must go on.
        log.debug("the schema registry does not answer", e);
      } finally {
        // Whatever happened: a processor waits for every chunk that a header refers to.
        chunk.encode();
      }
    }

    /** Queries that are encoded together. */
    private final class Chunk {
      private final long polledAt;
      private final List<String> texts = new ArrayList<>(CHUNK);
      private final FutureTask<EncodedChunk> encoded = new FutureTask<>(this::encodedNow);

      Chunk(long polledAt) {
        this.polledAt = polledAt;
      }

      EncodedQueryHeader add(IntakeResult read) {
        if (read instanceof IntakeResult.Accepted accepted) {
          texts.add(accepted.query().getText());
        }
        return new EncodedQueryHeader(read, encoded, texts.size() - 1);
      }

      void encode() {
        try {
          encoding.execute(encoded);
        } catch (RejectedExecutionException e) {
          log.debug("the router is closing; what is still processed is encoded there");
        }
      }

      private EncodedChunk encodedNow() {
        if (texts.isEmpty()) {
          return EncodedChunk.failed(new EncodingTiming(encoderId, 0, polledAt, 0));
        }
        long before = System.nanoTime();
        try {
          float[][] vectors = encoder.encode(texts);
          long nanos = System.nanoTime() - before;
          if (vectors.length != texts.size()) {
            throw new IllegalStateException(
                "the encoder returned " + vectors.length + " vectors for " + texts.size());
          }
          metrics.batchEncoded(texts.size(), nanos);
          return new EncodedChunk(
              vectors,
              new EncodingTiming(encoderId, texts.size(), polledAt, nanos / 1_000 / texts.size()));
        } catch (RuntimeException | Error e) {
          metrics.batchFailed();
          log.warn("encoding {} queries together failed; encoding them singly", texts.size(), e);
          return EncodedChunk.failed(new EncodingTiming(encoderId, 1, polledAt, 0));
        }
      }
    }
  }
}
