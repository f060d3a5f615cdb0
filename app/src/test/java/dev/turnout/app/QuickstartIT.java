package dev.turnout.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole program with real parts: embedded broker, registry, router, simulated LLMs. */
@Timeout(300)
@Tag("alone")
class QuickstartIT {

  private record Run(int exitCode, JsonNode json, String out, String err) {
    String text() {
      return err + out;
    }
  }

  private static Run quickstart(String... further) throws Exception {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] args = new String[further.length + 4];
    args[0] = "quickstart";
    args[1] = "--json";
    // Ports of their own, so that a quickstart that happens to run does not matter.
    args[2] = "--port=0";
    args[3] = "--registry-port=0";
    System.arraycopy(further, 0, args, 4, further.length);
    int code =
        Turnout.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args);
    List<String> lines = out.toString().lines().toList();
    JsonNode json = new ObjectMapper().readTree(lines.get(lines.size() - 1));
    return new Run(code, json, out.toString(), err.toString());
  }

  @Test
  void shouldRouteEveryQueryOnceAndEarnMoreThanTheBestSingleLlm() throws Exception {
    // when
    Run run = quickstart("--queries", "1000");

    // then
    JsonNode json = run.json();
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(json.get("published").asInt()).isEqualTo(1000);
    assertThat(json.get("routed").asInt()).isEqualTo(1000);
    assertThat(json.get("lost").asInt()).isZero();
    assertThat(json.get("duplicated").asInt()).isZero();
    assertThat(json.get("dead_lettered").asInt()).isZero();
    assertThat(json.get("graded").asInt()).isEqualTo(1000);
    assertThat(json.get("reward").asDouble())
        .isGreaterThan(json.at("/baselines/best_single").asDouble())
        .isLessThan(json.at("/baselines/oracle").asDouble());
    assertThat(json.at("/baselines/random").asDouble())
        .isPositive()
        .isLessThan(json.at("/baselines/best_single").asDouble());
    assertThat(json.get("model_version").asText()).isNotEmpty();
    assertThat(json.get("seconds").asDouble()).isPositive();
    assertThat(run.err()).contains("./turnout query", "read_committed");
    assertThat(run.out()).doesNotContain("./turnout query");
  }

  @Test
  void shouldLearnFromGradesUntilItEarnsMoreThanTheBestSingleLlm() throws Exception {
    // when the stream plays for the live view's two minutes at twice its rate: each candidate has
    // a chance at the gate, and a dozen of them leave luck no room
    Run run = quickstart("--queries", "14400", "--rate", "120");

    // then
    JsonNode json = run.json();
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(json.get("promotions").asInt()).as(run.text()).isPositive();
    assertThat(run.err()).containsPattern("! model feedback-\\w+ promoted: difference ");
    assertThat(json.get("model_version").asText()).startsWith("feedback-");
    assertThat(json.get("reward").asDouble())
        .isGreaterThan(json.at("/baselines/best_single").asDouble());
    assertThat(json.at("/learning/exploration_floor").asDouble()).isEqualTo(0.1);
    assertThat(json.at("/learning/gate_confidence").asDouble()).isEqualTo(0.95);
  }

  @Test
  void shouldRefuseADirectoryWithoutOutcomes() {
    // given
    StringWriter err = new StringWriter();

    // when
    int code =
        Turnout.commandLine()
            .setErr(new PrintWriter(err))
            .execute("quickstart", "--data", "no-such-directory");

    // then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("no-such-directory").contains("train and test");
    assertThat(err.toString().lines().findFirst().orElse("")).doesNotContain("Exception");
  }
}
