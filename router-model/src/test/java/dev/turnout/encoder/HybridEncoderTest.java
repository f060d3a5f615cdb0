package dev.turnout.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class HybridEncoderTest {
  private static final List<String> TEXTS = List.of("What is 2 + 2?", "巴黎在哪里？");

  @Test
  void shouldPutBothVectorsSideBySideAtLengthOne() {
    // given
    try (QueryEncoder transformer = Encoders.open(EncoderSettings.transformer());
        QueryEncoder statics = Encoders.open(EncoderSettings.staticEncoder());
        QueryEncoder hybrid = Encoders.open(EncoderSettings.hybrid())) {
      // when
      float[][] both = hybrid.encode(TEXTS);
      float[][] first = transformer.encode(TEXTS);
      float[][] second = statics.encode(TEXTS);

      // then
      assertThat(hybrid.id().dimension()).isEqualTo(768);
      for (int i = 0; i < both.length; i++) {
        assertThat(dot(both[i], 0, both[i], 768)).isCloseTo(1, within(1e-5));
        assertThat(dot(both[i], 0, first[i], 384)).isCloseTo(0.6, within(1e-4));
        assertThat(dot(both[i], 384, second[i], 384)).isCloseTo(0.8, within(1e-4));
      }
    }
  }

  @Test
  void shouldHaveAnIdentityOfItsOwn() {
    try (QueryEncoder transformer = Encoders.open(EncoderSettings.transformer());
        QueryEncoder hybrid = Encoders.open(EncoderSettings.hybrid());
        QueryEncoder again = Encoders.open(EncoderSettings.hybrid())) {
      assertThat(hybrid.id()).isEqualTo(again.id()).isNotEqualTo(transformer.id());
    }
  }

  private static double dot(float[] a, int offset, float[] b, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += (double) a[offset + i] * b[i];
    }
    return sum;
  }
}
