package dev.turnout.connect.source;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a file that may still grow into rows. A row ends with its line, or with a later one if a
 * quote is open. No more than the longest row is held: of a longer line the head is, and the rest
 * read over; behind a quote that nobody closes reading goes on with the next line. Confined to one
 * thread.
 */
final class RowReader implements Closeable {
  private static final int CHUNK = 64 * 1024;
  private static final int HEAD = 1024;

  private final FileChannel file;
  private final boolean quoted;
  private final int longest;
  private byte[] buffer = new byte[CHUNK];
  private int filled;
  private int scanned;
  private boolean inQuotes;
  private long position;
  private long line;

  /**
   * @param position where to begin, the first byte of a row
   * @param line number of that row's first line
   * @param quoted whether quotes may hold ends of lines, as in CSV
   * @param longest row, in bytes
   */
  RowReader(Path path, long position, long line, boolean quoted, int longest) throws IOException {
    this.file = FileChannel.open(path);
    this.position = position;
    this.line = line;
    this.quoted = quoted;
    this.longest = longest;
    file.position(position);
  }

  /**
   * The next row; null if there is none yet.
   *
   * @param settled whether what stands behind the last end of a line is a row too
   */
  @Nullable RawRow next(boolean settled) throws IOException {
    while (true) {
      while (scanned < filled) {
        byte each = buffer[scanned++];
        if (quoted && each == '"') {
          inQuotes = !inQuotes;
        } else if (each == '\n' && !inQuotes) {
          return scanned > longest + 1 ? tooLong(scanned) : take(scanned, null);
        }
      }
      if (filled > longest) {
        int first = firstLine();
        return first > 0 ? open(first) : skipped(settled);
      }
      if (!fill()) {
        if (!settled || filled == 0) {
          return null;
        }
        int first = firstLine();
        return inQuotes && first > 0 ? open(first) : inQuotes ? open(filled) : take(filled, null);
      }
    }
  }

  private boolean fill() throws IOException {
    if (filled == buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.min(buffer.length * 2, longest + CHUNK));
    }
    int read = file.read(ByteBuffer.wrap(buffer, filled, buffer.length - filled));
    filled += Math.max(read, 0);
    return read > 0;
  }

  /** Bytes of the first line, with its end; 0 if it has no end yet. */
  private int firstLine() {
    for (int i = 0; i < filled; i++) {
      if (buffer[i] == '\n') {
        return i + 1;
      }
    }
    return 0;
  }

  private RawRow open(int bytes) {
    return take(bytes, "a quote is opened and not closed within " + longest + " bytes");
  }

  private RawRow tooLong(int bytes) {
    return take(bytes, "the row is longer than " + longest + " bytes; raise row.max.bytes");
  }

  /** A line of which not even the end is in sight. */
  private @Nullable RawRow skipped(boolean settled) throws IOException {
    byte[] head = Arrays.copyOf(buffer, HEAD);
    long size = filled;
    while (true) {
      filled = 0;
      if (!fill()) {
        if (settled) {
          break;
        }
        // its end is still being written: read it again then
        file.position(position);
        scanned = 0;
        inQuotes = false;
        return null;
      }
      int end = firstLine();
      if (end > 0) {
        size += end;
        scanned = end;
        RawRow row = row(head, size, 1, tooLongProblem());
        drop(end);
        return row;
      }
      size += filled;
    }
    RawRow row = row(head, size, 0, tooLongProblem());
    drop(0);
    return row;
  }

  private String tooLongProblem() {
    return "the row is longer than " + longest + " bytes; raise row.max.bytes";
  }

  private RawRow take(int bytes, @Nullable String problem) {
    int lines = 0;
    for (int i = 0; i < bytes; i++) {
      if (buffer[i] == '\n') {
        lines++;
      }
    }
    RawRow row = row(Arrays.copyOf(buffer, bytes), bytes, lines, problem);
    drop(bytes);
    return row;
  }

  private RawRow row(byte[] bytes, long size, int lines, @Nullable String problem) {
    RawRow row = new RawRow(bytes, position, position + size, line, line + lines, problem);
    position += size;
    line += lines;
    return row;
  }

  private void drop(int bytes) {
    System.arraycopy(buffer, bytes, buffer, 0, filled - bytes);
    filled -= bytes;
    scanned = 0;
    inQuotes = false;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
