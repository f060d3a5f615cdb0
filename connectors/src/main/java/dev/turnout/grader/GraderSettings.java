package dev.turnout.grader;

import static dev.turnout.config.SettingKind.DURATION;
import static dev.turnout.config.SettingKind.ENDPOINT;
import static dev.turnout.config.SettingKind.FLAG;
import static dev.turnout.config.SettingKind.LIST;
import static dev.turnout.config.SettingKind.SECRETS;
import static dev.turnout.config.SettingKind.SHARE;
import static dev.turnout.config.SettingKind.TEXT;
import static dev.turnout.config.SettingKind.choice;
import static dev.turnout.config.SettingKind.number;
import static dev.turnout.config.SettingKind.text;
import static dev.turnout.config.SettingKind.whole;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.RoleSettings;
import dev.turnout.config.Setting;
import dev.turnout.config.SettingGroup;
import dev.turnout.config.SettingKind;
import dev.turnout.config.SettingValues;
import dev.turnout.kafka.StartFrom;
import dev.turnout.llm.http.LlmEndpoint;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.GroupNames;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How to run a grader. What a component does and what it is unless set stands at its key.
 *
 * @param id the grader's id, written into every grade; the last grade of an id counts
 * @param groupId consumer group; graders with one id share it
 * @param expected what is expected of answers whose query says nothing; empty when nothing is
 */
