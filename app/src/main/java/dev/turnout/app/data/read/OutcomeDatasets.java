package dev.turnout.app.data.read;

import dev.turnout.app.data.OutcomeDataException;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads outcome data of any known layout. */
public final class OutcomeDatasets {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeDatasets.class);
  private static final String LAYOUTS =
      "give a folder with train/*.json and test/*.json (RouterDC), with *.jsonl or *.jsonl.gz, or"
          + " with *.csv or *.csv.gz (RouterBench)";

  private OutcomeDatasets() {}

  /**
   * Reads a folder in RouterDC's layout, or with JSON Lines, or with CSV in RouterBench's layout; a
   * single JSON Lines or CSV file will do as well. Training queries whose text also stands in the
   * test or out-of-distribution split are reported and left out.
   *
   * @throws OutcomeDataException if something cannot be used; names file, line, field and remedy
   */
  public static OutcomeDataset read(Path dir) {
    OutcomeDataset dataset = readAll(dir);
    if (dataset.split(Split.TRAIN).isEmpty()) {
      throw new OutcomeDataException(
          dir.toString(), "has no training queries", "add queries of the split train");
    }
    return withoutLeaks(dir, dataset);
  }

  private static OutcomeDataset readAll(Path dir) {
    if (Files.isRegularFile(dir)) {
      Path folder = dir.toAbsolutePath().getParent();
      if (folder != null && isJsonLines(dir)) {
        return JsonLines.read(folder, List.of(dir));
      }
      if (folder != null && isCsv(dir)) {
        return RouterBenchCsv.read(folder, List.of(dir));
      }
      throw new OutcomeDataException(dir.toString(), "is of an unknown kind", LAYOUTS);
    }
    if (!Files.isDirectory(dir)) {
      throw new OutcomeDataException(dir.toString(), "does not exist", LAYOUTS);
    }
    if (RouterDcFolder.matches(dir)) {
      return RouterDcFolder.read(dir);
    }
    List<Path> files = files(dir);
    List<Path> jsonLines = files.stream().filter(OutcomeDatasets::isJsonLines).toList();
    List<Path> csv = files.stream().filter(OutcomeDatasets::isCsv).toList();
    if (!jsonLines.isEmpty()) {
      return JsonLines.read(dir, jsonLines);
    }
    if (!csv.isEmpty()) {
      return RouterBenchCsv.read(dir, csv);
    }
    throw new OutcomeDataException(dir.toString(), "holds no outcome data", LAYOUTS);
  }

  private static OutcomeDataset withoutLeaks(Path dir, OutcomeDataset dataset) {
    Predicate<QueryOutcomes> leaks = Leaks.in(dataset);
    List<QueryOutcomes> leaked = dataset.queries().stream().filter(leaks).toList();
    if (leaked.isEmpty()) {
      return dataset;
    }
    LOG.atWarn()
        .setMessage(
            "training queries also stand in the test or OOD split and are left out of training")
        .addKeyValue("data", dir)
        .addKeyValue("queries", leaked.size())
        .addKeyValue("first", leaked.get(0).id())
        .log();
    return new OutcomeDataset(
        dataset.llms(),
        dataset.queries().stream().filter(leaks.negate()).toList(),
        dataset.prices());
  }

  private static List<Path> files(Path dir) {
    try (Stream<Path> paths = Files.list(dir)) {
      return paths.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new OutcomeDataException(
          dir.toString(), "cannot be listed: " + e, "check its permissions", e);
    }
  }

  private static boolean isJsonLines(Path file) {
    return file.toString().endsWith(".jsonl") || file.toString().endsWith(".jsonl.gz");
  }

  private static boolean isCsv(Path file) {
    return file.toString().endsWith(".csv") || file.toString().endsWith(".csv.gz");
  }
}
