package dev.turnout.connect.sink;

import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Each decision a row, with the outcomes and grades that come to it in time.
 *
 * <p>What holds at all times: rows leave in the order of their decisions' offsets, and only a
 * decision makes a row, so that the files' names say which decisions have theirs, and each has it
 * once. Outcomes and grades only fill rows; they are read again from the first that a row on no
 * finished file had, so that a crash loses none.
 *
 * <p>A row leaves when its decision has waited, either by the clock since it was read, or because
 * every partition of outcomes and grades is further on by so much. What comes for no decision that
 * waits is kept as long, since partitions are read in no order. Both kinds are bounded in bytes:
 * whoever is ahead pauses until the others have nothing more to read, and only then the oldest go,
 * decisions as they are. Confined to one thread.
 */
final class JoinedRows implements RowSink {
  private static final long NOTHING_YET = Long.MIN_VALUE;

  private final FileSinkSettings settings;
  private final SinkTaskContext context;
  private final EarlyRecords early = new EarlyRecords();
  private final Map<TopicPartition, OpenDecisions> open = new HashMap<>();
  private final Map<String, WaitingDecision> byQuery = new HashMap<>();
  private final Map<TopicPartition, Long> read = new HashMap<>();
  private final Map<TopicPartition, Long> times = new HashMap<>();
  private long bytes;
  private boolean decisionsPaused;
  private boolean othersPaused;
  private boolean gotSome;

  JoinedRows(FileSinkSettings settings, SinkTaskContext context) {
    this.settings = settings;
    this.context = context;
  }

  @Override
  public boolean open(TopicPartition partition) throws IOException {
    if (!partition.topic().equals(settings.decisions())) {
      times.put(partition, NOTHING_YET);
      return true;
    }
    PartitionFiles files = new PartitionFiles(settings.folder(), partition, settings.format());
    if (!files.open()) {
      return false;
    }
    open.put(partition, new OpenDecisions(files));
    OptionalLong next = files.next();
    if (next.isPresent()) {
      context.offset(partition, next.getAsLong());
    }
    return true;
  }

  @Override
  public void put(SinkRecord record, long now) throws IOException {
    gotSome = true;
    TopicPartition partition = RecordRows.partition(record);
    if (record.value() == null) {
      return;
    }
    IndexedRecord value = RecordRows.row(record);
    if (value instanceof RoutingDecision decision) {
      decided(decision, partition, record.kafkaOffset(), now);
    } else if (value instanceof Outcome outcome) {
      side(
          record,
          new SideRecord(outcome.getQueryId(), outcome, partition, record.kafkaOffset(), now));
    } else if (value instanceof Grade grade) {
      side(record, new SideRecord(grade.getQueryId(), grade, partition, record.kafkaOffset(), now));
    } else {
      throw new DataException(
          RecordRows.place(record)
              + " is neither a decision nor an outcome nor a grade; topics must be the three"
              + " topics of these alone");
    }
  }

  private void decided(RoutingDecision decision, TopicPartition partition, long offset, long now) {
    OpenDecisions opened = open.get(partition);
    if (opened == null || opened.files().has(offset)) {
      return;
    }
    WaitingDecision last = opened.waiting().peekLast();
    if (last != null && offset <= last.offset()) {
      return;
    }
    WaitingDecision row = new WaitingDecision(decision, offset, now);
    early.take(decision.getQueryId()).forEach(row::add);
    opened.waiting().add(row);
    byQuery.put(decision.getQueryId(), row);
    bytes += row.bytes();
  }

  private void side(SinkRecord from, SideRecord record) {
    read.merge(record.partition(), record.offset() + 1, Math::max);
    if (from.timestamp() != null) {
      times.merge(record.partition(), from.timestamp(), Math::max);
    }
    WaitingDecision row = byQuery.get(record.query());
    if (row == null) {
      early.add(record);
    } else {
      bytes -= row.bytes();
      row.add(record);
      bytes += row.bytes();
    }
  }

