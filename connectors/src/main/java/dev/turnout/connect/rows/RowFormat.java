package dev.turnout.connect.rows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.avro.Schema;

/** How rows are written to a file. */
public enum RowFormat {
  /** One JSON object a line, UTF-8; bytes as base64, moments in ISO 8601. */
  JSONL,
  /** Parquet, compressed with Zstandard; Avro's types as parquet-avro maps them. */
  PARQUET;

  /** What names of such files end with, without a dot. */
  public String extension() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Begins a file.
   *
   * @param path where; what is there is replaced
   * @param schema of the rows, a record
   * @throws IOException if it cannot be made
   */
  public RowFile create(Path path, Schema schema) throws IOException {
    return switch (this) {
      case JSONL -> new JsonRowFile(path);
      case PARQUET -> new ParquetRowFile(path, schema);
    };
  }
}
