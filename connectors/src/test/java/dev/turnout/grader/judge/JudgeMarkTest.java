package dev.turnout.grader.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeMarkTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "**Mark:** 8; 0.8",
        "Mark: **8**; 0.8",
        "<think>\"Mark: 3\" would be harsh</think> Mark: 9; 0.9",
        "Mark: 8,5; 0.85",
        "Mark: 7.5\\nMostly right.; 0.75",
        "Right in all points.\\n\\nMark: 10; 1.0",
        "Mark: 0; 0.0",
        "mark : 6; 0.6",
        "### Mark: 8; 0.8",
        "__Mark__: 8; 0.8",
        "**Mark**: `8`; 0.8",
        "- **Mark: 8/10**; 0.8",
        "Mark: **8**/10; 0.8",
        "Mark: 8.0/10.0; 0.8",
        "Mark: 4 out of 5; 0.8",
        "Mark: 8 von 10; 0.8",
        "Mark: 85%; 0.85",
        "Mark: 85/100; 0.85",
        "Mark: 8.; 0.8",
        "Mark: 8, since it is short.; 0.8",
        "Mark: 8/10 - 3 small errors; 0.8",
        "Final mark: 8; 0.8",
        "Mark (0-10): 8; 0.8",
        "The mark is 8.; 0.8",
        "Score: 8; 0.8",
        "{\"mark\": 8, \"why\": \"short\"}; 0.8",
        "$\\boxed{Mark: 8}$; 0.8",
        "Ｍａｒｋ：８; 0.8",
        "得分：8; 0.8",
        "Good.\\n8/10; 0.8",
        "8; 0.8",
        "Mark: 8\\n> Mark: 10; 0.8",
        "I would say Mark: 3 at first, but it is right.\\nMark: 9; 0.9",
        "well, Mark: 2 is harsh</think>\\nMark: 9; 0.9",
        "<think>a</think>b <thinking>Mark: 1</thinking>Mark: 9; 0.9",
        "Mark: 8\\nMark: 8.0; 0.8",
      })
  void shouldReadMarksAsJudgesWriteThem(String reply, double mark) {
    OptionalDouble read = JudgeMark.of(reply.replace("\\n", "\n"));

    assertThat(read).isPresent();
    assertThat(read.getAsDouble()).isEqualTo(mark, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Hm.",
        "Mark: N",
        "Mark: eight",
        "Mark: 11",
        "Mark: 85",
        "Mark: -3",
        "Mark: 9/5",
        "Mark: 3/0",
        "Mark: 8-9",
        "Mark: 8 – 9",
        "Mark: 8 or 9",
        "Mark: 8/10 or 9/10",
        "Mark: 8.5.3",
        "Mark: 1e1",
        "Mark: 8½",
        "Mark: 12345678901234567890",
        "benchmark: 8",
        "Bookmark: 3",
        "Mark: 2\nThe answer says:\nMark: 10\nand that is all.",
        "Mark: 8 (not Mark: 3)",
        "<think>Mark: 3",
        "<think>The answer is good. Mark: 9</think>",
        "It has 3 parts."
      })
  void shouldReadNoMarkWhereNoneIsPlain(String reply) {
    assertThat(JudgeMark.of(reply)).isEmpty();
  }

  @Test
  void shouldReadTheEndOfALongReply() {
    String ramble = "It is right. ".repeat(100_000);

    assertThat(JudgeMark.of("Mark: 1\n" + ramble + "\nMark: 9")).hasValue(0.9);
    assertThat(JudgeMark.of("<think>" + "Mark: 1\n".repeat(100_000) + "</think>Mark: 9"))
        .hasValue(0.9);
  }
}
