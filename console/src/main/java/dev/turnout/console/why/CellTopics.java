package dev.turnout.console.why;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.turnout.belief.Posteriors;
import dev.turnout.console.recent.SeenQuery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The cells of the model that decides most, as topics of the latest traffic.
 *
 * @param modelVersion whose cells they are; empty before anything was decided
 * @param queries of all its cells
 * @param others latest queries that other models decided, or that lie in no cell
 * @param cells those with the most queries, these first
 */
record CellTopics(String modelVersion, int queries, int others, List<CellTopic> cells) {
  private static final int MOST_WORDS = 7;
  private static final int MOST_EXAMPLES = 3;

  /**
   * A cell that has traffic.
   *
   * @param share of the queries of all cells
   * @param words that tell its queries from others
   * @param examples the latest queries, those with the most of the words
   */
  record CellTopic(
      int cell,
      double share,
      List<String> words,
      List<SeenQuery> examples,
      Optional<BestOfCell> best) {
    CellTopic {
      words = List.copyOf(words);
      examples = List.copyOf(examples);
    }
  }

  CellTopics {
    cells = List.copyOf(cells);
  }

  /** The model with cells that decided the most of some queries; empty if none did. */
  static String model(List<SeenQuery> queries) {
    return queries.stream()
        .filter(query -> query.decision().getCell() != null)
        .collect(groupingBy(query -> query.decision().getModelVersion(), counting()))
        .entrySet()
        .stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse("");
  }

  /**
   * Of the latest queries.
   *
   * @param latest the latest first
   * @param posteriors what graded feedback says of the model; null without any
   * @param most cells
   */
  static CellTopics of(
      List<SeenQuery> latest, String model, @Nullable Posteriors posteriors, int most) {
    Map<Integer, List<SeenQuery>> byCell = new TreeMap<>();
    TopicWords words = new TopicWords();
    int queries = 0;
    for (SeenQuery query : latest) {
      Integer cell = query.decision().getCell();
      if (cell != null && query.decision().getModelVersion().equals(model)) {
        byCell.computeIfAbsent(cell, unused -> new ArrayList<>()).add(query);
        query.text().ifPresent(text -> words.add(cell, text));
        queries++;
      }
    }
    int all = queries;
    List<CellTopic> cells =
        byCell.entrySet().stream()
            .sorted(Comparator.comparingInt(cell -> -cell.getValue().size()))
            .limit(most)
            .map(cell -> topic(cell.getKey(), cell.getValue(), all, words, posteriors))
            .toList();
    return new CellTopics(model, queries, latest.size() - queries, cells);
  }

  private static CellTopic topic(
      int cell,
      List<SeenQuery> queries,
      int all,
      TopicWords words,
      @Nullable Posteriors posteriors) {
    List<String> telling = words.of(cell, MOST_WORDS);
    return new CellTopic(
        cell,
        (double) queries.size() / all,
        telling,
        examples(queries, telling),
        BestOfCell.of(queries, cell, posteriors));
  }

  private static List<SeenQuery> examples(List<SeenQuery> queries, List<String> words) {
    Set<String> texts = new HashSet<>();
    return queries.stream()
        .filter(
            query -> query.text().filter(text -> !text.isBlank() && texts.add(text)).isPresent())
        .sorted(Comparator.comparingLong(query -> -occurring(words, query)))
        .limit(MOST_EXAMPLES)
        .toList();
  }

  private static long occurring(List<String> words, SeenQuery query) {
    String text = query.text().orElse("").toLowerCase(Locale.ROOT);
    return words.stream().filter(text::contains).count();
  }
}
