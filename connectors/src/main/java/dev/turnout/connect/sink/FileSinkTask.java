package dev.turnout.connect.sink;

import dev.turnout.connect.ConnectorVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;

/**
 * Puts records where their rows go, and tells Kafka no more than is on the disk. How far a
 * partition has come the names of its files say.
 */
public final class FileSinkTask extends SinkTask {
  private static final long WAIT_FOR_OTHER_MS = 1_000;

  private final Set<TopicPartition> waiting = new HashSet<>();
  private @Nullable RowSink rows;

  @Override
  public void start(Map<String, String> props) {
    FileSinkSettings settings = FileSinkSettings.of(props);
    rows =
        switch (settings.rows()) {
          case FileSinkSettings.JOINED -> new JoinedRows(settings, context);
          case FileSinkSettings.BATCH -> new BatchResults(settings.folder());
          default -> new RecordRows(settings, context);
        };
  }

  @Override
  public void open(Collection<TopicPartition> partitions) {
    waiting.addAll(partitions);
    take();
  }

  /**
   * Takes the partitions that another task still had.
   *
   * @return those that it has given up now
   */
  private Set<TopicPartition> take() {
    Set<TopicPartition> taken = new HashSet<>();
    for (TopicPartition partition : List.copyOf(waiting)) {
      try {
        if (rows().open(partition)) {
          waiting.remove(partition);
          taken.add(partition);
        }
      } catch (IOException failed) {
        throw failed("partition " + partition + " cannot be opened", failed);
      }
    }
    return taken;
  }

  @Override
  public void put(Collection<SinkRecord> records) {
    Set<TopicPartition> late = take();
    if (!waiting.isEmpty()) {
      context.timeout(WAIT_FOR_OTHER_MS);
      throw new RetriableException(
          "another task still writes "
              + waiting
              + "; if its worker is dead, its machine holds"
              + " the lock until the disk is released");
    }
    long now = System.currentTimeMillis();
    Set<TopicPartition> rewound = new HashSet<>();
    try {
      for (SinkRecord record : records) {
        TopicPartition partition = RecordRows.partition(record);
        if (!late.contains(partition)) {
          rows().put(record, now);
        } else if (!rows().safe().containsKey(partition) && rewound.add(partition)) {
          // these were read before the other's files were: read on from where they end
          context.offset(partition, record.kafkaOffset());
        }
      }
      rows().tick(now);
    } catch (IOException failed) {
      throw failed("rows cannot be written", failed);
    }
  }

  @Override
  public Map<TopicPartition, OffsetAndMetadata> preCommit(
      Map<TopicPartition, OffsetAndMetadata> read) {
    Map<TopicPartition, OffsetAndMetadata> safe = new HashMap<>();
    try {
      rows()
          .safe()
          .forEach(
              (partition, offset) -> {
                if (read.containsKey(partition)) {
                  safe.put(partition, new OffsetAndMetadata(offset));
                }
              });
    } catch (IOException failed) {
      throw failed("rows cannot be forced to the disk", failed);
    }
    return safe;
  }

  @Override
  public void close(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : new ArrayList<>(partitions)) {
      waiting.remove(partition);
      try {
        rows().close(partition);
      } catch (IOException failed) {
        throw failed("partition " + partition + " cannot be given up", failed);
      }
    }
  }

  private RowSink rows() {
    if (rows == null) {
      throw new IllegalStateException("used before start()");
    }
    return rows;
  }

  private static ConnectException failed(String what, IOException failed) {
    return new ConnectException(
        what + ": " + failed + "; look at the folder's rights and free space", failed);
  }

  @Override
  public void stop() {}

  @Override
  public String version() {
    return ConnectorVersion.text();
  }
}
