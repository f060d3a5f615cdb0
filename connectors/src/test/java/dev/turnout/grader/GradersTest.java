package dev.turnout.grader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.ConfigException;
import dev.turnout.config.SettingValues;
import dev.turnout.llm.http.LlmEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GradersTest {
  @TempDir private Path dir;

  private static SettingValues values(String... keysAndTexts) {
    Map<String, String> texts = new HashMap<>();
    for (int i = 0; i < keysAndTexts.length; i += 2) {
      texts.put(keysAndTexts[i], keysAndTexts[i + 1]);
    }
    return SettingValues.of(texts);
  }

  private static double graded(SettingValues values, String answer, Map<String, String> metadata) {
    try (GradingFunction function = Graders.of(GraderSettings.from(values), values)) {
      return function
          .grade(GradableOutcomes.answer(answer, metadata).build())
          .join()
          .orElseThrow()
          .reward();
    }
  }

  @ParameterizedTest
  @EnumSource(GraderKind.class)
  void shouldMakeEveryKindAndNameItsGradesByIt(GraderKind kind) {
    SettingValues values =
        values(
            "grader.kind", kind.text(),
            "grader.url", "http://localhost:1/v1",
            "grader.model", "a,b",
            "grader.code.allow", "true");
    GraderSettings settings = GraderSettings.from(values);

    try (GradingFunction function = Graders.of(settings, values)) {
      assertThat(function).isNotNull();
      assertThat(settings.id()).isEqualTo(kind.text());
      assertThat(settings.groupId()).isEqualTo("turnout.grader." + kind.text());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "exact; turnout.expected; Paris.; Paris; Rome",
        "numeric; turnout.expected; It is 42.; 42; 43",
        "choice; turnout.expected; The answer is (B).; B; C",
        "regex; turnout.pattern; 555-1234; ^\\d{3}-\\d{4}$; ^x",
        "json-schema; turnout.schema; {\"a\": 1}; {\"required\": [\"a\"]}; {\"required\": [\"b\"]}",
      })
  void shouldCompareWithWhatTheQuerySays(
      String kind, String key, String answer, String right, String wrong) {
    SettingValues values = values("grader.kind", kind);

    assertThat(graded(values, answer, Map.of(key, right))).isEqualTo(1);
    assertThat(graded(values, answer, Map.of(key, wrong))).isZero();
    SettingValues elsewhere =
        values("grader.kind", kind, "grader.expected-key", "mine", "grader.expected", wrong);
    assertThat(graded(elsewhere, answer, Map.of("mine", right))).isEqualTo(1);
    assertThat(graded(elsewhere, answer, Map.of(key, right))).isZero();
  }

  @Test
  void shouldTakeWhatIsExpectedFromAFile() throws IOException {
    Path schema = Files.writeString(dir.resolve("schema.json"), "{\"required\": [\"a\"]}");

    assertThat(
            graded(
                values("grader.kind", "json-schema", "grader.expected", "@" + schema),
                "{\"a\": 1}",
                Map.of()))
        .isEqualTo(1);
    assertThatThrownBy(
            () -> GraderSettings.from(values("grader.expected", "@" + dir.resolve("none"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("grader.expected")
        .hasMessageContaining("cannot be read");
  }

  @Test
  void shouldRunNoCodeUnlessAllowed() {
    SettingValues values = values("grader.kind", "code");

    assertThatThrownBy(() -> Graders.of(GraderSettings.from(values), values))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("grader.code.allow")
        .hasMessageContaining("docs/graders.md");
  }

  @Test
  void shouldGiveEachJudgeItsEndpointAndKey() {
    // when
    GraderSettings.Judging one =
        GraderSettings.judging(
            values("grader.url", "http://a/v1", "grader.model", "x, y", "grader.api-key", "k"));
    GraderSettings.Judging each =
        GraderSettings.judging(
            values(
                "grader.url", "http://a/v1,http://b/v1",
                "grader.model", "x,y",
                "grader.api-key", "k,l"));

    // then
    assertThat(one.judges()).extracting(LlmEndpoint::model).containsExactly("x", "y");
    assertThat(one.judges()).extracting(judge -> judge.baseUrl().getHost()).containsOnly("a");
    assertThat(one.judges()).extracting(LlmEndpoint::apiKey).containsOnly("k");
    assertThat(each.judges())
        .extracting(judge -> judge.baseUrl().getHost())
        .containsExactly("a", "b");
    assertThat(each.judges()).extracting(LlmEndpoint::apiKey).containsExactly("k", "l");
    assertThatThrownBy(
            () ->
                GraderSettings.judging(
                    values("grader.url", "http://a,http://b", "grader.model", "x,y,z")))
        .hasMessageContaining("grader.url: has 2 values for 3 judges");
    assertThatThrownBy(
            () -> GraderSettings.judging(values("grader.url", "a/v1", "grader.model", "x")))
        .hasMessageContaining("grader.url");
  }
}
