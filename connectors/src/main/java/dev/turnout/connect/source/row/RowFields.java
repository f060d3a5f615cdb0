package dev.turnout.connect.source.row;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** The fields of a row, out of its bytes. */
public final class RowFields {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private RowFields() {}

  /**
   * The text of a row, without its line's end and without a byte order mark.
   *
   * @throws RowException if it is not UTF-8
   */
  public static String text(byte[] row) throws RowException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(row)).toString();
    } catch (CharacterCodingException other) {
      throw new RowException("the row is not UTF-8; convert the file");
    }
    return (text.startsWith("\uFEFF") ? text.substring(1) : text).strip();
  }

  /**
   * The fields of a JSON object.
   *
   * @throws RowException if it is none
   */
  public static ObjectNode json(String text) throws RowException {
    try {
      if (MAPPER.readTree(text) instanceof ObjectNode object) {
        return object;
      }
      throw new RowException("the row is JSON but no object; each line must be one {...}");
    } catch (JsonProcessingException broken) {
      throw new RowException(
          "the row is not JSON: " + broken.getOriginalMessage() + "; each line must be one {...}");
    }
  }

  /**
   * An object or array that stands in a cell of CSV.
   *
   * @throws RowException if it is not JSON
   */
  static JsonNode any(String text) throws RowException {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException broken) {
      throw new RowException("a cell is not JSON: " + broken.getOriginalMessage());
    }
  }

  /**
   * The cells of a row of CSV, by RFC 4180.
   *
   * @throws RowException if it is not one row
   */
  public static List<String> cells(String text) throws RowException {
    try (CSVParser parser = CSVFormat.RFC4180.parse(new StringReader(text))) {
      List<CSVRecord> rows = parser.getRecords();
      if (rows.size() != 1) {
        throw new RowException("the row holds " + rows.size() + " rows of CSV; check its quotes");
      }
      return rows.get(0).toList();
    } catch (IOException | UncheckedIOException broken) {
      throw new RowException("the row is not CSV: " + broken.getMessage());
    }
  }

  /**
   * The fields of a row of CSV. A dot in a column's name leads into an object, as in {@code
   * metadata.topic}; an empty cell is no field.
   *
   * @throws RowException if there are more cells than columns, or fewer
   */
  public static ObjectNode csv(List<String> header, List<String> cells) throws RowException {
    if (cells.size() != header.size()) {
      throw new RowException(
          "the row has " + cells.size() + " cells and the header " + header.size() + " columns");
    }
    ObjectNode fields = MAPPER.createObjectNode();
    for (int i = 0; i < cells.size(); i++) {
      if (!cells.get(i).isEmpty()) {
        put(fields, header.get(i).strip(), cells.get(i));
      }
    }
    return fields;
  }

  private static void put(ObjectNode fields, String column, String cell) throws RowException {
    int dot = column.indexOf('.');
    if (dot > 0 && fields.path(column.substring(0, dot)).isTextual()) {
      throw new RowException(
          "there are columns \""
              + column.substring(0, dot)
              + "\" and \""
              + column
              + "\"; only one of them can hold the field");
    }
    if (dot < 0) {
      fields.put(column, cell);
    } else {
      put(fields.withObjectProperty(column.substring(0, dot)), column.substring(dot + 1), cell);
    }
  }
}
