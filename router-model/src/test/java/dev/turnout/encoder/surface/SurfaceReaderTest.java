package dev.turnout.encoder.surface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SurfaceReaderTest {
  private static final SurfaceReader READER = SurfaceReader.shared();

  @Test
  void shouldReadOptionsAndWhatStandsBeforeThem() {
    String stem = "Which number is NOT prime?\n";
    QuerySurface surface = READER.read(stem + "A. 7\nB. eleven\nC. 21\nD. 2\nAnswer:");

    assertThat(trait(surface, Trait.OPTIONS)).isEqualTo(4);
    assertThat(trait(surface, Trait.STEM_LENGTH))
        .isCloseTo((float) Math.log1p(stem.length()), within(1e-6f));
    assertThat(trait(surface, Trait.OPTION_DIGITS)).isEqualTo(0.75f);
    assertThat(trait(surface, Trait.LONGEST_OPTION))
        .isCloseTo((float) Math.log1p(" eleven".length()), within(1e-6f));
    assertThat(trait(surface, Trait.NUMBERS)).isCloseTo((float) Math.log1p(3), within(1e-6f));
    assertThat(trait(surface, Trait.NUMBER_WORDS)).isCloseTo((float) Math.log1p(1), within(1e-6f));
    assertThat(trait(surface, Trait.NEGATIONS)).isEqualTo(1);
    assertThat(trait(surface, Trait.WHICH)).isEqualTo(1);
    assertThat(trait(surface, Trait.HOW)).isZero();
  }

  @Test
  void shouldReadEveryLanguage() {
    QuerySurface chinese = READER.read("下列哪一项不是质数？\nA．七\nB．二十一");
    QuerySurface german = READER.read("Berechne, wie viele Züge um 9:40 Uhr fahren?");

    assertThat(trait(chinese, Trait.IDEOGRAPHS)).isGreaterThan(0.5f);
    assertThat(trait(chinese, Trait.QUESTION_MARKS)).isEqualTo(1);
    assertThat(trait(chinese, Trait.OPTIONS)).isEqualTo(2);
    assertThat(trait(chinese, Trait.NEGATIONS)).isPositive();
    assertThat(trait(german, Trait.NUMBERS)).isCloseTo((float) Math.log1p(2), within(1e-6f));
    assertThat(trait(german, Trait.BEYOND_ASCII)).isPositive();
  }

  @Test
  void shouldReadAnyText() {
    for (String text :
        new String[] {"", " ", "\n", "A.", "\uD83D", "😀", "x".repeat(20_000), "1"}) {
      QuerySurface surface = READER.read(text);

      assertThat(surface.words()).isSorted().doesNotHaveDuplicates();
      assertThat(QuerySurface.fromBytes(surface.toBytes())).isEqualTo(surface);
    }
  }

  @Test
  void shouldDoWithoutBytesThatItDoesNotUnderstand() {
    byte[] bytes = READER.read("how many?").toBytes();
    byte[] other = bytes.clone();
    other[0]++;

    assertThat(QuerySurface.fromBytes(other)).isNull();
    assertThat(QuerySurface.fromBytes(new byte[0])).isNull();
    assertThat(QuerySurface.fromBytes(Arrays.copyOf(bytes, bytes.length - 1))).isNull();
  }

  private static float trait(QuerySurface surface, Trait trait) {
    return surface.traits()[trait.place()];
  }
}
