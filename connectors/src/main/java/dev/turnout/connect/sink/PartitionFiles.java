package dev.turnout.connect.sink;

import dev.turnout.connect.rows.RowFile;
import dev.turnout.connect.rows.RowFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The files of one partition, each record in exactly one of them.
 *
 * <p>What holds at all times: a file under its final name is complete, on the disk, and never
 * touched again; the names of a partition's files cover offsets without overlap; so the largest
 * offset in a name is how far the partition has come, whatever Kafka's committed offsets say. A
 * file is written under another name, forced to the disk, renamed in one step, and the folder
 * forced. A process that dies leaves an unfinished file, which is thrown away: its records are read
 * again.
 *
 * <p>Two tasks may believe to own a partition, when a worker was thought dead. Whoever writes holds
 * a lock on a file of the partition's, and looks at the names only once it has it; the other waits.
 * Confined to one thread.
 */
final class PartitionFiles {
  private final Path folder;
  private final TopicPartition partition;
  private final RowFormat format;
  private final Path unfinished;
  private @Nullable FileChannel lock;
  private @Nullable RowFile file;
  private @Nullable Schema schema;
  private long from;
  private long to;
  private long rows;
  private long begun;
  private long next = -1;

  PartitionFiles(Path folder, TopicPartition partition, RowFormat format) {
    this.folder = folder;
    this.partition = partition;
    this.format = format;
    this.unfinished = folder.resolve(RowFileName.unfinished(partition));
  }

  /**
   * Takes the partition.
   *
   * @return false while another task has it
   */
  boolean open() throws IOException {
    if (lock != null) {
      return true;
    }
    Files.createDirectories(folder);
    FileChannel channel =
        FileChannel.open(
            folder.resolve(RowFileName.lock(partition)),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    if (!locked(channel)) {
      channel.close();
      return false;
    }
    lock = channel;
    Files.deleteIfExists(unfinished);
    try (Stream<Path> files = Files.list(folder)) {
      next =
          files
              .flatMap(
                  each ->
                      RowFileName.end(each.getFileName().toString(), partition, format).stream())
              .mapToLong(Long::longValue)
              .max()
              .orElse(-1);
    }
    return true;
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock taken = channel.tryLock();
      return taken != null;
    } catch (OverlappingFileLockException byAnotherTaskOfThisWorker) {
      return false;
    }
  }

  /** The offset behind the finished files; empty if there is none. */
  OptionalLong next() {
    return next < 0 ? OptionalLong.empty() : OptionalLong.of(next);
  }

  /** Whether a finished or begun file speaks for an offset already. */
  boolean has(long offset) {
    return offset < next || (file != null && offset <= to);
  }

  /**
   * Adds a row.
   *
   * @param offset that the row stands for, larger than that of every row before
   * @param now milliseconds, for the age of the file
   */
  void write(long offset, IndexedRecord row, long now) throws IOException {
    if (file != null && !row.getSchema().equals(schema)) {
      finish();
    }
    if (file == null) {
      schema = row.getSchema();
      file = format.create(unfinished, row.getSchema());
      from = offset;
      rows = 0;
      begun = now;
    }
    file.write(row);
    to = offset;
    rows++;
  }

  /** Whether the begun file has its rows or its age. */
  boolean due(long mostRows, long mostMillis, long now) {
    return file != null && (rows >= mostRows || now - begun >= mostMillis);
  }

  /** Finishes the begun file, if there is one. */
  void finish() throws IOException {
    RowFile begunFile = file;
    if (begunFile == null) {
      return;
    }
    begunFile.close();
    file = null;
    Files.move(
        unfinished,
        folder.resolve(new RowFileName(partition, from, to, format).text()),
        StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel names = FileChannel.open(folder)) {
      names.force(true);
    }
    next = to + 1;
  }

  /** Throws the begun file away and gives the partition up. */
  void abandon() {
    try {
      if (file != null) {
        file.close();
        file = null;
      }
      if (lock != null) {
        Files.deleteIfExists(unfinished);
        lock.close();
        lock = null;
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
