package dev.turnout.grader.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.grader.GradableOutcomes;
import dev.turnout.grader.Judgement;
import dev.turnout.grader.check.ExpectedText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** In the shell, which is there wherever a sandbox is. */
class CodeGraderTest {
  private static final ExpectedText TESTS = new ExpectedText("turnout.tests", null);

  private static CodeGrader grader(Duration timeout, int memoryMib, String... command) {
    return new CodeGrader(
        new Sandbox(List.of(command), timeout, memoryMib), "echo '{token}'", 2, TESTS);
  }

  private static Judgement graded(CodeGrader grader, String answer, String tests) {
    return grader
        .grade(GradableOutcomes.answer(answer, Map.of("turnout.tests", tests)).build())
        .join()
        .orElseThrow();
  }

  @Test
  void shouldRunTheAnswersCodeWithItsTests() {
    try (CodeGrader grader = grader(Duration.ofSeconds(60), 512, "/bin/sh", "-e")) {
      String tests = "test $(twice 4) = 8";
      String right = "Here it is:\n\n```sh\ntwice() { echo $((2 * $1)); }\n```\nIt doubles.";

      assertThat(graded(grader, right, tests).reward()).isEqualTo(1);
      assertThat(graded(grader, right.replace("2 *", "3 *"), tests).reward()).isZero();
      assertThat(graded(grader, "twice() { echo $((2 * $1)); }", tests).reward()).isEqualTo(1);
      Judgement broken = graded(grader, "```sh\nno-such-command 1\n```", tests);
      assertThat(broken.reward()).isZero();
      assertThat(broken.comment()).contains("exit status 127", "no-such-command");
    }
  }

  @Test
  void shouldNotPassWhatLeavesBeforeItsTests() {
    try (CodeGrader grader = grader(Duration.ofSeconds(60), 512, "/bin/sh")) {
      Judgement left = graded(grader, "```\nexit 0\n```", "false");

      assertThat(left.reward()).isZero();
      assertThat(left.comment()).contains("before its last line");
    }
  }

  @Test
  void shouldBoundTimeMemoryOutputAndEnvironment() {
    try (CodeGrader grader = grader(Duration.ofSeconds(2), 64, "/bin/sh")) {
      assertThat(graded(grader, "```\nsleep 600\n```", "true").comment()).contains("stopped after");
      assertThat(graded(grader, "```\nwhile :; do :; done\n```", "true").reward()).isZero();
      Judgement writes = graded(grader, "```\nyes | head -c 3000000\n```", "test $? = 0");
      assertThat(writes.comment()).hasSizeLessThan(4_000);
      String grows = "```\nx=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done\n```";
      assertThat(graded(grader, grows, "true").reward()).isZero();
      assertThat(graded(grader, "```\nenv | cut -d= -f1\n```", "true").comment())
          .contains("HOME")
          .doesNotContain("JAVA_HOME", "TURNOUT");
    }
  }

  @Test
  void shouldSayWhatToSetWhenNothingRuns() {
    try (CodeGrader grader = grader(Duration.ofSeconds(60), 512, "/bin/sh")) {
      assertThat(grader.grade(GradableOutcomes.answer("x", Map.of()).build()).join())
          .isEqualTo(Optional.empty());
    }
    assertThatThrownBy(
            () ->
                new CodeGrader(
                    new Sandbox(List.of("/bin/sh"), Duration.ofSeconds(1), 64), "echo", 1, TESTS))
        .hasMessageContaining("grader.code.last-line");
  }

  @Test
  void shouldTakeTheLongestBlock() {
    assertThat(CodeGrader.code("```sh\na\n```\ntext\n```python\nlonger\n```\n"))
        .isEqualTo("longer\n");
    assertThat(CodeGrader.code("no block")).isEqualTo("no block");
  }
}
