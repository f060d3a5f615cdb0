package dev.turnout.serde;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Vectors as little-endian IEEE 754 half-precision numbers, two bytes a dimension: how decisions
 * and samples carry embeddings. Rounds to nearest, ties to even; for a unit vector the relative
 * error of a component is at most 2^-11.
 */
public final class HalfPrecision {
  /** Bits of 2^-14. */
  private static final int SMALLEST_NORMAL = 0x38800000;

  /** Bits of the least float that rounds to infinity. */
  private static final int TOO_LARGE = 0x477ff000;

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private HalfPrecision() {}

  /**
   * Packs a vector.
   *
   * @param vector {@code float[dimension]}
   * @return a buffer of {@code 2 * dimension} bytes, ready to be read
   */
  public static ByteBuffer pack(float[] vector) {
    byte[] bytes = new byte[2 * vector.length];
    for (int i = 0; i < vector.length; i++) {
      SHORTS.set(bytes, 2 * i, toHalf(vector[i]));
    }
    return ByteBuffer.wrap(bytes);
  }

  /**
   * Unpacks what {@link #pack} wrote; the buffer's position does not move.
   *
   * @return {@code float[dimension]}
   * @throws IllegalArgumentException if the number of bytes is odd
   */
  public static float[] unpack(ByteBuffer packed) {
    ByteBuffer bytes = packed.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.remaining() % 2 != 0) {
      throw new IllegalArgumentException(
          "a half-precision vector has an even number of bytes, but this one has "
              + bytes.remaining());
    }
    float[] vector = new float[bytes.remaining() / 2];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = toFloat(bytes.getShort());
    }
    return vector;
  }

  static short toHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude >= SMALLEST_NORMAL && magnitude < TOO_LARGE) {
      int rounded = magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1);
      return (short) (sign | (rounded >>> 13));
    }
    if (magnitude >= 0x7f800000) {
      return (short) (sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00));
    }
    if (magnitude >= TOO_LARGE) {
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x33000000) {
      return (short) sign;
    }
    int shift = 126 - (magnitude >>> 23);
    int mantissa = (magnitude & 0x7fffff) | 0x800000;
    int half = mantissa >>> shift;
    int rest = mantissa & ((1 << shift) - 1);
    int tie = 1 << (shift - 1);
    if (rest > tie || (rest == tie && (half & 1) == 1)) {
      half++;
    }
    return (short) (sign | half);
  }

  static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >>> 10) & 0x1f;
    int mantissa = half & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | 0x7f800000 | (mantissa << 13));
    }
    if (exponent == 0) {
      float subnormal = mantissa * 0x1p-24f;
      return sign == 0 ? subnormal : -subnormal;
    }
    return Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (mantissa << 13));
  }
}
