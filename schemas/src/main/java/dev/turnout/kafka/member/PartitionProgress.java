package dev.turnout.kafka.member;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * How far the records of one partition are done when they are done in any order.
 *
 * <p>Everything below {@link #next} is done. Of what lies between it and {@code end}, the offset
 * behind the last record seen, all is done but {@code unfinished}; gaps, as transactions and
 * compaction leave them, count as done. What is done stays so whoever has the partition meanwhile,
 * so this may be kept while it is away, and travels in the metadata of a commit: whoever has the
 * partition next does not do again what was done out of turn.
 *
 * <p>Not safe for use by several threads.
 */
final class PartitionProgress {
  private static final String FORMAT = "t1:";

  /** Bytes of a commit's metadata; brokers take 4096 unless told otherwise. */
  private static final int MOST_BYTES = 1024;

  private final NavigableSet<Long> unfinished = new TreeSet<>();
  private long start;
  private long end;

  /** What is known of a record that was read. */
  enum Seen {
    /** Never seen before: it is unfinished now. */
    NEW,
    /** Seen before and not done. */
    UNFINISHED,
    /** Done. */
    DONE
  }

  /** Nothing at or behind this offset is done. */
  PartitionProgress(long start) {
    this.start = start;
    this.end = start;
  }

  /** Tells about a record that was read; a new one becomes unfinished. */
  Seen see(long offset) {
    if (offset >= end) {
      unfinished.add(offset);
      end = offset + 1;
      return Seen.NEW;
    }
    return unfinished.contains(offset) ? Seen.UNFINISHED : Seen.DONE;
  }

  /** A record is done. */
  void done(long offset) {
    unfinished.remove(offset);
  }

  /**
   * Reading came past these offsets and found no records: what was not done there, and has been
   * deleted since, will never be.
   *
   * @param from the first
   * @param to behind the last
   */
  void gone(long from, long to) {
    unfinished.subSet(from, to).clear();
  }

  /** Offset to commit: the first that is not done. */
  long next() {
    return unfinished.isEmpty() ? end : unfinished.first();
  }

  /** How many offsets lie between what may be committed and what was read. */
  long ahead() {
    return end - next();
  }

  /**
   * The partition is read from its last commit on.
   *
   * @param last what the commit says, of whichever member
   * @return this, which then knows what either knew; {@code last} if it lies before all that is
   *     known here: somebody has set the group back, or made the topic anew
   */
  PartitionProgress from(PartitionProgress last) {
    if (last.start < start) {
      return last;
    }
    unfinished.removeIf(offset -> offset < last.end && !last.unfinished.contains(offset));
    unfinished.addAll(last.unfinished.tailSet(end));
    start = last.start;
    end = Math.max(end, last.end);
    return this;
  }

  /** What is done behind the offset to commit, as far as it has room in the commit's metadata. */
  String metadata() {
    long base = next();
    if (unfinished.isEmpty()) {
      return "";
    }
    ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES);
    long before = base;
    for (long offset : unfinished) {
      // room for this distance and the last one, at most ten bytes each
      if (bytes.remaining() < 20) {
        return text(bytes, offset - before);
      }
      write(bytes, offset - before);
      before = offset;
    }
    return text(bytes, end - before);
  }

  private static String text(ByteBuffer bytes, long last) {
    write(bytes, last);
    byte[] written = new byte[bytes.flip().remaining()];
    bytes.get(written);
    return FORMAT + Base64.getEncoder().withoutPadding().encodeToString(written);
  }

  /** What a commit says; metadata of somebody else's says nothing. */
  static PartitionProgress of(long committed, String metadata) {
    PartitionProgress progress = new PartitionProgress(committed);
    if (!metadata.startsWith(FORMAT)) {
      return progress;
    }
    try {
      ByteBuffer bytes =
          ByteBuffer.wrap(Base64.getDecoder().decode(metadata.substring(FORMAT.length())));
      long at = committed;
      while (true) {
        at = Math.addExact(at, read(bytes));
        if (!bytes.hasRemaining()) {
          progress.end = at;
          return progress;
        }
        progress.unfinished.add(at);
      }
    } catch (IllegalArgumentException | ArithmeticException | BufferUnderflowException foreign) {
      return new PartitionProgress(committed);
    }
  }

  /** How many offsets behind the first that is not done are done. */
  long doneOutOfTurn() {
    return ahead() - unfinished.size();
  }

  private static void write(ByteBuffer bytes, long value) {
    long rest = value;
    while (rest > 0x7f) {
      bytes.put((byte) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    bytes.put((byte) rest);
  }

  private static long read(ByteBuffer bytes) {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      byte next = bytes.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number of more than nine bytes");
  }
}
