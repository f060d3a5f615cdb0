package dev.turnout.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class HalfPrecisionTest {

  @Test
  void shouldKeepEveryHalfPrecisionNumberExactly() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      // given
      short half = (short) bits;
      float value = HalfPrecision.toFloat(half);

      // when
      short back = HalfPrecision.toHalf(value);

      // then
      if (Float.isNaN(value)) {
        assertThat(HalfPrecision.toFloat(back)).isNaN();
      } else {
        assertThat(back).as("bits %04x", bits).isEqualTo(half);
      }
    }
  }

  @Test
  void shouldRoundToNearestAndTiesToEven() {
    assertThat(HalfPrecision.toFloat(HalfPrecision.toHalf(1 + 0x1p-11f))).isEqualTo(1f);
    assertThat(HalfPrecision.toFloat(HalfPrecision.toHalf(1 + 3 * 0x1p-11f)))
        .isEqualTo(1 + 0x1p-9f);
    assertThat(HalfPrecision.toFloat(HalfPrecision.toHalf(1 + 0x1.1p-11f))).isEqualTo(1 + 0x1p-10f);
    assertThat(HalfPrecision.toFloat(HalfPrecision.toHalf(70_000f))).isInfinite();
    assertThat(HalfPrecision.toFloat(HalfPrecision.toHalf(0x1p-25f))).isZero();
  }

  @Test
  void shouldUnpackWhatItPacked() {
    // given
    float[] vector = {0.25f, -0.001f, 0.9371f, -0.4999f, 0f};

    // when
    ByteBuffer packed = HalfPrecision.pack(vector);

    // then
    assertThat(packed.remaining()).isEqualTo(2 * vector.length);
    assertThat(HalfPrecision.unpack(packed)).containsExactly(vector, Offset.offset(0x1p-11f));
    assertThat(packed.remaining()).isEqualTo(2 * vector.length);
  }

  @Test
  void shouldRefuseAnOddNumberOfBytes() {
    assertThatThrownBy(() -> HalfPrecision.unpack(ByteBuffer.wrap(new byte[3])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("even number of bytes");
  }
}
