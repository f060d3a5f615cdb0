package dev.turnout.app.data.read;

import dev.turnout.app.data.OutcomeDataException;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.Split;
import dev.turnout.app.data.origin.SplitOrigin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import org.jspecify.annotations.Nullable;

/**
 * Reads CSV as RouterBench and RouteLLM publish it, plain or gzip: {@code prompt}, one column an
 * LLM with its score or {@code True} and {@code False}, optionally {@code sample_id}, {@code
 * eval_name}, {@code split}, {@code LLM|total_cost} (USD) and {@code LLM|model_response} or {@code
 * LLM_response}; columns without a name are skipped. The task is the column's, else the file's
 * name. The split is the column's; else what the file's name or else the task ends with ({@code
 * _train}, {@code _test}, {@code _ood}); else a checksum of the question decides: 80 % train, 20 %
 * test, the same on every run and for equal questions.
 */
final class OutcomeCsv {
  private static final int LOOKED_AT = 200;

  private final Path file;
  private final ScoringRules rules;
  private final OutcomeCollector collector;

  private OutcomeCsv(Path file, ScoringRules rules, OutcomeCollector collector) {
    this.file = file;
    this.rules = rules;
    this.collector = collector;
  }

  static OutcomeDataset read(Path folder, List<Path> files) {
    ScoringRules rules = ScoringRules.asRecorded().overriddenIn(folder);
    OutcomeCollector collector = new OutcomeCollector();
    for (Path file : files) {
      new OutcomeCsv(file, rules, collector).read();
    }
    return collector.toDataset(PriceFile.read(folder));
  }

  /** A row and the line on which it begins. */
  private record Numbered(CSVRecord row, long line) {}

  private void read() {
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setAllowMissingColumnNames(true)
            .setDuplicateHeaderMode(DuplicateHeaderMode.ALLOW_EMPTY)
            .setTrim(false)
            .get();
    try (BufferedReader reader = OutcomeFiles.reader(file);
        CSVParser parser = CSVParser.builder().setReader(reader).setFormat(format).get()) {
      List<Numbered> first = new ArrayList<>();
      Iterator<CSVRecord> rows = parser.iterator();
      long line = parser.getCurrentLineNumber() + 1;
      while (first.size() < LOOKED_AT && rows.hasNext()) {
        first.add(new Numbered(rows.next(), line));
        line = parser.getCurrentLineNumber() + 1;
      }
      CsvColumns columns =
          CsvColumns.of(file, parser.getHeaderNames(), first.stream().map(Numbered::row).toList());
      columns.llms().forEach(collector::addLlm);
      if (!columns.ignored().isEmpty()) {
        collector.warn(
            "%s: no number stands in %s, so they are no LLMs; leave scores blank where not graded"
                .formatted(file, columns.ignored()));
      }
      for (Numbered row : first) {
        add(row.line(), row.row(), columns);
      }
      while (rows.hasNext()) {
        add(line, rows.next(), columns);
        line = parser.getCurrentLineNumber() + 1;
      }
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw new OutcomeDataException(
          file.toString(),
          "is not well-formed CSV: " + e.getMessage(),
          "save it as comma-separated UTF-8 with a header line of distinct names and quoted texts",
          e);
    }
  }

  private void add(long line, CSVRecord row, CsvColumns columns) {
    String place = file + " line " + line;
    if (!row.isConsistent()) {
      throw new OutcomeDataException(
          place,
          "has %d fields where the header has %d".formatted(row.size(), columns.count()),
          "quote texts that hold commas or line breaks");
    }
    String fileTask = TaskName.ofFile(file);
    String named = columns.task() == null ? fileTask : row.get(columns.task()).strip();
    String task = TaskName.withoutSplit(named);
    String question = PythonText.unwrapped(row.get(columns.question()));
    Map<String, Double> rewards = new LinkedHashMap<>();
    Map<String, Double> costs = new LinkedHashMap<>();
    Map<String, String> answers = new LinkedHashMap<>();
    for (String llm : columns.llms()) {
      String column = column(place, llm);
      rewards.put(
          llm,
          OutcomeFields.reward(column, OutcomeFields.number(column, row.get(llm)), rules.of(task)));
      if (columns.costed()) {
        String cost = llm + CsvColumns.COST;
        costs.put(llm, OutcomeFields.amount(column(place, cost), row.get(cost)));
      }
      String response = CsvColumns.response(row, llm);
      if (response != null) {
        answers.put(llm, PythonText.unwrapped(row.get(response)));
      }
    }
    String column = columns.split();
    SplitOrigin origin = origin(column, fileTask, named);
    Split split =
        switch (origin) {
          case COLUMN -> split(place, row.get(String.valueOf(column)));
          case FILE_NAME -> TaskName.split(fileTask).orElseThrow();
          case TASK_NAME -> TaskName.split(named).orElseThrow();
          default -> Split.byChecksum(question);
        };
    String id = columns.id() == null ? task + "/" + row.getRecordNumber() : row.get(columns.id());
    collector.add(
        new OutcomeCollector.Row(id, task, split, question, rewards, costs, answers),
        file.getFileName().toString(),
        columns.format(),
        origin);
  }

  private static String column(String place, String name) {
    return place + ", column \"" + name + "\"";
  }

  private static SplitOrigin origin(@Nullable String column, String file, String task) {
    if (column != null) {
      return SplitOrigin.COLUMN;
    }
    if (TaskName.split(file).isPresent()) {
      return SplitOrigin.FILE_NAME;
    }
    return TaskName.split(task).isPresent() ? SplitOrigin.TASK_NAME : SplitOrigin.CHECKSUM;
  }

  private static Split split(String place, String text) {
    return Split.named(text)
        .orElseThrow(
            () ->
                new OutcomeDataException(
                    column(place, "split"), "is \"" + text + "\"", "write train, test or ood"));
  }
}