public record GraderSettings(
    ConnectionSettings connection,
    GraderKind kind,
    String id,
    String groupId,
    StartFrom from,
    double share,
    String expectedKey,
    Optional<String> expected,
    double tolerance)
    implements RoleSettings {

  /** The keys {@code grader.*}. */
  public static final SettingGroup KEYS = SettingGroup.closed("grader", "turnout grader");

  private static final SettingKind<List<URI>> ENDPOINTS =
      SettingKind.of(
          "URLs that begin with http:// or https://, separated by commas,"
              + " e.g. http://localhost:8000/v1",
          GraderSettings::endpoints);

  private static final Setting<GraderKind> KIND =
      KEYS.key("kind", choice(GraderKind.class), "judge")
          .doc(
              "How answers are graded: judge asks other LLMs; exact, numeric, choice, regex,"
                  + " json-schema and code compare with what is expected; implicit looks at what"
                  + " users do next.");
  private static final Setting<String> ID =
      KEYS.key("id", text(FieldLimits.GRADER))
          .doc("Name under which grades are given; empty is the kind.");
  private static final Setting<StartFrom> FROM =
      KEYS.key("from", choice(StartFrom.class), "latest")
          .doc(
              "Where graders of a new id start on the outcomes: at the end, or with the earliest;"
                  + " later they go on where they stand.");
  private static final Setting<Double> SHARE_GRADED =
      KEYS.key("share", SHARE, 1)
          .doc(
              "Share of outcomes that are graded, by hash of the query id; for implicit by hash of"
                  + " the session.");
  private static final Setting<String> EXPECTED_KEY =
      KEYS.key("expected-key", TEXT)
          .doc(
              "Key of a query's metadata that says what is expected of its answer; empty is"
                  + " turnout.expected for judge, exact, numeric and choice, turnout.pattern for"
                  + " regex, turnout.schema for json-schema, turnout.tests for code.");
  private static final Setting<String> EXPECTED =
      KEYS.key("expected", TEXT)
          .doc(
              "What is expected of answers whose query says nothing of it; @FILE takes a file's"
                  + " contents.");
  private static final Setting<Double> TOLERANCE =
      KEYS.key("tolerance", number(0, 1), 0.000001)
          .doc("How far a number may be from the expected one, as a share of that.");
  private static final Setting<List<String>> MODEL =
      KEYS.key("model", LIST)
          .doc("Model names of the judging LLMs; the marks of several are averaged.");
  private static final Setting<List<URI>> URL =
      KEYS.key("url", ENDPOINTS)
          .doc("OpenAI-compatible endpoint of the judging LLMs: one for all, or one for each.");
  private static final Setting<List<String>> API_KEY =
      KEYS.key("api-key", SECRETS)
          .doc(
              "Bearer token, one for all judges or one for each; better as ${SOME_VARIABLE} than in"
                  + " the file.");
  private static final Setting<String> RUBRIC =
      KEYS.key("rubric", TEXT, "Mark correctness first, then helpfulness.")
          .doc("What makes a good answer, in words for the judges; @FILE takes a file's contents.");
  private static final Setting<Boolean> BOTH_ORDERS =
      KEYS.key("both-orders", FLAG, true)
          .doc(
              "Where a query says what is expected, ask a judge twice, with that before the answer"
                  + " and behind it, since judges favour a place.");
  private static final Setting<Integer> CONCURRENCY =
      KEYS.key("concurrency", whole(1, 1_000), 8).doc("Calls of a judge, or programs, at a time.");
  private static final Setting<Duration> PATIENCE =
      KEYS.key("patience", DURATION, "2m")
          .doc(
              "How long a judge that is away is asked again before an answer is left ungraded, which"
                  + " is counted.");
  private static final Setting<Integer> PROMPT_BYTES =
      KEYS.key("prompt-bytes", whole(1_024, 8 << 20), 131_072)
          .doc("How much of conversation, question and answer a judge is shown, in bytes.");
  private static final Setting<Boolean> CODE_ALLOW =
      KEYS.key("code.allow", FLAG, false)
          .doc(
              "Run code that LLMs wrote; docs/graders.md says what the bounds below do not protect"
                  + " from.");
  private static final Setting<List<String>> CODE_COMMAND =
      KEYS.key("code.command", LIST, "python3,-I")
          .doc("What runs a program, and its arguments; the program's file is added.");
  private static final Setting<String> CODE_LAST_LINE =
      KEYS.key("code.last-line", TEXT, "print(\"{token}\")")
          .doc(
              "Line added to each program that prints {token}, so that one that ends before its"
                  + " tests has not passed them.");
  private static final Setting<Duration> CODE_TIMEOUT =
      KEYS.key("code.timeout", DURATION, "10s").doc("Longest run of a program.");
  private static final Setting<Integer> CODE_MEMORY =
      KEYS.key("code.memory-mib", whole(16, 65_536), 512)
          .doc("Most memory of each process of a program, in MiB.");
  private static final Setting<Duration> IMPLICIT_WINDOW =
      KEYS.key("implicit.window", DURATION, "10m")
          .doc("How long after an answer the next question of its session says something of it.");
  private static final Setting<Integer> IMPLICIT_SESSIONS =
      KEYS.key("implicit.sessions", whole(1), 50_000)
          .doc("Sessions whose last answer is remembered; about 1 kB of memory each.");

  /**
   * The judging LLMs.
   *
   * @param promptBytes how much of the material they are shown
   */
  public record Judging(
      List<LlmEndpoint> judges,
      String rubric,
      boolean bothOrders,
      int concurrency,
      Duration patience,
      int promptBytes) {}

  /**
   * The bounds of programs.
   *
   * @param allowed whether any is run
   */
  public record Programs(
      boolean allowed,
      List<String> command,
      String lastLine,
      Duration timeout,
      int memoryMib,
      int concurrency) {}

  /** What is looked at of the traffic. */
  public record Implicit(Duration window, int sessions) {}

  /** Binds the settings. */
  public static GraderSettings from(SettingValues values) {
    ConnectionSettings connection = ConnectionSettings.from(values);
    GraderKind kind = values.get(KIND);
    String id = values.find(ID).orElse(kind.text());
    return new GraderSettings(
        connection,
        kind,
        id,
        GroupNames.graders(connection.topics(), id),
        values.get(FROM),
        values.get(SHARE_GRADED),
        values.find(EXPECTED_KEY).orElse(kind.expectedKey()),
        values.find(EXPECTED).map(text -> SettingFiles.read(values, EXPECTED, text)),
        values.get(TOLERANCE));
  }

  @Override
  public List<String> requiredTopics() {
    return List.of(topics().outcomes(), topics().feedback(), topics().dlq());
  }

  /**
   * How to ask the LLMs that judge.
   *
   * @throws dev.turnout.config.ConfigException naming the key that is missing
   */
  public static Judging judging(SettingValues values) {
    List<URI> urls =
        values.required(
            URL,
            "the OpenAI-compatible endpoint of the LLM that judges, e.g. http://localhost:8000/v1");
    List<String> models =
        values.required(
            MODEL, "the judging LLM's name at " + LlmEndpoint.withoutSecrets(urls.get(0)));
    List<String> keys = values.find(API_KEY).orElse(List.of());
    one(values, URL, urls.size(), models.size());
    one(values, API_KEY, Math.max(1, keys.size()), models.size());
    List<LlmEndpoint> judges = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      String key = keys.isEmpty() ? null : keys.get(Math.min(i, keys.size() - 1));
      URI url = urls.get(Math.min(i, urls.size() - 1));
      // whoever asks them asks again, for as long as grader.patience says
      judges.add(LlmEndpoint.of(models.get(i), url, models.get(i), key).withAttempts(1));
    }
    return new Judging(
        judges,
        SettingFiles.read(values, RUBRIC, values.get(RUBRIC)),
        values.get(BOTH_ORDERS),
        values.get(CONCURRENCY),
        values.get(PATIENCE),
        values.get(PROMPT_BYTES));
  }

  private static void one(SettingValues values, Setting<?> setting, int given, int judges) {
    if (given != 1 && given != judges) {
      values.report(
          setting,
          "has " + given + " values for " + judges + " judges (grader.model); give one or as many");
    }
  }

  /** How to run programs. */
  public static Programs programs(SettingValues values) {
    return new Programs(
        values.get(CODE_ALLOW),
        values.get(CODE_COMMAND),
        values.get(CODE_LAST_LINE),
        values.get(CODE_TIMEOUT),
        values.get(CODE_MEMORY),
        values.get(CONCURRENCY));
  }

  /** How to look at the traffic. */
  public static Implicit implicit(SettingValues values) {
    return new Implicit(values.get(IMPLICIT_WINDOW), values.get(IMPLICIT_SESSIONS));
  }

  /**
   * Says that programs are not allowed.
   *
   * @throws dev.turnout.config.ConfigException always, or at the end where problems are collected
   */
  public static void requireAllowed(SettingValues values, Programs programs) {
    if (!programs.allowed()) {
      values.report(
          CODE_ALLOW,
          "is false, but grader.kind=code runs code that LLMs wrote; read docs/graders.md on what"
              + " that may do, then set it to true");
    }
  }

  private static List<URI> endpoints(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).map(ENDPOINT::read).toList();
  }
}