  @Override
  public void tick(long now) throws IOException {
    long passed = times.values().stream().mapToLong(Long::longValue).min().orElse(NOTHING_YET);
    for (OpenDecisions opened : open.values()) {
      WaitingDecision first = opened.waiting().peek();
      while (first != null && isRipe(first, now, passed)) {
        leave(opened, now);
        first = opened.waiting().peek();
      }
      finishIfDue(opened, now);
    }
    early.expire(now - settings.patience().toMillis());
    balance(now);
    gotSome = false;
  }

  private boolean isRipe(WaitingDecision row, long now, long passed) {
    long wait = settings.patience().toMillis();
    return now - row.readAt() >= wait
        || passed > row.decision().getDecidedAt().toEpochMilli() + wait;
  }

  private void leave(OpenDecisions opened, long now) throws IOException {
    WaitingDecision row = opened.waiting().remove();
    bytes -= row.bytes();
    byQuery.remove(row.decision().getQueryId(), row);
    row.sources().forEach((from, offset) -> opened.sources().merge(from, offset, Math::min));
    opened.files().write(row.offset(), row.row(), now);
    finishIfDue(opened, now);
  }

  private void finishIfDue(OpenDecisions opened, long now) throws IOException {
    if (opened.files().due(settings.mostRows(), settings.age().toMillis(), now)) {
      opened.files().finish();
      opened.sources().clear();
    }
  }

  /** Keeps both kinds within the memory. */
  private void balance(long now) throws IOException {
    long half = settings.memory() / 2;
    if (!decisionsPaused && bytes > half) {
      decisionsPaused = true;
      each(open.keySet(), context::pause);
    } else if (decisionsPaused && (bytes < half / 2 || !gotSome)) {
      while (bytes > half && leaveOldest(now)) {
        // the others have nothing more to say
      }
      decisionsPaused = false;
      each(open.keySet(), context::resume);
    }
    if (!othersPaused && early.bytes() > half) {
      othersPaused = true;
      each(read.keySet(), context::pause);
    } else if (othersPaused && (early.bytes() < half / 2 || !gotSome)) {
      early.shrink(half / 2);
      othersPaused = false;
      each(read.keySet(), context::resume);
    }
  }

  private static void each(Set<TopicPartition> partitions, Consumer<TopicPartition[]> what) {
    if (!partitions.isEmpty()) {
      what.accept(partitions.toArray(TopicPartition[]::new));
    }
  }

  private boolean leaveOldest(long now) throws IOException {
    @Nullable OpenDecisions oldest = null;
    long since = Long.MAX_VALUE;
    for (OpenDecisions opened : open.values()) {
      WaitingDecision first = opened.waiting().peek();
      if (first != null && first.readAt() < since) {
        since = first.readAt();
        oldest = opened;
      }
    }
    if (oldest != null) {
      leave(oldest, now);
    }
    return oldest != null;
  }

  @Override
  public Map<TopicPartition, Long> safe() {
    Map<TopicPartition, Long> safe = new HashMap<>(read);
    early.first().forEach((partition, offset) -> safe.merge(partition, offset, Math::min));
    byQuery
        .values()
        .forEach(row -> row.sources().forEach((from, at) -> safe.merge(from, at, Math::min)));
    open.forEach(
        (partition, opened) -> {
          opened.sources().forEach((from, at) -> safe.merge(from, at, Math::min));
          opened.files().next().ifPresent(next -> safe.put(partition, next));
        });
    return safe;
  }

  @Override
  public void close(TopicPartition partition) throws IOException {
    OpenDecisions opened = open.remove(partition);
    if (opened != null) {
      opened.files().abandon();
      for (WaitingDecision row : opened.waiting()) {
        bytes -= row.bytes();
        byQuery.remove(row.decision().getQueryId(), row);
      }
    }
    read.remove(partition);
    times.remove(partition);
    early.forget(partition);
    decisionsPaused = false;
    othersPaused = false;
  }
}
