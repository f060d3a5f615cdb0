package dev.turnout.app.data.read;

import dev.turnout.app.data.OutcomeDataException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the columns of a CSV file hold. In RouterBench's layout an LLM is whatever has a column
 * {@code LLM|total_cost}; in RouteLLM's, every column that is nothing else.
 *
 * @param id column with the query's id
 * @param task column with the task
 * @param split column with the split
 * @param question column with the query
 * @param llms columns with scores
 * @param ignored columns that look like an LLM's but hold no scores
 * @param costed whether there are costs, as in RouterBench's layout
 * @param count number of columns
 */
record CsvColumns(
    @Nullable String id,
    @Nullable String task,
    @Nullable String split,
    String question,
    List<String> llms,
    List<String> ignored,
    boolean costed,
    int count) {
  static final String COST = "|total_cost";
  private static final List<String> RESPONSES = List.of("|model_response", "_response");
  private static final Set<String> NOT_LLMS =
      Set.of(
          "id",
          "sample_id",
          "index",
          "prompt",
          "question",
          "eval_name",
          "dataset",
          "split",
          "oracle_model_to_route_to");
  private static final Pattern PANDAS_INDEX = Pattern.compile("Unnamed: \\d+(_level_\\d+)?");

  /**
   * Understands a header.
   *
   * @param first the first rows, which tell scores from texts
   */
  static CsvColumns of(Path file, List<String> header, List<CSVRecord> first) {
    String question = first(header, "prompt", "question");
    if (question == null) {
      throw new OutcomeDataException(
          file + " line 1", "has no column \"prompt\"", "name the column with the query so");
    }
    List<String> costed = header.stream().filter(name -> header.contains(name + COST)).toList();
    List<String> candidates =
        costed.isEmpty() ? header.stream().filter(name -> mayBeLlm(name, header)).toList() : costed;
    List<String> ignored =
        costed.isEmpty()
            ? candidates.stream().filter(name -> holdsTexts(name, first)).toList()
            : List.of();
    List<String> llms = candidates.stream().filter(name -> !ignored.contains(name)).toList();
    if (llms.isEmpty()) {
      throw new OutcomeDataException(
          file + " line 1",
          "has no column with an LLM's scores"
              + (ignored.isEmpty() ? "" : "; no number stands in " + ignored),
          "add one column an LLM, with scores in 0..1 or True and False");
    }
    return new CsvColumns(
        first(header, "sample_id", "id"),
        first(header, "eval_name", "dataset"),
        first(header, "split"),
        question,
        llms,
        ignored,
        !costed.isEmpty(),
        header.size());
  }

  /** The layout in words. */
  String format() {
    return costed ? "RouterBench CSV" : "RouteLLM CSV";
  }

  /** The column with an LLM's answers. */
  static @Nullable String response(CSVRecord row, String llm) {
    return RESPONSES.stream().map(llm::concat).filter(row::isMapped).findFirst().orElse(null);
  }

  private static boolean mayBeLlm(String name, List<String> header) {
    return !name.isBlank()
        && !NOT_LLMS.contains(name)
        && !name.contains("|")
        && !PANDAS_INDEX.matcher(name).matches()
        && RESPONSES.stream()
            .noneMatch(
                end ->
                    name.endsWith(end)
                        && header.contains(name.substring(0, name.length() - end.length())));
  }

  private static boolean holdsTexts(String name, List<CSVRecord> first) {
    List<String> values =
        first.stream()
            .filter(CSVRecord::isConsistent)
            .map(row -> row.get(name))
            .filter(value -> !value.isBlank())
            .toList();
    return !values.isEmpty() && values.stream().noneMatch(OutcomeFields::isScore);
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
