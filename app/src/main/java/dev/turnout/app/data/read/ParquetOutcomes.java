package dev.turnout.app.data.read;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.app.data.OutcomeDataException;
import dev.turnout.connect.rows.ParquetRows;
import java.io.IOException;
import java.nio.file.Path;

/** Reads Parquet, whose columns are named as the fields of JSON Lines. */
final class ParquetOutcomes {
  private static final String SHAPE =
      "write it with turnout export or the connector TurnoutFileSink, or with the columns id,"
          + " dataset, question and scores (a map of numbers), compressed with zstd";

  private ParquetOutcomes() {}

  static void read(Path file, OutcomeObjects into) {
    int row = 0;
    try (ParquetRows rows = ParquetRows.open(file)) {
      for (ObjectNode next = rows.next(); next != null; next = rows.next()) {
        row++;
        into.add(file + " row " + row, file, "Parquet", next, SHAPE);
      }
    } catch (IOException e) {
      throw new OutcomeDataException(
          file + " row " + (row + 1), "cannot be read: " + e.getMessage(), SHAPE, e);
    }
  }
}
