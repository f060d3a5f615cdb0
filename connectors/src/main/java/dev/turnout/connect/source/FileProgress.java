package dev.turnout.connect.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * How far a file has been read.
 *
 * @param position first byte not read
 * @param line its line, from 1
 * @param head CRC-32 of the file's first bytes, {@value #HEAD} at most and none beyond position: by
 *     it a file is known that stands where another was
 */
record FileProgress(long position, long line, long head) {

  static final String FILE = "file";
  private static final int HEAD = 512;
  private static final String POSITION = "position";
  private static final String LINE = "line";
  private static final String DIGEST = "head";

  static final FileProgress BEGINNING = new FileProgress(0, 1, 0);

  /** What Connect kept. */
  static FileProgress of(Map<String, ?> file, Map<String, ?> place) {
    if (place.get(POSITION) instanceof Number position
        && place.get(LINE) instanceof Number line
        && place.get(DIGEST) instanceof Number head
        && position.longValue() >= 0
        && line.longValue() >= 1) {
      return new FileProgress(position.longValue(), line.longValue(), head.longValue());
    }
    throw new ConnectException(
        "the offset of "
            + file
            + " is "
            + place
            + "; it must have "
            + POSITION
            + ", "
            + LINE
            + " and "
            + DIGEST
            + ", or be null to read the file from its beginning");
  }

  static Map<String, String> key(Path file) {
    return Map.of(FILE, file.toString());
  }

  /** What Connect keeps. */
  Map<String, Object> place() {
    return Map.of(POSITION, position, LINE, line, DIGEST, head);
  }

  /** Behind a row. */
  FileProgress behind(RawRow row, Path file) throws IOException {
    long known = position >= HEAD ? head : digest(file, row.end());
    return new FileProgress(row.end(), row.nextLine(), known);
  }

  /** Whether a file still begins as the one that was read. */
  boolean fits(Path file) throws IOException {
    return Files.size(file) >= position && digest(file, position) == head;
  }

  private static long digest(Path file, long most) throws IOException {
    CRC32 digest = new CRC32();
    try (InputStream in = Files.newInputStream(file)) {
      digest.update(in.readNBytes((int) Math.min(most, HEAD)));
    }
    return most == 0 ? 0 : digest.getValue();
  }
}
