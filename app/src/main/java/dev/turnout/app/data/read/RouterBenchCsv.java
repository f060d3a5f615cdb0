package dev.turnout.app.data.read;

import dev.turnout.app.data.OutcomeDataException;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.Split;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads CSV in RouterBench's layout, plain or gzip: {@code sample_id}, {@code prompt}, {@code
 * eval_name}, one column an LLM with its score, optionally {@code LLM|total_cost} (USD) and {@code
 * LLM|model_response}. The split is the column {@code split} where there is one, else the checksum
 * of the sample id decides: 80 % train, 20 % test, the same on every run.
 */
final class RouterBenchCsv {
  private static final Logger LOG = LoggerFactory.getLogger(RouterBenchCsv.class);
  private static final String COST = "|total_cost";
  private static final String RESPONSE = "|model_response";
  private static final Set<String> NOT_LLMS =
      Set.of(
          "",
          "id",
          "sample_id",
          "prompt",
          "question",
          "eval_name",
          "dataset",
          "split",
          "oracle_model_to_route_to");
  private static final int TRAIN_PERCENT = 80;

  private RouterBenchCsv() {}

  static OutcomeDataset read(Path folder, List<Path> files) {
    ScoringRules rules = ScoringRules.asRecorded().overriddenIn(folder);
    OutcomeCollector collector = new OutcomeCollector();
    for (Path file : files) {
      read(file, rules, collector);
    }
    return collector.toDataset(PriceFile.read(folder));
  }

  private static void read(Path file, ScoringRules rules, OutcomeCollector collector) {
    CSVFormat format =
        CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).setTrim(false).get();
    try (BufferedReader reader = OutcomeFiles.reader(file);
        CSVParser parser = CSVParser.builder().setReader(reader).setFormat(format).get()) {
      Columns columns = Columns.of(file, parser.getHeaderNames());
      columns.llms().forEach(collector::addLlm);
      if (columns.split() == null) {
        LOG.atInfo()
            .setMessage("no column \"split\", so the checksum of each sample id decides")
            .addKeyValue("file", file)
            .addKeyValue("train_percent", TRAIN_PERCENT)
            .log();
      }
      for (CSVRecord row : parser) {
        collector.add(row(file, parser.getCurrentLineNumber(), row, columns, rules));
      }
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw new OutcomeDataException(
          file.toString(),
          "is not well-formed CSV: " + e.getMessage(),
          "save it as comma-separated UTF-8 with a header line and quoted texts",
          e);
    }
  }

  private static OutcomeCollector.Row row(
      Path file, long line, CSVRecord row, Columns columns, ScoringRules rules) {
    String place = file + " line " + line;
    if (!row.isConsistent()) {
      throw new OutcomeDataException(
          place,
          "has %d fields where the header has %d".formatted(row.size(), columns.count()),
          "quote texts that hold commas or line breaks");
    }
    String id =
        columns.id() == null ? String.valueOf(row.getRecordNumber()) : row.get(columns.id());
    String task =
        columns.task() == null ? "all" : TaskName.withoutSplit(row.get(columns.task()).strip());
    Map<String, Double> rewards = new LinkedHashMap<>();
    Map<String, Double> costs = new LinkedHashMap<>();
    Map<String, String> answers = new LinkedHashMap<>();
    for (String llm : columns.llms()) {
      String field = place + ", field \"" + llm + "\"";
      rewards.put(
          llm,
          OutcomeFields.reward(field, OutcomeFields.number(field, row.get(llm)), rules.of(task)));
      if (row.isMapped(llm + COST)) {
        String cost = place + ", field \"" + llm + COST + "\"";
        costs.put(llm, OutcomeFields.number(cost, row.get(llm + COST)));
      }
      if (row.isMapped(llm + RESPONSE)) {
        answers.put(llm, row.get(llm + RESPONSE));
      }
    }
    return new OutcomeCollector.Row(
        id,
        task,
        columns.split() == null ? hashed(id) : split(place, row.get(columns.split())),
        unwrapped(row.get(columns.question())),
        rewards,
        costs,
        answers);
  }

  private static Split split(String place, String text) {
    return Split.named(text)
        .orElseThrow(
            () ->
                new OutcomeDataException(
                    place + ", field \"split\"",
                    "is \"" + text + "\"",
                    "write train, test or ood"));
  }

  private static Split hashed(String id) {
    CRC32 checksum = new CRC32();
    checksum.update(id.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return checksum.getValue() % 100 < TRAIN_PERCENT ? Split.TRAIN : Split.TEST;
  }

  /** RouterBench writes a prompt as the print of a Python list with one text. */
  private static String unwrapped(String prompt) {
    boolean list =
        (prompt.startsWith("['") && prompt.endsWith("']"))
            || (prompt.startsWith("[\"") && prompt.endsWith("\"]"));
    return list ? prompt.substring(2, prompt.length() - 2).replace("\\n", "\n") : prompt;
  }

  private record Columns(
      @Nullable String id,
      @Nullable String task,
      @Nullable String split,
      String question,
      List<String> llms,
      int count) {

    static Columns of(Path file, List<String> header) {
      String question = first(header, "prompt", "question");
      if (question == null) {
        throw new OutcomeDataException(
            file + " line 1", "has no column \"prompt\"", "name the column with the query so");
      }
      List<String> costed = header.stream().filter(name -> header.contains(name + COST)).toList();
      List<String> llms =
          costed.isEmpty()
              ? header.stream()
                  .filter(name -> !NOT_LLMS.contains(name) && !name.contains("|"))
                  .toList()
              : costed;
      if (llms.isEmpty()) {
        throw new OutcomeDataException(
            file + " line 1", "has no column with an LLM's scores", "add one column an LLM");
      }
      return new Columns(
          first(header, "sample_id", "id"),
          first(header, "eval_name", "dataset"),
          first(header, "split"),
          question,
          llms,
          header.size());
    }

    private static @Nullable String first(List<String> header, String... names) {
      for (String name : names) {
        if (header.contains(name)) {
          return name;
        }
      }
      return null;
    }
  }
}
