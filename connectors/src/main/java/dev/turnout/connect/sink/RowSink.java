package dev.turnout.connect.sink;

import java.io.IOException;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/** What becomes of the records of a task. Confined to one thread. */
interface RowSink {

  /**
   * Takes a partition.
   *
   * @return false while another task has it; records of it are then not to be put
   */
  boolean open(TopicPartition partition) throws IOException;

  /** Takes a record of a partition that is open. */
  void put(SinkRecord record, long now) throws IOException;

  /** Finishes what is due. */
  void tick(long now) throws IOException;

  /** For each partition the offset from which it must be read again after a crash. */
  Map<TopicPartition, Long> safe() throws IOException;

  /** Gives a partition up. */
  void close(TopicPartition partition) throws IOException;
}
