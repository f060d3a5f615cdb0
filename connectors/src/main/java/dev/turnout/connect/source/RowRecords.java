package dev.turnout.connect.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.connect.convert.ConnectStructs;
import dev.turnout.connect.source.row.RowException;
import dev.turnout.connect.source.row.RowFields;
import dev.turnout.connect.source.row.RowMapping;
import dev.turnout.connect.source.row.RowPlace;
import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.DeadLetterRecord;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.RefusedRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Makes Connect's records of rows: what they mean, or a dead letter that says where and why. */
final class RowRecords {
  private static final String STAGE = "connect";

  private final FileSourceSettings settings;

  RowRecords(FileSourceSettings settings) {
    this.settings = settings;
  }

  /**
   * The rows of one file.
   *
   * @param begun whether its first row is read already; of CSV that is the header
   */
  OfFile of(Path file, boolean begun) throws IOException {
    OfFile rows = new OfFile(file, settings.isCsv(file));
    if (begun && rows.csv) {
      try (RowReader reader = new RowReader(file, 0, 1, true, settings.longestRow())) {
        RawRow first = reader.next(true);
        if (first != null) {
          rows.header(first);
        }
      }
    }
    return rows;
  }

  /** Knows the header of a file of CSV. Confined to one thread. */
  final class OfFile {
    private final Path file;
    private final boolean csv;
    private @Nullable List<String> columns;

    private OfFile(Path file, boolean csv) {
      this.file = file;
      this.csv = csv;
    }

    /**
     * The record of a row; null if there is none in it: a blank line, or the header.
     *
     * @param behind what Connect keeps with the record
     * @throws ConnectException if the row is malformed and the task is to fail then
     */
    @Nullable SourceRecord record(RawRow row, Map<String, Object> behind) {
      RowPlace place = new RowPlace(file.toString(), row.line(), row.position());
      try {
        if (row.problem() != null) {
          throw new RowException(
              row.problem().contains("longer")
                  ? DeadLetterReason.TOO_LARGE
                  : DeadLetterReason.UNDECODABLE,
              row.problem());
        }
        if (csv && columns == null) {
          header(row);
          return null;
        }
        String text = RowFields.text(row.bytes());
        if (text.isEmpty()) {
          return null;
        }
        ObjectNode fields =
            columns == null ? RowFields.json(text) : RowFields.csv(columns, RowFields.cells(text));
        RowMapping.Keyed record = settings.mapping().map(fields, place);
        Struct value = ConnectStructs.of(record.value());
        return new SourceRecord(
            FileProgress.key(file),
            behind,
            settings.topic(),
            null,
            Schema.STRING_SCHEMA,
            record.key(),
            value.schema(),
            value);
      } catch (RowException malformed) {
        return letter(row, place, behind, malformed);
      }
    }

    private void header(RawRow row) {
      try {
        columns = RowFields.cells(RowFields.text(row.bytes()));
      } catch (RowException broken) {
        throw new ConnectException(
            file + " line 1 is no header of CSV: " + broken.detail() + "; mend it", broken);
      }
    }

    private SourceRecord letter(
        RawRow row, RowPlace place, Map<String, Object> behind, RowException malformed) {
      String detail = place + ": " + malformed.detail();
      if (settings.deadLetters().isEmpty()) {
        throw new ConnectException(
            detail
                + ". Mend the file from there on and restart the task, or set"
                + " malformed.rows=dead-letter to go on without the row",
            malformed);
      }
      DeadLetterRecord letter =
          DeadLetters.of(
              new RefusedRecord(
                  file.toString(), -1, row.position(), null, row.bytes(), new RecordHeaders()),
              malformed.reason().name(),
              detail,
              STAGE);
      ConnectHeaders headers = new ConnectHeaders();
      for (Header header : letter.headers()) {
        headers.addString(header.key(), new String(header.value(), StandardCharsets.UTF_8));
      }
      return new SourceRecord(
          FileProgress.key(file),
          behind,
          settings.deadLetters(),
          null,
          Schema.OPTIONAL_STRING_SCHEMA,
          null,
          Schema.OPTIONAL_BYTES_SCHEMA,
          letter.value(),
          null,
          headers);
    }
  }
}
