package dev.turnout.router.encode;

import dev.turnout.encoder.QueryEncoder;
import dev.turnout.encoder.conversation.ConversationText;
import dev.turnout.encoder.conversation.EarlierTurn;
import dev.turnout.encoder.minilm.MiniLmText;
import dev.turnout.encoder.surface.QuerySurface;
import dev.turnout.encoder.surface.SurfaceReader;
import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.router.RouterMetrics;
import dev.turnout.router.intake.IntakeResult;
import dev.turnout.router.intake.QueryIntake;
import dev.turnout.schema.Conversation;
import dev.turnout.schema.Query;
import dev.turnout.topic.LogText;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes queries in batches inside Kafka Streams.
 *
 * <p>Records reach a processor one at a time, but an encoder wants many. So the work is done at
 * poll granularity: an interceptor on the main consumer sees each polled batch just before {@code
 * poll} returns it, decodes its queries, and offers them in chunks to encoding threads. The
 * processor finds the vector through a header of its record. It decides the first queries while the
 * later ones are still being encoded; a chunk that nobody has begun when its first query is
 * processed, the stream thread encodes itself.
 *
 * <p>What holds at all times:
 *
 * <ol>
 *   <li><b>Offsets come from processed records alone.</b> Encoding neither consumes nor commits. A
 *       crash between poll and process loses vectors only, and the next poll computes them again
 *       from the same texts; encoding is pure, so exactly-once holds. (A buffer inside the
 *       processor would break it: an offset counts as consumed when {@code process} returns.)
 *   <li><b>The batch is returned as the object it came as.</b> Only its headers change. A rebuilt
 *       {@code ConsumerRecords} would lose the next offsets that Streams commits (KAFKA-17600).
 *   <li><b>No exception reaches the consumer</b>, which would log and swallow it. What cannot be
 *       encoded ahead is left without a header or without a vector; the processor then encodes that
 *       query alone, and a metric counts it.
 *   <li><b>Every header leads to a chunk that ends.</b> Chunks are offered in a {@code finally},
 *       also when decoding stopped half way, and a {@link FutureTask} runs once whoever begins it:
 *       encoding thread or stream thread, also after the encoding threads were shut down. It
 *       publishes its list safely, so a stream thread sees whole vectors.
 *   <li><b>A query gets its own vector.</b> A header holds its chunk and its place there, counted
 *       over accepted queries only, as the texts are.
 *   <li><b>The header never leaves the router.</b> {@link PolledQuery.ValueDeserializer} strips it
 *       before anything can throw; otherwise a dead letter would copy it.
 *   <li><b>A vector names its encoder</b>, up to the published decision. A router has one encoder
 *       for life, and a model of another one is refused before it is swapped in. So a model that is
 *       swapped between poll and process meets vectors of its own encoder; scores are computed
 *       after the swap is seen, by the processor, never ahead.
 *   <li><b>Other topics of the same consumer are left alone</b>; the interceptor sees them all.
 * </ol>
 *
 * <p>Encoding counts against {@code max.poll.interval.ms} and the open transaction. {@link
 * PollSize} therefore fits {@code max.poll.records} to the encoder's speed, and warms it before the
 * start.
 *
 * <p>Safe for use by several stream threads.
 *
 * <p>Sources: KIP-42 (interceptors), KIP-447 (what a commit holds), KAFKA-17600; tried on 4.3.1
 * under both group protocols. A {@code KafkaClientSupplier} that wraps the consumer is no way
 * around the interceptor: under {@code group.protocol=streams} it is never called.
 */
public final class BatchEncoding {
  /** Enough for length-sorted batches, few enough to overlap with deciding. */
  private static final int CHUNK = 64;

  private static final Logger LOG = LoggerFactory.getLogger(BatchEncoding.class);

  private final String queriesTopic;
  private final QueryIntake intake;
  private final QueryEncoder encoder;
  private final String encoderId;
  private final RouterMetrics metrics;
  private final Clock clock;
  private final Executor threads;
  private final ConversationText conversations = ConversationText.load();
  private final SurfaceReader surfaces = SurfaceReader.shared();

  /**
   * @param queriesTopic the only topic whose records are touched
   * @param encoder safe for use by several threads
   * @param clock stamps when a batch was polled
   * @param threads where encoding runs; the caller's, who ends them
   */
  public BatchEncoding(
      String queriesTopic,
      QueryIntake intake,
      QueryEncoder encoder,
      RouterMetrics metrics,
      Clock clock,
      Executor threads) {
    this.queriesTopic = queriesTopic;
    this.intake = intake;
    this.encoder = encoder;
    this.encoderId = encoder.id().toString();
    this.metrics = metrics;
    this.clock = clock;
    this.threads = threads;
  }

  /** Decodes a polled batch and has its queries encoded, as far as it can; never throws. */
  public void encodeAhead(ConsumerRecords<byte[], byte[]> records) {
    if (records.isEmpty()) {
      return;
    }
    try {
      encodeQueries(records);
    } catch (RuntimeException | Error e) {
      // An Error too: it would end the thread, and nobody could tell which record is to blame.
      metrics.preparationFailed();
      LOG.atWarn()
          .setMessage("polled batch not encoded ahead; its queries are encoded one by one")
          .addKeyValue("records", records.count())
          .setCause(e)
          .log();
    }
  }

