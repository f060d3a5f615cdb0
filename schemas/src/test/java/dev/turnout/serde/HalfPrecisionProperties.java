package dev.turnout.serde;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Half precision over all floats there are, not the ones somebody thought of. */
class HalfPrecisionProperties {
  private static final float LARGEST = 65_504;
  private static final float SMALLEST_NORMAL = 0x1p-14f;
  private static final float SMALLEST_STEP = 0x1p-24f;

  private static float rounded(float value) {
    return HalfPrecision.toFloat(HalfPrecision.toHalf(value));
  }

  @Property(tries = 2_000)
  void shouldRoundToWithinHalfAStep(@ForAll int bits) {
    // given
    float value = Float.intBitsToFloat(bits);

    // when
    float rounded = rounded(value);

    // then
    if (Float.isNaN(value)) {
      assertThat(rounded).isNaN();
    } else if (Math.abs(value) <= LARGEST) {
      double step =
          Math.max(SMALLEST_STEP, Math.ulp(Math.max(Math.abs(value), SMALLEST_NORMAL)) * 0x1p13);
      assertThat(Math.abs((double) rounded - value)).isLessThanOrEqualTo(step / 2);
    } else {
      assertThat(Math.abs(rounded)).isGreaterThanOrEqualTo(LARGEST);
    }
  }

  @Property(tries = 2_000)
  void shouldKeepOrderAndSign(@ForAll float first, @ForAll float second) {
    assertThat(Float.compare(rounded(first), rounded(second)) * Float.compare(first, second))
        .isNotNegative();
    assertThat(rounded(-first)).isEqualTo(-rounded(first));
  }

  @Property(tries = 500)
  void shouldPackAnyVectorInTwoBytesADimension(@ForAll @Size(max = 64) float[] vector) {
    // when
    ByteBuffer packed = HalfPrecision.pack(vector);

    // then
    assertThat(packed.remaining()).isEqualTo(2 * vector.length);
    float[] unpacked = HalfPrecision.unpack(packed);
    assertThat(unpacked).hasSameSizeAs(vector);
    assertThat(HalfPrecision.pack(unpacked)).isEqualTo(packed);
  }
}
