package dev.turnout.topic;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_COMPACT;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;

import java.time.Duration;
import java.util.List;

/** Prints topics as the Markdown table of the documentation. */
final class TopicTable {

  private static final String HEAD =
      """
      | Topic | Key | Value | Partitions | Kept | Largest record | Written by | Read by |
      |---|---|---|---:|---|---:|---|---|
      """;

  private TopicTable() {}

  static String markdown(List<TopicSpec> topics) {
    StringBuilder table = new StringBuilder(HEAD);
    for (TopicSpec topic : topics) {
      table.append(
          "| `%s` | %s | %s | %d | %s | %s | %s | %s |%n"
              .formatted(
                  topic.name(),
                  topic.key(),
                  topic.value(),
                  topic.partitions(),
                  kept(topic),
                  size(topic),
                  topic.writers(),
                  topic.readers()));
    }
    return table.toString().replace("\r\n", "\n");
  }

  private static String kept(TopicSpec topic) {
    if (CLEANUP_POLICY_COMPACT.equals(topic.config().get(CLEANUP_POLICY_CONFIG))) {
      return "compacted: last per key";
    }
    String retention = topic.config().getOrDefault(RETENTION_MS_CONFIG, "0");
    Duration duration = Duration.ofMillis(Long.parseLong(retention));
    long days = duration.toDays();
    if (days == 0) {
      long hours = duration.toHours();
      return hours == 1 ? "1 hour" : hours + " hours";
    }
    return days == 1 ? "1 day" : days + " days";
  }

  private static String size(TopicSpec topic) {
    String bytes = topic.config().getOrDefault(MAX_MESSAGE_BYTES_CONFIG, "0");
    return Integer.parseInt(bytes) / (1024 * 1024) + " MiB";
  }
}
