package dev.turnout.app.data.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.app.data.OutcomeDataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/** Reads JSON Lines, plain or gzip; {@link OutcomeObjects} says what an object means. */
final class JsonLines {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String SHAPE =
      "each line must be one JSON object"
          + " {\"id\": \"train/1\", \"dataset\": …, \"question\": …, \"scores\": {llm: number}}";

  private JsonLines() {}

  static void read(Path file, OutcomeObjects into) {
    int line = 0;
    try (BufferedReader reader = OutcomeFiles.reader(file)) {
      String text;
      while ((text = reader.readLine()) != null) {
        line++;
        if (!text.isBlank()) {
          into.add(file + " line " + line, file, "JSON Lines", MAPPER.readTree(text), SHAPE);
        }
      }
    } catch (JsonProcessingException e) {
      throw new OutcomeDataException(
          file + " line " + line + JsonPlace.column(e), e.getOriginalMessage(), SHAPE, e);
    } catch (IOException e) {
      throw new OutcomeDataException(
          file + " line " + (line + 1), "cannot be read: " + e, "check the file", e);
    }
  }
}
