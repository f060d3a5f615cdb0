package dev.turnout.connect.sink;

import dev.turnout.connect.batch.BatchKeys;
import dev.turnout.connect.batch.BatchOutput;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.topic.DeadLetters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Results of OpenAI batches: a file of each batch, a line of each request. Which requests have
 * theirs the file itself says, so that none has two, however often an outcome comes. Outcomes of
 * other queries are passed over. Confined to one thread.
 */
final class BatchResults implements RowSink {
  private static final int MOST_OPEN = 16;

  private final Path folder;
  private final Map<TopicPartition, Long> read = new HashMap<>();
  private final LinkedHashMap<String, BatchOutput> open = new LinkedHashMap<>(16, 0.75f, true);

  BatchResults(Path folder) {
    this.folder = folder;
  }

  @Override
  public boolean open(TopicPartition partition) throws IOException {
    Files.createDirectories(folder);
    return true;
  }

  @Override
  public void put(SinkRecord record, long now) throws IOException {
    if (record.value() != null) {
      IndexedRecord value = RecordRows.row(record);
      if (value instanceof Outcome outcome && !outcome.getShadow()) {
        BatchOutput batch = batch(outcome.getMetadata());
        if (batch != null) {
          batch.add(outcome);
        }
      } else if (value instanceof Query query) {
        BatchOutput batch = batch(query.getMetadata());
        if (batch != null) {
          batch.refused(query, said(record, DeadLetters.REASON), said(record, DeadLetters.DETAIL));
        }
      }
    }
    read.merge(RecordRows.partition(record), record.kafkaOffset() + 1, Math::max);
  }

  private static String said(SinkRecord record, String name) {
    Header header = record.headers().lastWithName(name);
    return header == null ? "" : String.valueOf(header.value());
  }

  private @Nullable BatchOutput batch(Map<String, String> metadata) throws IOException {
    String name = metadata.get(BatchKeys.BATCH);
    if (name == null || !metadata.containsKey(BatchKeys.REQUEST)) {
      return null;
    }
    String fit = BatchKeys.fit(name);
    BatchOutput known = open.get(fit);
    if (known != null) {
      return known;
    }
    if (open.size() >= MOST_OPEN) {
      String oldest = open.keySet().iterator().next();
      BatchOutput closed = open.remove(oldest);
      if (closed != null) {
        closed.close();
      }
    }
    BatchOutput opened =
        BatchOutput.open(folder.resolve(fit + "_output.jsonl"))
            .orElseThrow(
                () -> new RetriableException("another task still writes the results of " + fit));
    open.put(fit, opened);
    return opened;
  }

  @Override
  public void tick(long now) {}

  @Override
  public Map<TopicPartition, Long> safe() throws IOException {
    for (BatchOutput batch : open.values()) {
      batch.force();
    }
    return Map.copyOf(read);
  }

  @Override
  public void close(TopicPartition partition) throws IOException {
    read.remove(partition);
    for (BatchOutput batch : open.values()) {
      batch.close();
    }
    open.clear();
  }
}
