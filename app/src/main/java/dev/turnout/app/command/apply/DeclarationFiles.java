package dev.turnout.app.command.apply;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.turnout.app.console.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads YAML (or JSON, which is YAML) documents from files. */
final class DeclarationFiles {
  private static final int MOST_BYTES = 8 * 1024 * 1024;
  private static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  private DeclarationFiles() {}

  /**
   * The documents of a file, or of all {@code .yaml}, {@code .yml} and {@code .json} files of a
   * folder in the order of their names; hidden ones are left out, as a mounted ConfigMap has some.
   *
   * @throws CommandFailure naming file and line
   */
  static List<Declaration> read(Path where) {
    List<Declaration> all = new ArrayList<>();
    for (Path file : files(where)) {
      documents(file, all);
    }
    if (all.isEmpty()) {
      throw new CommandFailure(
          where + " declares nothing; give a YAML file, or a folder of .yaml files");
    }
    return all;
  }

  private static List<Path> files(Path where) {
    if (!Files.isDirectory(where)) {
      return List.of(where);
    }
    try (Stream<Path> found = Files.list(where)) {
      return found.filter(DeclarationFiles::declares).sorted().toList();
    } catch (IOException e) {
      throw unreadable(where, e);
    }
  }

  private static boolean declares(Path file) {
    String name = String.valueOf(file.getFileName());
    return !name.startsWith(".") && name.matches(".*\\.(ya?ml|json)") && Files.isRegularFile(file);
  }

  private static void documents(Path file, List<Declaration> all) {
    try (JsonParser parser = YAML.createParser(bytes(file))) {
      int number = 0;
      while (parser.nextToken() != null) {
        number++;
        int line = parser.currentTokenLocation().getLineNr();
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
          continue; // nothing between two lines of ---
        }
        JsonNode document = YAML.readTree(parser);
        if (!(document instanceof ObjectNode fields)) {
          throw new CommandFailure(
              file
                  + ":"
                  + line
                  + ": document "
                  + number
                  + " is not made of \"field: value\" lines");
        }
        all.add(new Declaration(file, number, line, fields));
      }
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new CommandFailure(
          file
              + ":"
              + (at == null ? 1 : at.getLineNr())
              + ": is not valid YAML: "
              + e.getOriginalMessage().lines().findFirst().orElse(""),
          e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new CommandFailure(
            file + " has more than " + MOST_BYTES + " bytes; put its documents into several files");
      }
      return bytes;
    }
  }

  private static CommandFailure unreadable(Path where, IOException e) {
    return new CommandFailure(
        where + " cannot be read (" + e.getClass().getSimpleName() + "); give a file or a folder",
        e);
  }
}
