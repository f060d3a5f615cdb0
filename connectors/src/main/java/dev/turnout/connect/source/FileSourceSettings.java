package dev.turnout.connect.source;

import dev.turnout.connect.batch.BatchDownload;
import dev.turnout.connect.source.row.BatchRow;
import dev.turnout.connect.source.row.GradeRow;
import dev.turnout.connect.source.row.QueryRow;
import dev.turnout.connect.source.row.RowMapping;
import dev.turnout.schema.Priority;
import dev.turnout.topic.RecordLimits;
import dev.turnout.topic.TopicCatalogue;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

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
 * @param download brings a batch file into the folder; null brings none
 * @param downloadEvery pause between its tries
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
    Duration interval,
    @Nullable BatchDownload download,
    Duration downloadEvery) {

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
  static final String URL = "url";
  static final String HOSTS = "url.allowed.hosts";
  static final String URL_INTERVAL = "url.poll.ms";
  static final String URL_MOST = "url.max.bytes";

  private static final TopicCatalogue TOPICS = TopicCatalogue.standard();

  static final ConfigDef DEFINITION =
      new ConfigDef()
          .define(
              PATH,
              ConfigDef.Type.STRING,
              ConfigDef.NO_DEFAULT_VALUE,
              FileSourceSettings::checkPath,
              Importance.HIGH,
              "Files to read, on the workers' disks: an absolute folder and a pattern of names,"
                  + " e.g. /data/queries/*.jsonl.")
          .define(
              RECORDS,
              ConfigDef.Type.STRING,
              ConfigDef.NO_DEFAULT_VALUE,
              ValidString.in("queries", "grades", "openai-batch"),
              Importance.HIGH,
              "What the rows are: queries, grades, or the requests of a file of OpenAI's batch API.")
          .define(
              FORMAT,
              ConfigDef.Type.STRING,
              "auto",
              ValidString.in("auto", "jsonl", "csv"),
              Importance.MEDIUM,
              "How rows are written; auto takes names ending with .csv as CSV with a header, all"
                  + " others as JSON Lines.")
          .define(
              TOPIC,
              ConfigDef.Type.STRING,
              "",
              Importance.MEDIUM,
              "Where records go; empty takes "
                  + TOPICS.queries()
                  + " or "
                  + TOPICS.feedback()
                  + ".")
          .define(
              MALFORMED,
              ConfigDef.Type.STRING,
              "dead-letter",
              ValidString.in("dead-letter", "fail"),
              Importance.MEDIUM,
              "What becomes of a row that is none: it goes to the dead-letter topic, or the task"
                  + " fails and names its file and line.")
          .define(
              DEAD_LETTERS,
              ConfigDef.Type.STRING,
              TOPICS.dlq(),
              Importance.LOW,
              "Where rows go that are none.")
          .define(
              TENANT,
              ConfigDef.Type.STRING,
              "default",
              Importance.MEDIUM,
              "Tenant of queries whose row names none.")
          .define(
              PRIORITY,
              ConfigDef.Type.STRING,
              "batch",
              ValidString.in("interactive", "batch"),
              Importance.MEDIUM,
              "Priority of queries whose row names none; batch waits for interactive ones.")
          .define(
              GRADER,
              ConfigDef.Type.STRING,
              "",
              Importance.MEDIUM,
              "Grader of grades whose row names none; empty wants one in each row.")
          .define(
              LONGEST,
              ConfigDef.Type.INT,
              1024 * 1024,
              ConfigDef.Range.between(1024, RecordLimits.DEAD_LETTER.value()),
              Importance.LOW,
              "Longest row, in bytes; a longer one is malformed.")
          .define(
              SETTLE,
              ConfigDef.Type.LONG,
              10_000L,
              ConfigDef.Range.atLeast(0),
              Importance.LOW,
              "How long a file must have been left alone before its last line is taken although it"
                  + " has no end, in milliseconds.")
          .define(
              INTERVAL,
              ConfigDef.Type.LONG,
              1_000L,
              ConfigDef.Range.between(10, 60_000),
              Importance.LOW,
              "Pause between looks for more, in milliseconds.")
          .define(
              URL,
              ConfigDef.Type.STRING,
              "",
              Importance.MEDIUM,
              "Where to fetch a file of OpenAI's batch API from, by http or https; it is put into"
                  + " the folder of path, named by its content.")
          .define(
              HOSTS,
              ConfigDef.Type.LIST,
              "localhost,127.0.0.1",
              Importance.MEDIUM,
              "Hosts that url may name.")
          .define(
              URL_INTERVAL,
              ConfigDef.Type.LONG,
              60_000L,
              ConfigDef.Range.atLeast(100),
              Importance.LOW,
              "Pause between fetches, in milliseconds; what has not changed is not sent again.")
          .define(
              URL_MOST,
              ConfigDef.Type.LONG,
              200L * 1024 * 1024,
              ConfigDef.Range.atLeast(1),
              Importance.LOW,
              "Largest file that is fetched, in bytes.");

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
    String wrong = wrong(config.getString(URL), config.getList(HOSTS), records);
    if (wrong != null) {
      throw new ConfigException(URL, config.getString(URL), wrong);
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
        Duration.ofMillis(config.getLong(INTERVAL)),
        config.getString(URL).isBlank()
            ? null
            : new BatchDownload(
                URI.create(config.getString(URL)), folder, config.getLong(URL_MOST)),
        Duration.ofMillis(config.getLong(URL_INTERVAL)));
  }

  /**
   * What is wrong with where a file is to be fetched from; null if nothing is.
   *
   * @param url as given
   * @param hosts that it may name
   */
  static @Nullable String wrong(String url, List<?> hosts, String records) {
    if (url.isBlank()) {
      return null;
    }
    if (!records.equals("openai-batch")) {
      return "only files of OpenAI's batch API are fetched; set records=openai-batch";
    }
    try {
      URI uri = new URI(url);
      if (!List.of("http", "https").contains(String.valueOf(uri.getScheme()))
          || uri.getHost() == null) {
        return "give an address such as http://localhost:8000/requests.jsonl";
      }
      return hosts.contains(uri.getHost())
          ? null
          : "host " + uri.getHost() + " is not in " + HOSTS + "; add it if it may be asked";
    } catch (URISyntaxException broken) {
      return "no URL: " + broken.getReason();
    }
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
