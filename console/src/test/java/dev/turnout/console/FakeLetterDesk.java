package dev.turnout.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.turnout.console.letters.LetterDesk;
import dev.turnout.console.letters.LetterLine;
import dev.turnout.console.letters.LettersSeen;
import dev.turnout.dlq.Letter;
import dev.turnout.dlq.LetterContent;
import dev.turnout.dlq.LetterPosition;
import dev.turnout.topic.DeadLetterState;
import dev.turnout.topic.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Letters that a test writes; every value is JSON of its text. */
public final class FakeLetterDesk implements LetterDesk {
  public final List<String> done = new CopyOnWriteArrayList<>();
  public String older = "";
  public long unread;
  private final List<Letter> letters = new ArrayList<>();

  /** Adds a waiting letter behind those that there are. */
  public void add(String reason, String detail, String text, Instant at) {
    RecordHeaders headers = new RecordHeaders();
    Map.of(
            DeadLetters.REASON,
            reason,
            DeadLetters.DETAIL,
            detail,
            DeadLetters.STAGE,
            "router",
            DeadLetters.TOPIC,
            "turnout.queries",
            DeadLetters.PARTITION,
            "2",
            DeadLetters.OFFSET,
            String.valueOf(100 + letters.size()))
        .forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
    byte[] value = text.getBytes(StandardCharsets.UTF_8);
    letters.add(
        new Letter(
            new ConsumerRecord<>(
                "turnout.dlq",
                0,
                letters.size(),
                at.toEpochMilli(),
                TimestampType.CREATE_TIME,
                0,
                value.length,
                "q".getBytes(StandardCharsets.UTF_8),
                value,
                headers,
                Optional.empty()),
            DeadLetterState.WAITING));
  }

  /** The stretch before a place is the one letter there. */
  @Override
  public LettersSeen waiting(@Nullable String reason, String before) {
    int end = before.isEmpty() ? letters.size() : Integer.parseInt(before);
    int from = before.isEmpty() ? 0 : end - 1;
    Map<String, Long> counts = new TreeMap<>();
    List<LetterLine> lines = new ArrayList<>();
    for (Letter letter : letters.subList(from, end)) {
      counts.merge(letter.reason(), 1L, Long::sum);
      if (reason == null || reason.equals(letter.reason())) {
        lines.add(0, LetterLine.of(letter));
      }
    }
    return new LettersSeen(counts, lines, older, unread);
  }

  @Override
  public Letter at(LetterPosition position) {
    if (position.offset() >= letters.size()) {
      throw new IllegalArgumentException("there is no dead letter at " + position);
    }
    return letters.get((int) position.offset());
  }

  @Override
  public LetterContent.Value value(Letter letter) {
    return new LetterContent.Value.Read(
        "dev.turnout.schema.Query",
        1,
        JsonNodeFactory.instance
            .objectNode()
            .put("text", new String(letter.record().value(), StandardCharsets.UTF_8)));
  }

  @Override
  public String resolve(LetterPosition position, DeadLetterState target) {
    done.add(target + " " + at(position).position());
    return "Dead letter " + position + " done.";
  }
}
