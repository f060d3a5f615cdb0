package dev.turnout.connect.sink;

import dev.turnout.connect.rows.RowFormat;
import dev.turnout.topic.TopicCatalogue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;

/**
 * What the file sink is told.
 *
 * @param folder where files go
 * @param rows records, joined or openai-batch
 * @param format of the files
 * @param mostRows rows of a file
 * @param age of a file at most
 * @param decisions topic of decisions
 * @param outcomes topic of outcomes
 * @param feedback topic of grades
 * @param patience how long a decision waits for its outcome and grades
 * @param memory bytes that waiting decisions, outcomes and grades may take
 */
record FileSinkSettings(
    Path folder,
    String rows,
    RowFormat format,
    long mostRows,
    Duration age,
    String decisions,
    String outcomes,
    String feedback,
    Duration patience,
    long memory) {

  static final String FOLDER = "folder";
  static final String ROWS = "rows";
  static final String FORMAT = "format";
  static final String MOST_ROWS = "file.max.rows";
  static final String AGE = "file.max.ms";
  static final String DECISIONS = "decisions.topic";
  static final String OUTCOMES = "outcomes.topic";
  static final String FEEDBACK = "feedback.topic";
  static final String WAIT = "join.wait.ms";
  static final String MEMORY = "join.memory.bytes";
  static final String JOINED = "joined";
  static final String BATCH = "openai-batch";

  private static final TopicCatalogue TOPICS = TopicCatalogue.standard();

  static final ConfigDef DEFINITION =
      new ConfigDef()
          .define(
              FOLDER,
              ConfigDef.Type.STRING,
              ConfigDef.NO_DEFAULT_VALUE,
              FileSinkSettings::checkFolder,
              Importance.HIGH,
              "Folder of the files, an absolute path; of several workers a shared disk with locks.")
          .define(
              ROWS,
              ConfigDef.Type.STRING,
              "records",
              ValidString.in("records", JOINED, BATCH),
              Importance.HIGH,
              "What a row is: a record as it stands on its topic; a decision joined with its"
                  + " outcome and grades; or a result of OpenAI's batch API.")
          .define(
              FORMAT,
              ConfigDef.Type.STRING,
              "jsonl",
              ValidString.in("jsonl", "parquet"),
              Importance.HIGH,
              "How rows are written.")
          .define(
              MOST_ROWS,
              ConfigDef.Type.LONG,
              100_000L,
              ConfigDef.Range.atLeast(1),
              Importance.MEDIUM,
              "Rows of a file at most.")
          .define(
              AGE,
              ConfigDef.Type.LONG,
              300_000L,
              ConfigDef.Range.atLeast(1),
              Importance.MEDIUM,
              "How long a file stays open at most, in milliseconds; by then its rows can be read.")
          .define(
              DECISIONS,
              ConfigDef.Type.STRING,
              TOPICS.decisions(),
              Importance.LOW,
              "Topic of decisions.")
          .define(
              OUTCOMES,
              ConfigDef.Type.STRING,
              TOPICS.outcomes(),
              Importance.LOW,
              "Topic of outcomes.")
          .define(
              FEEDBACK,
              ConfigDef.Type.STRING,
              TOPICS.feedback(),
              Importance.LOW,
              "Topic of grades.")
          .define(
              WAIT,
              ConfigDef.Type.LONG,
              900_000L,
              ConfigDef.Range.atLeast(1),
              Importance.MEDIUM,
              "How long a decision waits for its outcome and grades, in milliseconds. What comes"
                  + " later is not in its row.")
          .define(
              MEMORY,
              ConfigDef.Type.LONG,
              64L * 1024 * 1024,
              ConfigDef.Range.atLeast(1024 * 1024),
              Importance.LOW,
              "Bytes that waiting decisions, outcomes and grades may take; beyond it the oldest"
                  + " decisions are written as they are.");

  static FileSinkSettings of(Map<String, String> props) {
    AbstractConfig config = new AbstractConfig(DEFINITION, props, false);
    return new FileSinkSettings(
        Path.of(config.getString(FOLDER)),
        config.getString(ROWS),
        RowFormat.valueOf(config.getString(FORMAT).toUpperCase(Locale.ROOT)),
        config.getLong(MOST_ROWS),
        Duration.ofMillis(config.getLong(AGE)),
        config.getString(DECISIONS),
        config.getString(OUTCOMES),
        config.getString(FEEDBACK),
        Duration.ofMillis(config.getLong(WAIT)),
        config.getLong(MEMORY));
  }

  private static void checkFolder(String name, Object value) {
    if (!String.valueOf(value).startsWith("/")) {
      throw new ConfigException(name, value, "give an absolute path, e.g. /data/out");
    }
  }
}
