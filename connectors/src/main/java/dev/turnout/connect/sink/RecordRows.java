package dev.turnout.connect.sink;

import dev.turnout.connect.convert.ConnectStructs;
import dev.turnout.topic.TopicSchemas;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** Each record a row of its partition's files; tombstones are none. */
final class RecordRows implements RowSink {
  private static final Map<String, Schema> SCHEMAS =
      TopicSchemas.all().stream()
          .collect(Collectors.toUnmodifiableMap(Schema::getFullName, schema -> schema));

  private final FileSinkSettings settings;
  private final SinkTaskContext context;
  private final Map<TopicPartition, PartitionFiles> files = new HashMap<>();

  RecordRows(FileSinkSettings settings, SinkTaskContext context) {
    this.settings = settings;
    this.context = context;
  }

  @Override
  public boolean open(TopicPartition partition) throws IOException {
    PartitionFiles opened =
        files.computeIfAbsent(
            partition, each -> new PartitionFiles(settings.folder(), each, settings.format()));
    if (!opened.open()) {
      return false;
    }
    OptionalLong next = opened.next();
    if (next.isPresent()) {
      context.offset(partition, next.getAsLong());
    }
    return true;
  }

  @Override
  public void put(SinkRecord record, long now) throws IOException {
    TopicPartition partition = partition(record);
    PartitionFiles opened = files.get(partition);
    if (opened == null || record.value() == null || opened.has(record.kafkaOffset())) {
      return;
    }
    opened.write(record.kafkaOffset(), row(record), now);
    finishIfDue(opened, now);
  }

  /** The partition that a record came from, whatever transforms made of its topic. */
  static TopicPartition partition(SinkRecord record) {
    return new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
  }

  static IndexedRecord row(SinkRecord record) {
    if (!(record.value() instanceof Struct struct)) {
      throw new DataException(
          place(record)
              + " is no struct; set value.converter=dev.turnout.connect.convert.TurnoutAvroConverter");
    }
    Schema schema = SCHEMAS.get(struct.schema().name());
    if (schema == null) {
      throw new DataException(
          place(record)
              + " is a \""
              + struct.schema().name()
              + "\", no record of Turnout's; take it out of topics, or use a sink of its maker's");
    }
    return ConnectStructs.record(struct, schema);
  }

  static String place(SinkRecord record) {
    return "the record at " + partition(record) + " offset " + record.kafkaOffset();
  }

  private void finishIfDue(PartitionFiles opened, long now) throws IOException {
    if (opened.due(settings.mostRows(), settings.age().toMillis(), now)) {
      opened.finish();
    }
  }

  @Override
  public void tick(long now) throws IOException {
    for (PartitionFiles opened : files.values()) {
      finishIfDue(opened, now);
    }
  }

  @Override
  public Map<TopicPartition, Long> safe() {
    Map<TopicPartition, Long> safe = new HashMap<>();
    files.forEach(
        (partition, opened) -> opened.next().ifPresent(next -> safe.put(partition, next)));
    return safe;
  }

  @Override
  public void close(TopicPartition partition) throws IOException {
    PartitionFiles opened = files.remove(partition);
    if (opened != null) {
      opened.abandon();
    }
  }
}
