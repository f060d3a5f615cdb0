package dev.turnout.app.command.export;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.turnout.app.command.Connection;
import dev.turnout.connect.rows.RowFile;
import dev.turnout.kafka.CommittedReader;
import dev.turnout.schema.Query;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.serde.SkippingDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Joins the samples since a moment with the texts of their queries.
 *
 * <p>What holds at all times: a query is one row, however many LLMs and graders it had and however
 * far apart they lie. Memory holds the grades of some queries, never their texts: if there are more
 * samples than {@link #most}, both topics are read several times, each time for the queries of
 * another remainder of their ids' hash. What is written is committed, and what comes while the
 * export runs is left for the next.
 */
final class OutcomeExport {
  /** A query may have waited so long for a router before it was decided. */
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  /** Samples whose grades are in memory at a time: some 300 bytes each. */
  private static final int MOST = 400_000;

  private final Connection connection;
  private final Instant from;
  private final Consumer<String> progress;
  private final int most;

  /**
   * What was exported.
   *
   * @param queries rows written
   * @param grades samples in them
   * @param withoutText graded queries whose text the topics retain no more
   */
  record Exported(
      @JsonProperty("queries") long queries,
      @JsonProperty("grades") long grades,
      @JsonProperty("without_text") long withoutText) {}

  OutcomeExport(Connection connection, Instant from, Consumer<String> progress) {
    this(connection, from, progress, MOST);
  }

  OutcomeExport(Connection connection, Instant from, Consumer<String> progress, int most) {
    this.connection = connection;
    this.from = from;
    this.progress = progress;
    this.most = most;
  }

  /** Writes the rows; the file is not closed. */
  Exported to(RowFile file) {
    CommittedReader.Extent samples =
        CommittedReader.extent(connection.client(), connection.topics().samples(), from);
    int passes = (int) Math.max(1, (samples.records() + most - 1) / most);
    long queries = 0;
    long grades = 0;
    long withoutText = 0;
    for (int pass = 0; pass < passes; pass++) {
      progress.accept("samples, part " + (pass + 1) + " of " + passes);
      Pass read = new Pass(pass, passes);
      read.samples(samples);
      progress.accept("texts of " + read.answers.size() + " queries");
      queries += read.write(file);
      grades += read.grades;
      withoutText += read.answers.size();
    }
    return new Exported(queries, grades, withoutText);
  }

  /** The queries of one remainder. */
  private final class Pass {
    private final int remainder;
    private final int passes;
    private final Map<String, GradedAnswers> answers = new HashMap<>();
    private Instant earliest = Instant.now();
    private long grades;

    Pass(int remainder, int passes) {
      this.remainder = remainder;
      this.passes = passes;
    }

    void samples(CommittedReader.Extent extent) {
      try (Deserializer<TrainingSample> samples =
          AvroSerdes.of(TrainingSample.class, connection.serde()).deserializer()) {
        CommittedReader.read(
            connection.client(),
            extent,
            record -> {
              // timestamps are not in the order of the log
              if (record.timestamp() >= from.toEpochMilli() && isMine(record)) {
                SkippingDecoder.decode(samples, record).ifPresent(this::add);
              }
            });
      }
    }

    private void add(TrainingSample sample) {
      grades++;
      earliest = sample.getDecidedAt().isBefore(earliest) ? sample.getDecidedAt() : earliest;
      answers
          .computeIfAbsent(sample.getQueryId(), unused -> new GradedAnswers(sample.getTenant()))
          .add(sample);
    }

    /** Writes each query when its text comes by; those left over have none. */
    long write(RowFile file) {
      long before = answers.size();
      try (Deserializer<Query> queries =
          AvroSerdes.of(Query.class, connection.serde()).deserializer()) {
        CommittedReader.read(
            connection.client(),
            CommittedReader.extent(
                connection.client(), connection.topics().queries(), earliest.minus(LONGEST_WAIT)),
            record -> {
              if (isMine(record)) {
                SkippingDecoder.decode(queries, record).ifPresent(query -> write(query, file));
              }
            });
      }
      return before - answers.size();
    }

    private void write(Query query, RowFile file) {
      GradedAnswers graded = answers.remove(query.getId());
      if (graded != null) {
        try {
          file.write(OutcomeRow.of(query, graded));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    /** Records of both topics have the query's id as their key. */
    private boolean isMine(ConsumerRecord<byte[], byte[]> record) {
      if (record.key() == null || record.value() == null) {
        return record.value() != null && passes == 1;
      }
      String id = new String(record.key(), StandardCharsets.UTF_8);
      return Math.floorMod(id.hashCode(), passes) == remainder;
    }
  }
}
