package dev.turnout.connect.source.row;

import dev.turnout.topic.BoundedText;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Where a row stands.
 *
 * @param file absolute path
 * @param line its first line, from 1
 * @param position its first byte, from 0
 */
public record RowPlace(String file, long line, long position) {

  private static final int LONGEST_NAME = 64;

  /** An id for what has none: the same whenever the row is read again. */
  public String id() {
    CRC32 path = new CRC32();
    path.update(file.getBytes(StandardCharsets.UTF_8));
    String name = file.substring(file.lastIndexOf('/') + 1);
    return "%s-%08x-%d".formatted(BoundedText.cut(name, LONGEST_NAME), path.getValue(), position);
  }

  @Override
  public String toString() {
    return file + " line " + line;
  }
}
