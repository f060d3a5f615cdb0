package dev.turnout.app.data.read;

import dev.turnout.app.data.OutcomeDataException;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import dev.turnout.app.data.origin.DataOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads outcome data of any known layout. */
public final class OutcomeDatasets {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeDatasets.class);
  private static final String LAYOUTS =
      "give a folder with train/*.json and test/*.json (RouterDC), with *.jsonl, *.jsonl.gz or"
          + " *.parquet, or with *.csv or *.csv.gz (RouterBench, RouteLLM)";

  private OutcomeDatasets() {}

  /**
   * Reads a folder in RouterDC's layout, or with JSON Lines and Parquet, or with CSV in
   * RouterBench's or RouteLLM's layout; a single JSON Lines, Parquet or CSV file will do as well.
   * Training queries whose text also stands in the test or out-of-distribution split are reported
   * and left out.
   *
   * @throws OutcomeDataException if something cannot be used; names file, line, field and remedy
   */
  public static OutcomeDataset read(Path dir) {
    OutcomeDataset dataset = inspect(dir);
    if (dataset.split(Split.TRAIN).isEmpty()) {
      throw new OutcomeDataException(
          dir.toString(), "has no training queries", "add queries of the split train");
    }
    dataset
        .origin()
        .warnings()
        .forEach(
            warning ->
                LOG.atWarn()
                    .setMessage("outcome data")
                    .addKeyValue("data", dir)
                    .addKeyValue("warning", warning)
                    .log());
    return dataset;
  }

  /** The same for data that need not have training queries. */
  public static OutcomeDataset inspect(Path dir) {
    return withoutLeaks(readAll(dir));
  }

  private static OutcomeDataset readAll(Path dir) {
    if (Files.isRegularFile(dir)) {
      Path folder = dir.toAbsolutePath().getParent();
      if (folder != null && (isJsonLines(dir) || isParquet(dir))) {
        return objects(folder, List.of(dir));
      }
      if (folder != null && isCsv(dir)) {
        return OutcomeCsv.read(folder, List.of(dir));
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
    List<Path> objects =
        files.stream().filter(file -> isJsonLines(file) || isParquet(file)).toList();
    List<Path> csv = files.stream().filter(OutcomeDatasets::isCsv).toList();
    if (!objects.isEmpty()) {
      return objects(dir, objects);
    }
    if (!csv.isEmpty()) {
      return OutcomeCsv.read(dir, csv);
    }
    throw new OutcomeDataException(dir.toString(), "holds no outcome data", LAYOUTS);
  }

  private static OutcomeDataset objects(Path folder, List<Path> files) {
    OutcomeObjects objects = new OutcomeObjects(folder);
    for (Path file : files) {
      if (isParquet(file)) {
        ParquetOutcomes.read(file, objects);
      } else {
        JsonLines.read(file, objects);
      }
    }
    return objects.toDataset();
  }

  private static OutcomeDataset withoutLeaks(OutcomeDataset dataset) {
    Predicate<QueryOutcomes> leaks = Leaks.in(dataset);
    List<QueryOutcomes> leaked = dataset.queries().stream().filter(leaks).toList();
    if (leaked.isEmpty()) {
      return dataset;
    }
    List<String> warnings = new ArrayList<>(dataset.origin().warnings());
    warnings.add(
        "%,d training queries also stand in the test or OOD split and are left out of training, first %s"
            .formatted(leaked.size(), leaked.get(0).id()));
    return new OutcomeDataset(
        dataset.llms(),
        dataset.queries().stream().filter(leaks.negate()).toList(),
        dataset.prices(),
        new DataOrigin(dataset.origin().files(), warnings));
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

  private static boolean isParquet(Path file) {
    return file.toString().endsWith(".parquet");
  }

  private static boolean isCsv(Path file) {
    return file.toString().endsWith(".csv") || file.toString().endsWith(".csv.gz");
  }
}
