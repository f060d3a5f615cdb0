package dev.turnout.app.command.dlq;

import dev.turnout.app.console.TextTable;
import dev.turnout.dlq.DeadLetterTopic;
import dev.turnout.dlq.Letter;
import dev.turnout.dlq.LetterContent;
import dev.turnout.dlq.LetterSelection;
import dev.turnout.topic.DeadLetterState;
import dev.turnout.topic.LogText;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What {@code dlq list} says: the latest letters of a selection, and how many there are. */
final class LetterListing {
  private static final int LONGEST_ID = 40;

  private final LetterContent content;
  private final int limit;
  private final Deque<Map<String, @Nullable Object>> rows = new ArrayDeque<>();
  private final Map<DeadLetterState, Long> states = new EnumMap<>(DeadLetterState.class);
  private final Map<String, Long> waiting = new TreeMap<>();
  private long selected;

  private LetterListing(LetterContent content, int limit) {
    this.content = content;
    this.limit = limit;
    for (DeadLetterState state : DeadLetterState.values()) {
      states.put(state, 0L);
    }
  }

  static LetterListing of(
      DeadLetterTopic topic, LetterSelection selection, LetterContent content, int limit) {
    LetterListing listing = new LetterListing(content, limit);
    topic.read(
        letter -> {
          listing.count(letter);
          if (selection.has(letter)) {
            listing.add(letter);
          }
        });
    return listing;
  }

  /** Keeps what is shown of a letter, not its value, which may be megabytes. */
  private void add(Letter letter) {
    selected++;
    rows.addLast(row(letter));
    if (rows.size() > limit) {
      rows.removeFirst();
    }
  }

  private void count(Letter letter) {
    states.merge(letter.state(), 1L, Long::sum);
    if (letter.state() == DeadLetterState.WAITING) {
      waiting.merge(reason(letter), 1L, Long::sum);
    }
  }

  private static String reason(Letter letter) {
    return letter.reason().isEmpty() ? "-" : LogText.of(letter.reason());
  }

  private Map<String, @Nullable Object> row(Letter letter) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("position", letter.position().toString());
    row.put("state", letter.state());
    row.put("when", letter.when().truncatedTo(ChronoUnit.SECONDS).toString());
    row.put("reason", letter.reason());
    row.put("stage", letter.stage());
    row.put("topic", letter.topic());
    row.put("partition", letter.origin().map(Letter.Origin::partition).orElse(null));
    row.put("offset", letter.origin().map(Letter.Origin::offset).orElse(null));
    row.put("query_id", content.queryId(letter).orElse(null));
    row.put("size", letter.size());
    row.put("replays", letter.replays());
    row.put("detail", letter.detail());
    return row;
  }

  String text() {
    StringBuilder text = new StringBuilder();
    if (!rows.isEmpty()) {
      TextTable table =
          new TextTable(
              "position",
              "when",
              "state",
              "reason",
              "stage",
              "from",
              "query",
              ">bytes",
              ">replays");
      for (Map<String, @Nullable Object> row : rows) {
        table.row(
            shown(row, "position"),
            shown(row, "when"),
            shown(row, "state"),
            shown(row, "reason"),
            shown(row, "stage"),
            row.get("offset") == null
                ? shown(row, "topic")
                : shown(row, "topic") + " " + row.get("partition") + ":" + row.get("offset"),
            cut(shown(row, "query_id")),
            shown(row, "size"),
            shown(row, "replays"));
      }
      text.append(table.text());
    }
    if (selected > rows.size()) {
      text.append("  the latest %,d of %,d; --limit shows more%n".formatted(rows.size(), selected));
    }
    return text.append("  ").append(summary()).append('\n').toString();
  }

  private String summary() {
    List<String> reasons = new ArrayList<>();
    waiting.forEach((reason, count) -> reasons.add("%,d %s".formatted(count, reason)));
    return "%,d wait%s; %,d were replayed, %,d dropped"
        .formatted(
            states.get(DeadLetterState.WAITING),
            reasons.isEmpty() ? "" : " (" + String.join(", ", reasons) + ")",
            states.get(DeadLetterState.REPLAYED),
            states.get(DeadLetterState.DROPPED));
  }

  private static String shown(Map<String, @Nullable Object> row, String key) {
    Object value = row.get(key);
    return value == null || value.toString().isEmpty() ? "-" : LogText.of(value.toString());
  }

  private static String cut(String id) {
    return id.length() <= LONGEST_ID ? id : id.substring(0, LONGEST_ID - 1) + "…";
  }

  Map<String, ?> json() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("letters", List.copyOf(rows));
    object.put("selected", selected);
    object.put("waiting", states.get(DeadLetterState.WAITING));
    object.put("replayed", states.get(DeadLetterState.REPLAYED));
    object.put("dropped", states.get(DeadLetterState.DROPPED));
    object.put("waiting_by_reason", waiting);
    return object;
  }
}
