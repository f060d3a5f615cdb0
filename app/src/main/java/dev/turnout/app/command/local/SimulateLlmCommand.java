package dev.turnout.app.command.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.local.llm.SimulatedAnswer;
import dev.turnout.local.llm.SimulatedLlmServer;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a server that pretends to be an LLM. */
@Command(
    name = "simulate-llm",
    mixinStandardHelpOptions = true,
    description = {
      "Run a server that pretends to be an LLM, for workers of a try-out.",
      "",
      "Speaks OpenAI's chat-completions API, streaming too, under whatever model name it is asked"
          + " for, and answers with words without meaning at the pace that is set."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout simulate-llm",
      "  turnout simulate-llm --host 0.0.0.0 --words 100 --first-token-ms 200 --per-token-ms 10"
    })
public final class SimulateLlmCommand extends LocalPartCommand {

  @Option(
      names = "--port",
      description = "Port of the server; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
  private int port = 8000;

  @Option(names = "--words", description = "Words of an answer. Default: ${DEFAULT-VALUE}.")
  private int words = 20;

  @Option(
      names = "--first-token-ms",
      paramLabel = "MS",
      description = "Milliseconds until the first word. Default: ${DEFAULT-VALUE}.")
  private int firstTokenMillis = 50;

  @Option(
      names = "--per-token-ms",
      paramLabel = "MS",
      description = "Milliseconds from word to word. Default: ${DEFAULT-VALUE}.")
  private int perTokenMillis = 5;

  public SimulateLlmCommand() {
    super("simulate-llm");
  }

  @Override
  AutoCloseable start(String host) {
    if (words < 1 || firstTokenMillis < 0 || perTokenMillis < 0) {
      throw new CommandFailure(
          "--words is at least 1, and --first-token-ms and --per-token-ms are not negative");
    }
    return SimulatedLlmServer.start(host, requirePort(port), this::answer);
  }

  private SimulatedAnswer answer(JsonNode request) {
    StringBuilder text =
        new StringBuilder("Simulated by ").append(request.path("model").asText("nobody"));
    for (int word = SIGNATURE_WORDS; word < words; word++) {
      text.append(" word");
    }
    return new SimulatedAnswer.Text(
        text.toString(), Duration.ofMillis(firstTokenMillis), Duration.ofMillis(perTokenMillis));
  }

  /** Words that every answer begins with. */
  private static final int SIGNATURE_WORDS = 3;
}
