package dev.turnout.app.command.role;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.app.Turnout;
import dev.turnout.local.llm.SimulatedAnswer;
import dev.turnout.local.llm.SimulatedLlmServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class WorkerCheckCommandTest {

  /** Calls a tool where it is given one. */
  private static SimulatedAnswer good(JsonNode request) {
    return request.has("tools")
        ? new SimulatedAnswer.ToolCall("clock", "{\"city\":\"Bonn\"}", Duration.ZERO)
        : SimulatedAnswer.Text.ofWords(3);
  }

  private record Run(int exitCode, String out, String err) {}

  private static Run turnout(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Turnout.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args);
    return new Run(code, out.toString(), err.toString());
  }

  @Test
  void shouldSayWhatItFound() throws Exception {
    try (SimulatedLlmServer server = SimulatedLlmServer.start(0, WorkerCheckCommandTest::good)) {
      // when: only the address is known
      Run run = turnout("worker", "--set", "worker.url=" + server.url(), "check", "--json");

      // then
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.out())
          .contains("Dialect   compatible", "Model     simulated (listed)")
          .contains("Whole     \"word word word\"")
          .contains("Stream    5 pieces, first token after ")
          .contains("Tools     called")
          .contains("The LLM answers.");
      JsonNode json = new ObjectMapper().readTree(run.out().lines().toList().get(7));
      assertThat(json.path("ok").asBoolean()).isTrue();
      assertThat(json.path("questions")).hasSize(3);
      assertThat(json.at("/questions/1/first_token_ms").isNumber()).isTrue();
    }
  }

  @Test
  void shouldPriceAKnownModelAndTellWhatIsRefused() {
    Function<JsonNode, SimulatedAnswer> newer =
        request ->
            request.has("max_tokens")
                ? SimulatedAnswer.Refusal.of(
                    400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead")
                : good(request);
    try (SimulatedLlmServer server = SimulatedLlmServer.start(0, newer)) {
      Run run =
          turnout(
              "worker",
              "check",
              "--set",
              "worker.url=" + server.url(),
              "--set",
              "worker.model=gpt-4o");

      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.out())
          .contains("Model     gpt-4o (not listed; there are: simulated)")
          .contains("USD at list prices of ")
          .contains("Refused   max_tokens (asked for as max_completion_tokens)");
    }
  }

  @Test
  void shouldSayWhyAnLlmDoesNotAnswer() {
    try (SimulatedLlmServer server =
        SimulatedLlmServer.start(0, request -> SimulatedAnswer.Refusal.of(401, "no such key"))) {
      Run run = turnout("worker", "--set", "worker.url=" + server.url(), "check");

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out()).contains("HTTP 401", "no such key", "check the API key", server.url());
    }
  }

  @Test
  void shouldSayWhatToSetWithoutAModel() {
    Run run = turnout("worker", "--set", "worker.url=http://localhost:1/v1", "check");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("worker.model is not set", "http://localhost:1/v1");
  }
}
