package dev.turnout.grader;

import static dev.turnout.config.SettingKind.ENDPOINT;
import static dev.turnout.config.SettingKind.SECRET;
import static dev.turnout.config.SettingKind.SHARE;
import static dev.turnout.config.SettingKind.TEXT;
import static dev.turnout.config.SettingKind.text;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.RoleSettings;
import dev.turnout.config.Setting;
import dev.turnout.config.SettingGroup;
import dev.turnout.config.SettingValues;
import dev.turnout.llm.http.LlmEndpoint;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.GroupNames;
import java.net.URI;
import java.util.List;

/**
 * How to run a grader. What a component does and what it is unless set stands at its key.
 *
 * @param id the grader's id, written into every grade; the last grade of an id counts
 * @param groupId consumer group; graders with one id share it
 */
public record GraderSettings(ConnectionSettings connection, String id, String groupId, double share)
    implements RoleSettings {

  /** The keys {@code grader.*}. */
  public static final SettingGroup KEYS = SettingGroup.closed("grader", "turnout grader");

  private static final Setting<String> ID =
      KEYS.key("id", text(FieldLimits.GRADER), "judge").doc("Name under which grades are given.");
  private static final Setting<URI> URL =
      KEYS.key("url", ENDPOINT).doc("OpenAI-compatible endpoint of the judging LLM.");
  private static final Setting<String> MODEL =
      KEYS.key("model", TEXT).doc("Model name of the judging LLM.");
  private static final Setting<String> API_KEY =
      KEYS.key("api-key", SECRET).doc("Bearer token; better as ${SOME_VARIABLE} than in the file.");
  private static final Setting<Double> SHARE_GRADED =
      KEYS.key("share", SHARE, 1)
          .doc("Share of outcomes that are graded, by hash of the query id.");

  /** Binds the settings. */
  public static GraderSettings from(SettingValues values) {
    ConnectionSettings connection = ConnectionSettings.from(values);
    String id = values.get(ID);
    return new GraderSettings(
        connection, id, GroupNames.graders(connection.topics(), id), values.get(SHARE_GRADED));
  }

  @Override
  public List<String> requiredTopics() {
    return List.of(topics().outcomes(), topics().feedback(), topics().dlq());
  }

  /**
   * How to ask the LLM that judges.
   *
   * @throws dev.turnout.config.ConfigException naming the key that is missing
   */
  public static LlmEndpoint judge(SettingValues values) {
    URI url =
        values.required(
            URL,
            "the OpenAI-compatible endpoint of the LLM that judges, e.g. http://localhost:8000/v1");
    String model =
        values.required(MODEL, "the judging LLM's name at " + LlmEndpoint.withoutSecrets(url));
    return LlmEndpoint.of(model, url, model, values.find(API_KEY).orElse(null));
  }
}
