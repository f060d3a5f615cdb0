package dev.turnout.app.data.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.app.data.OutcomeDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** An optional file beside outcomes that holds one JSON object. */
final class JsonObjectFile {
  private JsonObjectFile() {}

  /**
   * Its fields in order; none if there is no such file.
   *
   * @param remedy what to write instead of what cannot be read
   * @throws OutcomeDataException if the file holds something else than an object
   */
  static Set<Map.Entry<String, JsonNode>> fields(Path file, String remedy) {
    if (!Files.isRegularFile(file)) {
      return Set.of();
    }
    try {
      JsonNode root = new ObjectMapper().readTree(file.toFile());
      if (!root.isObject()) {
        throw new OutcomeDataException(file.toString(), "is not a JSON object", remedy);
      }
      return root.properties();
    } catch (JsonProcessingException e) {
      throw new OutcomeDataException(file + JsonPlace.of(e), e.getOriginalMessage(), remedy, e);
    } catch (IOException e) {
      throw new OutcomeDataException(file.toString(), "cannot be read: " + e, "check the file", e);
    }
  }
}
