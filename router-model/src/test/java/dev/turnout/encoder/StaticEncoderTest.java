package dev.turnout.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StaticEncoderTest {
  private static QueryEncoder encoder;

  @BeforeAll
  static void open() {
    encoder = Encoders.open(EncoderSettings.staticEncoder());
  }

  @Test
  void shouldReturnUnitVectorsInTheOrderOfTheTexts() {
    // given
    List<String> texts = List.of("Name the capital of France.", "", "def f(x): return x", "首都");

    // when
    float[][] together = encoder.encode(texts);

    // then
    assertThat(together).hasDimensions(4, 384);
    for (int i = 0; i < texts.size(); i++) {
      assertThat(cosine(together[i], together[i])).isCloseTo(1, within(1e-5));
      assertThat(encoder.encode(List.of(texts.get(i)))[0]).isEqualTo(together[i]);
    }
  }

  @Test
  void shouldPlaceRelatedQueriesCloserThanUnrelatedOnes() {
    float[][] v =
        encoder.encode(
            List.of(
                "Write a Python function that sorts a list of integers",
                "How do I sort an array of numbers in Java code?",
                "Which bird lays the largest eggs?"));

    assertThat(cosine(v[0], v[1])).isGreaterThan(cosine(v[0], v[2]) + 0.2);
  }

  @Test
  void shouldLetTheTailOfALongTextCount() {
    String filler =
        IntStream.range(0, 2_000).mapToObj(i -> "lorem ipsum ").reduce("", String::concat);

    float[][] v =
        encoder.encode(
            List.of(
                filler + "compute the integral of the polynomial", filler, "integral polynomial"));

    assertThat(cosine(v[0], v[2])).isGreaterThan(cosine(v[1], v[2]));
  }

  @Test
  void shouldHaveTheSameIdentityEachTimeAndAnotherOneWhenSettingsChangeTheVectors() {
    EncoderSettings settings = EncoderSettings.staticEncoder();

    assertThat(Encoders.open(settings).id()).isEqualTo(encoder.id());
    assertThat(Encoders.open(settings.toBuilder().maxTokens(64).build()).id())
        .isNotEqualTo(encoder.id());
    assertThat(encoder.id().toString()).matches("all-MiniLM-L6-v2-static@[0-9a-f]{12}/384");
    assertThat(EncoderId.parse(encoder.id().toString())).isEqualTo(encoder.id());
  }

  private static double cosine(float[] a, float[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (double) a[d] * b[d];
    }
    return sum;
  }
}
