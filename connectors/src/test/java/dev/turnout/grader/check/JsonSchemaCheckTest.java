package dev.turnout.grader.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.grader.Judgement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemaCheckTest {
  private static final String PERSON =
      """
      {"type": "object", "required": ["name"], "additionalProperties": false,
       "properties": {"name": {"type": "string", "pattern": "^[A-Z]"},
                      "friends": {"type": "array", "items": {"$ref": "#/$defs/other"}}},
       "$defs": {"other": {"type": "object", "properties": {"name": {"type": "string"},
                           "friends": {"type": "array", "items": {"$ref": "#/$defs/other"}}}}}}
      """;

  private final Check check = new JsonSchemaCheck();

  private Judgement judge(String answer, String schema) {
    return check.of(answer, schema).orElseThrow();
  }

  @Test
  void shouldHoldAnswersAgainstASchema() {
    assertThat(judge("{\"name\": \"Ada\"}", PERSON).reward()).isEqualTo(1);
    assertThat(judge("```json\n{\"name\": \"Ada\"}\n```", PERSON).reward()).isEqualTo(1);
    assertThat(
            judge(
                    "{\"name\":\"Ada\",\"friends\":[{\"name\":\"B\",\"friends\":[{\"name\":\"C\"}]}]}",
                    PERSON)
                .reward())
        .isEqualTo(1);
    assertThat(judge("{\"name\": \"ada\"}", PERSON).reward()).isZero();
    assertThat(judge("{\"name\": \"Ada\", \"age\": 3}", PERSON).comment()).contains("age");
    assertThat(judge("{\"friends\": [{\"name\": 3}]}", PERSON).comment())
        .contains("/friends/0/name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Sure: {\"name\": \"Ada\"}", "{\"name\": \"Ada\"} and more", "{", "[["})
  void shouldCallWrongWhatIsNoJson(String answer) {
    assertThat(judge(answer, PERSON).reward()).isZero();
    assertThat(judge("[".repeat(50_000), PERSON).reward()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no json",
        "3",
        "{\"$ref\": \"http://localhost:1/schema\"}",
        "{\"$ref\": \"classpath:/logback.xml\"}",
        "{\"$ref\": \"file:///etc/passwd\"}",
        "{\"$dynamicRef\": \"#a\"}",
        "{\"properties\": {\"a\": {\"$id\": \"http://x/\", \"$ref\": \"#/b\"}}}",
        "{\"type\": \"array\", \"items\": {\"pattern\": \"(((a{1000}){1000}){1000})\"}}",
        "{\"$ref\": \"#\"}",
        "{\"anyOf\": [{\"type\": \"string\"}, {\"not\": {\"$ref\": \"#\"}}]}",
        "{\"properties\": {\"enum\": {\"$ref\": \"http://localhost:1/schema\"}}}",
        "{\"$schema\": \"http://localhost:1/dialect\"}",
      })
  void shouldRefuseSchemasThatReachOutOrDoNotEnd(String schema) {
    assertThatThrownBy(() -> check.of("[\"a\"]", schema)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void shouldRefuseASchemaThatIsWrittenOutToExponentiallyMany() {
    // given parts of which each refers twice to the next
    StringBuilder schema = new StringBuilder("{\"$ref\": \"#/$defs/d0\", \"$defs\": {");
    for (int i = 0; i < 40; i++) {
      String next = "{\"$ref\": \"#/$defs/d" + (i + 1) + "\"}";
      schema.append("\"d" + i + "\": {\"anyOf\": [" + next + "," + next + "]},");
    }
    schema.append("\"d40\": {\"type\": \"string\"}}}");

    // then
    assertThatThrownBy(() -> check.of("1", schema.toString()))
        .hasMessageContaining("more than 1000000 steps");
  }

  @Test
  void shouldKnowPropertiesThatAreCalledAsKeywordsAre() {
    String schema =
        "{\"properties\": {\"$ref\": {\"type\": \"string\"}}, \"enum\": [{\"$ref\": \"x\"}]}";

    assertThat(judge("{\"$ref\": \"x\"}", schema).reward()).isEqualTo(1);
  }
}
