package dev.turnout.app.data.read;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.app.data.OutcomeDataException;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.Split;
import dev.turnout.app.data.origin.SplitOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads the folder layout of the RouterDC paper: {@code train/}, {@code test/} and optionally
 * {@code ood/}, each with one JSON file a task: {@code [{"question": "…", "scores": {"llm":
 * 0.4}}]}. Records are streamed, so a file may be larger than memory allows as a tree.
 */
final class RouterDcFolder {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String SHAPE =
      "each file must be a JSON array of {\"question\": text, \"scores\": {llm: number}}";

  private RouterDcFolder() {}

  static boolean matches(Path dir) {
    return Files.isDirectory(dir.resolve("train")) && !files(dir.resolve("train")).isEmpty();
  }

  static OutcomeDataset read(Path dir) {
    ScoringRules rules = ScoringRules.routerDc().overriddenIn(dir);
    OutcomeCollector collector = new OutcomeCollector();
    for (Split split : Split.values()) {
      Path folder = dir.resolve(split.name().toLowerCase(Locale.ROOT));
      if (Files.isDirectory(folder)) {
        for (Path file : files(folder)) {
          read(file, split, rules, collector);
        }
      }
    }
    return collector.toDataset(PriceFile.read(dir));
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.filter(path -> path.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw new OutcomeDataException(
          folder.toString(), "cannot be listed: " + e, "check its permissions", e);
    }
  }

  private static void read(Path file, Split split, ScoringRules rules, OutcomeCollector collector) {
    String fileName = file.getFileName().toString();
    String task =
        TaskName.withoutSplit(fileName.substring(0, fileName.length() - ".json".length()));
    if (!rules.knows(task)) {
      collector.warn(
          ("%s: how task \"%s\" is scored is not known, so its scores count as they are; say"
                  + " {\"%s\": \"positive\"}, \"share\" or a number in %s beside the data")
              .formatted(file, task, task, ScoringRules.FILE_NAME));
    }
    int index = 0;
    try (JsonParser parser = MAPPER.createParser(file.toFile())) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new OutcomeDataException(file + " line 1", "is not a JSON array", SHAPE);
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        String place =
            "%s line %d, record %d"
                .formatted(file, parser.currentTokenLocation().getLineNr(), index + 1);
        JsonNode node = MAPPER.readTree(parser);
        String id = split.name().toLowerCase(Locale.ROOT) + "/" + task + "/" + index;
        collector.add(
            new OutcomeCollector.Row(
                id,
                task,
                split,
                OutcomeFields.question(place, node),
                OutcomeFields.rewards(place, node, rules.of(task)),
                Map.of(),
                Map.of()),
            split.name().toLowerCase(Locale.ROOT) + "/" + fileName,
            "RouterDC JSON",
            SplitOrigin.FOLDER);
        index++;
      }
    } catch (JsonProcessingException e) {
      throw new OutcomeDataException(
          "%s%s, record %d".formatted(file, JsonPlace.of(e), index + 1),
          e.getOriginalMessage(),
          SHAPE,
          e);
    } catch (IOException e) {
      throw new OutcomeDataException(file.toString(), "cannot be read: " + e, "check the file", e);
    }
  }
}
