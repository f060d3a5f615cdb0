package dev.turnout.connect.source;

import dev.turnout.connect.source.row.BatchRow;
import dev.turnout.connect.source.row.GradeRow;
import dev.turnout.connect.source.row.QueryRow;
import dev.turnout.connect.source.row.RowMapping;
import dev.turnout.schema.Priority;
import dev.turnout.topic.RecordLimits;
import dev.turnout.topic.TopicCatalogue;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;

/**
 * What the file source is told.
 *
 * @param folder where the files are
 * @param pattern glob of their names
 * @param format how rows are written; auto goes by a file's ending
 * @param mapping what a row means
 * @param topic where records go
 * @param deadLetters where rows go that are none; empty fails at them instead
 * @param longestRow in bytes
 * @param settle how long a file must have been left alone before its last line is taken without an
 *     end
 * @param interval between looks at the folder
 */
record FileSourceSettings(
    Path folder,
    String pattern,
    String format,
    RowMapping mapping,
    String topic,
    String deadLetters,
    int longestRow,
    Duration settle,
    Duration interval) {

  static final String PATH = "path";
  static final String RECORDS = "records";
  static final String FORMAT = "format";
  static final String TOPIC = "topic";
  static final String MALFORMED = "malformed.rows";
  static final String DEAD_LETTERS = "dead.letter.topic";
  static final String TENANT = "tenant";
  static final String PRIORITY = "priority";
  static final String GRADER = "grader";
  static final String LONGEST = "row.max.bytes";
  static final String SETTLE = "settle.ms";
  static final String INTERVAL = "poll.interval.ms";

  private static final TopicCatalogue TOPICS = TopicCatalogue.standard();

  static final ConfigDef DEFINITION =
      new ConfigDef()
          .define(
              PATH,
              Type.STRING,
              ConfigDef.NO_DEFAULT_VALUE,
              FileSourceSettings::checkPath,
              Importance.HIGH,
              "Files to read, on the workers' disks: an absolute folder and a pattern of names,"
                  + " e.g. /data/queries/*.jsonl.")
          .define(
              RECORDS,
              Type.STRING,
              ConfigDef.NO_DEFAULT_VALUE,
              ValidString.in("queries", "grades", "openai-batch"),
              Importance.HIGH,
              "What the rows are: queries, grades, or the requests of a file of OpenAI's batch API.")
          .define(
              FORMAT,
              Type.STRING,
              "auto",
              ValidString.in("auto", "jsonl", "csv"),
              Importance.MEDIUM,
              "How rows are written; auto takes names ending with .csv as CSV with a header, all"
                  + " others as JSON Lines.")
          .define(
              TOPIC,
              Type.STRING,
              "",
              Importance.MEDIUM,
              "Where records go; empty takes "
                  + TOPICS.queries()
                  + " or "
                  + TOPICS.feedback()
                  + ".")
          .define(
              MALFORMED,
              Type.STRING,
              "dead-letter",
              ValidString.in("dead-letter", "fail"),
              Importance.MEDIUM,
              "What becomes of a row that is none: it goes to the dead-letter topic, or the task"
                  + " fails and names its file and line.")
          .define(
              DEAD_LETTERS,
              Type.STRING,
              TOPICS.dlq(),
              Importance.LOW,
              "Where rows go that are none.")
          .define(
              TENANT,
              Type.STRING,
              "default",
              Importance.MEDIUM,
              "Tenant of queries whose row names none.")
          .define(
              PRIORITY,
              Type.STRING,
              "batch",
              ValidString.in("interactive", "batch"),
              Importance.MEDIUM,
              "Priority of queries whose row names none; batch waits for interactive ones.")
          .define(
              GRADER,
              Type.STRING,
              "",
              Importance.MEDIUM,
              "Grader of grades whose row names none; empty wants one in each row.")
          .define(
              LONGEST,
              Type.INT,
              1024 * 1024,
              ConfigDef.Range.between(1024, RecordLimits.DEAD_LETTER.value()),
              Importance.LOW,
              "Longest row, in bytes; a longer one is malformed.")
          .define(
              SETTLE,
              Type.LONG,
              10_000L,
              ConfigDef.Range.atLeast(0),
              Importance.LOW,
              "How long a file must have been left alone before its last line is taken although it"
                  + " has no end, in milliseconds.")
          .define(
              INTERVAL,
              Type.LONG,
              1_000L,
              ConfigDef.Range.between(10, 60_000),
              Importance.LOW,
              "Pause between looks for more, in milliseconds.");

  static FileSourceSettings of(Map<String, String> props) {
    AbstractConfig config = new AbstractConfig(DEFINITION, props, false);
    Path path = Path.of(config.getString(PATH));
    String records = config.getString(RECORDS);
    String topic = config.getString(TOPIC);
    String usual = records.equals("grades") ? TOPICS.feedback() : TOPICS.queries();
    Path folder = path.getParent();
    Path name = path.getFileName();
    if (folder == null || name == null) {
      throw new ConfigException(PATH, path, "names no files in a folder");
    }
    return new FileSourceSettings(
        folder,
        name.toString(),
        config.getString(FORMAT),
        mapping(records, config),
        topic.isBlank() ? usual : topic,
        config.getString(MALFORMED).equals("fail") ? "" : config.getString(DEAD_LETTERS),
        config.getInt(LONGEST),
        Duration.ofMillis(config.getLong(SETTLE)),
        Duration.ofMillis(config.getLong(INTERVAL)));
  }

  private static RowMapping mapping(String records, AbstractConfig config) {
    Clock clock = Clock.systemUTC();
    return switch (records) {
      case "grades" -> new GradeRow(config.getString(GRADER), clock);
      case "openai-batch" -> new BatchRow(config.getString(TENANT), clock);
      default ->
          new QueryRow(
              config.getString(TENANT),
              Priority.valueOf(config.getString(PRIORITY).toUpperCase(Locale.ROOT)),
              clock);
    };
  }

  boolean isCsv(Path file) {
    return format.equals("csv")
        || (format.equals("auto") && file.toString().toLowerCase(Locale.ROOT).endsWith(".csv"));
  }

  private static void checkPath(String name, Object value) {
    String path = String.valueOf(value);
    if (!path.startsWith("/") || path.endsWith("/") || path.lastIndexOf('/') == 0) {
      throw new ConfigException(
          name, value, "give an absolute folder and a pattern of names, e.g. /data/in/*.jsonl");
    }
    String folder = path.substring(0, path.lastIndexOf('/'));
    if (folder.matches(".*[*?{\\[].*")) {
      throw new ConfigException(
          name, value, "only the name may hold * and ?, not the folder; run a connector a folder");
    }
  }
}