  private void encodeQueries(ConsumerRecords<byte[], byte[]> records) {
    long polledAt = clock.millis();
    EncodedQueryHeader.Poll poll = new EncodedQueryHeader.Poll(records.count());
    Chunk chunk = new Chunk(polledAt);
    try {
      for (ConsumerRecord<byte[], byte[]> record : records.records(queriesTopic)) {
        IntakeResult read = intake.read(record.value(), record.headers());
        // A producer's own header of this name goes too: nobody but the interceptor may set it.
        record.headers().remove(EncodedQueryHeader.KEY).add(chunk.add(read, poll));
        if (chunk.texts.size() == CHUNK) {
          chunk.offer();
          chunk = new Chunk(polledAt);
        }
      }
    } catch (RegistryUnavailableException e) {
      // The processor waits for the registry; here the poll must go on.
      LOG.atDebug().setMessage("schema registry does not answer").setCause(e).log();
    } finally {
      chunk.offer();
    }
  }

  /**
   * A query's vector: its batch's, else encoded alone. Never throws; without a vector when even
   * that fails.
   *
   * @param polled the record that the query was read from
   */
  public EncodedQuery encoded(Query query, PolledQuery polled) {
    long polledAt = clock.millis();
    if (polled.header() != null) {
      EncodedQuery ahead = polled.header().encoded();
      if (ahead.embedding() != null) {
        return ahead;
      }
      polledAt = ahead.polledAtMillis();
    }
    metrics.encodedSingly();
    long start = System.nanoTime();
    float[] embedding = null;
    String text = text(query);
    QuerySurface surface = null;
    try {
      MiniLmText tokenized = MiniLmText.of(text);
      float[] vector = encoder.encodeTokenized(List.of(tokenized))[0];
      surface = surfaces.read(tokenized);
      embedding = vector;
    } catch (RuntimeException | Error e) {
      LOG.atWarn()
          .setMessage("query not encoded; the fallback LLM takes it")
          .addKeyValue("query", LogText.of(query.getId()))
          .setCause(e)
          .log();
    }
    return new EncodedQuery(
        embedding, text, surface, encoderId, 1, polledAt, (System.nanoTime() - start) / 1_000);
  }

  /** What is encoded of a query: its text, or the question that its text follows up. */
  private String text(Query query) {
    Conversation conversation = query.getConversation();
    if (conversation == null) {
      return query.getText();
    }
    return conversations.of(
        query.getText(),
        conversation.getTurns().stream()
            .map(turn -> new EarlierTurn(turn.getRole(), turn.getText()))
            .toList());
  }

  /** Queries of one polled batch that are encoded together. */
  private final class Chunk {
    private final long polledAt;
    private final List<String> texts = new ArrayList<>(CHUNK);
    private final FutureTask<List<EncodedQuery>> encoded = new FutureTask<>(this::encode);

    Chunk(long polledAt) {
      this.polledAt = polledAt;
    }

    EncodedQueryHeader add(IntakeResult read, EncodedQueryHeader.Poll poll) {
      if (read instanceof IntakeResult.Accepted accepted) {
        texts.add(text(accepted.query()));
      }
      return new EncodedQueryHeader(read, encoded, texts.size() - 1, poll);
    }

    /** Lets an encoding thread begin; from here on nothing is added. */
    void offer() {
      if (texts.isEmpty()) {
        return;
      }
      try {
        threads.execute(encoded);
      } catch (RejectedExecutionException e) {
        LOG.atDebug().setMessage("router closes; the stream thread encodes what is left").log();
      }
    }

    private List<EncodedQuery> encode() {
      int size = texts.size();
      long before = System.nanoTime();
      try {
        List<MiniLmText> tokenized = MiniLmText.of(texts);
        float[][] vectors = encoder.encodeTokenized(tokenized);
        List<QuerySurface> read = tokenized.stream().map(surfaces::read).toList();
        long nanos = System.nanoTime() - before;
        if (vectors.length != size) {
          throw new IllegalStateException(
              "the encoder returned " + vectors.length + " vectors for " + size);
        }
        metrics.batchEncoded(size, nanos);
        long share = nanos / 1_000 / size;
        List<EncodedQuery> queries = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
          queries.add(
              new EncodedQuery(
                  vectors[i], texts.get(i), read.get(i), encoderId, size, polledAt, share));
        }
        return queries;
      } catch (RuntimeException | Error e) {
        // An Error too: an encoding thread has nobody to throw it at, and the query must go on.
        metrics.batchFailed();
        LOG.atWarn()
            .setMessage("batch not encoded; its queries are encoded one by one")
            .addKeyValue("queries", size)
            .setCause(e)
            .log();
        return Collections.nCopies(
            size, new EncodedQuery(null, null, null, encoderId, 1, polledAt, 0));
      }
    }
  }
}
