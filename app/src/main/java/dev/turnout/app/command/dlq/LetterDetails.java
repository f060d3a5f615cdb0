package dev.turnout.app.command.dlq;

import dev.turnout.dlq.Letter;
import dev.turnout.dlq.LetterContent;
import dev.turnout.topic.LogText;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** All that a dead letter says, for {@code dlq show}. */
record LetterDetails(Letter letter, LetterContent content) {

  String text() {
    StringBuilder text = new StringBuilder();
    line(text, "position", letter.position().toString());
    line(text, "state", letter.state().toString());
    line(text, "when", letter.when().toString());
    line(text, "reason", letter.reason());
    line(text, "detail", letter.detail());
    line(text, "stage", letter.stage());
    line(text, "from", letter.origin().map(Letter.Origin::toString).orElse(letter.topic()));
    line(text, "query", content.queryId(letter).orElse(""));
    line(text, "key", letter.record().key() == null ? "" : plain(letter.record().key()));
    line(text, "size", "%,d bytes".formatted(letter.size()));
    if (!letter.omitted().isEmpty()) {
      line(text, "left out", String.join(", ", letter.omitted().stream().sorted().toList()));
    }
    if (letter.replays() > 0) {
      line(text, "replays", Long.toString(letter.replays()));
    }
    text.append("headers\n");
    for (Header header : letter.producerHeaders()) {
      text.append("  ")
          .append(LogText.of(header.key()))
          .append(": ")
          .append(LetterContent.text(header.value()))
          .append('\n');
    }
    text.append(value());
    return text.toString();
  }

  private String value() {
    LetterContent.Value value = content.value(letter);
    if (value instanceof LetterContent.Value.Read read) {
      return "value, %s by schema id %d%n%s%n"
          .formatted(LogText.of(read.type()), read.schemaId(), LetterContent.pretty(read.json()));
    }
    String why = value instanceof LetterContent.Value.Unread unread ? unread.why() : "";
    byte[] bytes = letter.record().value() == null ? letter.head() : letter.record().value();
    return "value, not decoded: %s%n%s"
        .formatted(LogText.of(why), bytes == null ? "" : LetterContent.hex(bytes));
  }

  private static String plain(byte[] bytes) {
    return LetterContent.text(bytes);
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format("%-9s %s%n", name, value.isEmpty() ? "-" : LogText.of(value)));
  }

  Map<String, ?> json() {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("position", letter.position().toString());
    object.put("state", letter.state());
    object.put("when", letter.when().toString());
    object.put("reason", letter.reason());
    object.put("detail", letter.detail());
    object.put("stage", letter.stage());
    object.put("topic", letter.topic());
    object.put("partition", letter.origin().map(Letter.Origin::partition).orElse(null));
    object.put("offset", letter.origin().map(Letter.Origin::offset).orElse(null));
    object.put("query_id", content.queryId(letter).orElse(null));
    object.put("size", letter.size());
    object.put("left_out", letter.omitted().stream().sorted().toList());
    object.put("replays", letter.replays());
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : letter.producerHeaders()) {
      headers.put(header.key(), LetterContent.text(header.value()));
    }
    object.put("headers", headers);
    LetterContent.Value value = content.value(letter);
    if (value instanceof LetterContent.Value.Read read) {
      object.put("schema", read.type());
      object.put("value", read.json());
    } else if (value instanceof LetterContent.Value.Unread unread) {
      object.put("not_decoded", unread.why());
      byte[] bytes = letter.record().value() == null ? letter.head() : letter.record().value();
      object.put("value_head", bytes == null ? null : hex(bytes));
    }
    return object;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 256));
  }
}
