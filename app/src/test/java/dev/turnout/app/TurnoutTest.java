package dev.turnout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class TurnoutTest {

  record Run(int exitCode, String out, String err) {
    static Run of(String... args) {
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      int code =
          Turnout.commandLine()
              .setOut(new PrintWriter(out))
              .setErr(new PrintWriter(err))
              .execute(args);
      return new Run(code, out.toString(), err.toString());
    }
  }

  private static List<CommandLine> all(CommandLine line) {
    List<CommandLine> found = new ArrayList<>();
    for (CommandLine command : line.getSubcommands().values()) {
      found.add(command);
      found.addAll(all(command));
    }
    return found;
  }

  @Test
  void shouldTeachEveryCommandInTheRootHelp() {
    // when
    Run run = Run.of("--help");

    // then
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Exit codes:", "Examples:", "--json");
    for (String name : Turnout.commandLine().getSubcommands().keySet()) {
      assertThat(run.out()).containsPattern("(?m)^  " + name + " ");
    }
    assertThat(run.out()).as("commands without a group").doesNotContain("More:");
  }

  @Test
  void shouldSayWhichRecipesThereAreWithoutTheLaboratory() {
    // when
    Run run = Run.of("train", "--data", "none", "--out", "none", "--recipe", "paper");

    // then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("no recipe is named \"paper\"; choose one of [turnout]");
    assertThat(Run.of("train", "--help").out())
        .contains("How to train: turnout (default: turnout)");
  }

  @Test
  void shouldGiveEveryCommandADescriptionExamplesAndHelp() {
    for (CommandLine command : all(Turnout.commandLine())) {
      var usage = command.getCommandSpec().usageMessage();
      String name = command.getCommandSpec().qualifiedName();
      assertThat(usage.description()).as(name + " has a description").isNotEmpty();
      assertThat(usage.footer()).as(name + " has examples").isNotEmpty();
      assertThat(command.getCommandSpec().findOption("--help")).as(name).isNotNull();
      for (var option : command.getCommandSpec().options()) {
        assertThat(option.description()).as(name + " " + option.longestName()).isNotEmpty();
      }
    }
  }

  @Test
  void shouldAnswerAMistypedCommandWithASuggestionAndTheUsageCode() {
    // when
    Run run = Run.of("chek");

    // then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("chek").contains("check").contains("turnout --help");
  }

  @Test
  void shouldAnswerAnUnknownOptionWithOneLineAndTheRemedy() {
    // when
    Run run = Run.of("check", "--confg", "x");

    // then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--confg").contains("turnout check --help");
    assertThat(run.err()).doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llms add x --input-price=-1",
        "llms add x --output-price=NaN",
        "llms add x --latency=-0.5",
        "llms add x --output-tokens=Infinity",
        "llms add x --context-window=0",
        "tenants set x --budget=0",
        "tenants set x --budget=NaN",
        "tenants set x --budget=Infinity",
        "tenants set x --burst=-1",
        "tenants set x --burst=much",
        "tenants set x --exploration-floor=1.5",
        "quickstart --rate=0",
        "quickstart --rate=NaN",
        "quickstart --queries=0"
      })
  void shouldRefuseANumberThatCannotBe(String line) {
    // given
    String option = line.replaceAll(".* (--[a-z-]+)=.*", "$1");

    // when
    Run run = Run.of(line.split(" "));

    // then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(option).containsPattern("positive number|or more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=nowhere", "a=ftp://host/v1", "a=http:///v1", "=http://host/v1", "a"})
  void shouldRefuseAnLlmWithoutABaseUrlBeforeAnythingStarts(String llm) {
    // when
    Run run = Run.of("quickstart", "--llm", llm);

    // then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--llm").doesNotContain("Kafka listens");
  }

  @Test
  void shouldSayWhatIsMissingToSetATenant() {
    Run nothing = Run.of("tenants", "set", "acme");
    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.err()).contains("--budget", "--burst", "--exploration-floor");

    Run burst = Run.of("tenants", "set", "acme", "--budget=none", "--burst=1");
    assertThat(burst.exitCode()).isEqualTo(2);
    assertThat(burst.err()).contains("--burst needs a budget");
  }

  @Test
  void shouldAskForAFileWhereTheProbesAreMissing() {
    // when
    Run run = Run.of("llms", "add", "x", "--probes", "no-such.jsonl");

    // then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("no-such.jsonl", "JSON Lines file").doesNotContain("folder");
  }

  @Test
  void shouldEndWithOneJsonObjectOnTheLastLine() {
    // when
    Run run = Run.of("check", "--config", "no-such-file.yaml", "--json");

    // then
    List<String> lines = run.out().lines().toList();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(lines.get(lines.size() - 1)).startsWith("{").contains("\"ok\":false").endsWith("}");
  }
}
