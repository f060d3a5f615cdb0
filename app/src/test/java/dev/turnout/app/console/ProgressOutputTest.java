package dev.turnout.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.app.Turnout;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ProgressOutputTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine line =
      Turnout.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  @Test
  void shouldLeaveStandardOutputToTheJsonObject() {
    // when
    ProgressOutput.of(line, true).print("half-way");

    // then
    assertThat(err.toString()).isEqualTo("half-way");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void shouldUseStandardOutputWhereNoProgramReadsIt() {
    // when
    ProgressOutput.of(line, false).print("half-way");

    // then
    assertThat(out.toString()).isEqualTo("half-way");
    assertThat(err.toString()).isEmpty();
  }
}
