package dev.turnout.learner.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnswerReportTest {
  @Test
  void shouldSurviveItsBytes() {
    AnswerReport known = new AnswerReport("acme/a", true, 2, new AnswerCost(0.5, 120L, 340L));
    AnswerReport unknown = new AnswerReport("acme/a", false, 1, AnswerCost.UNKNOWN);

    assertThat(AnswerReport.read(known.bytes())).isEqualTo(known);
    assertThat(AnswerReport.read(unknown.bytes())).isEqualTo(unknown);
  }

  @Test
  void shouldReadWhatWasKeptBeforeLengthsWere() {
    byte[] name = "acme/a".getBytes(StandardCharsets.UTF_8);
    byte[] kept =
        ByteBuffer.allocate(21 + name.length)
            .put((byte) 1)
            .putInt(2)
            .putDouble(0.5)
            .putLong(120)
            .put(name)
            .array();

    assertThat(AnswerReport.read(kept))
        .isEqualTo(new AnswerReport("acme/a", true, 2, new AnswerCost(0.5, 120L, null)));
  }

  @Test
  void shouldNotBelieveALengthThatNoAnswerHas() {
    assertThat(new AnswerCost(null, null, -1L).completionTokens()).isNull();
    assertThat(new AnswerCost(null, null, Long.MAX_VALUE).completionTokens()).isNull();
  }
}
