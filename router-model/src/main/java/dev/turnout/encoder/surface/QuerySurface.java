package dev.turnout.encoder.surface;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What can be read off a query's text without understanding it: traits such as its length, digits
 * and options, and which word pieces it has. Immutable as long as nobody writes to the arrays.
 *
 * @param traits {@code float[Trait.COUNT]}, finite; {@link Trait} says what each one is
 * @param words distinct token ids, ascending
 */
public record QuerySurface(float[] traits, int[] words) {
  private static final int LARGEST_WORD = 0xFFFF;
  private static final double MOST_CHARACTERS = 1e9;

  public QuerySurface {
    if (traits.length != Trait.COUNT) {
      throw new IllegalArgumentException(
          "a surface has " + Trait.COUNT + " traits, was given " + traits.length);
    }
    for (float trait : traits) {
      if (!Float.isFinite(trait)) {
        throw new IllegalArgumentException("traits must be finite: " + Arrays.toString(traits));
      }
    }
    for (int i = 0; i < words.length; i++) {
      if (words[i] < 0 || words[i] > LARGEST_WORD || (i > 0 && words[i] <= words[i - 1])) {
        throw new IllegalArgumentException("word ids must be distinct, ascending and 16 bits long");
      }
    }
  }

  /**
   * Length of the text in characters, as exact as a float32 of its logarithm is; 0 to {@value
   * #MOST_CHARACTERS}, whatever the trait says.
   */
  public double characters() {
    double characters = StrictMath.expm1(traits[Trait.LENGTH.place()]);
    return Math.max(0, Math.min(MOST_CHARACTERS, characters));
  }

  /**
   * The surface as records carry it: number of traits (one byte), traits as float32, words as
   * unsigned 16-bit integers, all little-endian.
   */
  public byte[] toBytes() {
    ByteBuffer buffer =
        ByteBuffer.allocate(1 + 4 * traits.length + 2 * words.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    buffer.put((byte) traits.length);
    for (float trait : traits) {
      buffer.putFloat(trait);
    }
    for (int word : words) {
      buffer.putShort((short) word);
    }
    return buffer.array();
  }

  /**
   * Reads what {@link #toBytes()} wrote.
   *
   * @return null for bytes of another program version, whose traits mean something else, or for
   *     damaged ones; whoever reads them does without
   */
  public static @Nullable QuerySurface fromBytes(byte[] bytes) {
    int traitsEnd = 1 + 4 * Trait.COUNT;
    if (bytes.length < traitsEnd
        || bytes[0] != Trait.COUNT
        || (bytes.length - traitsEnd) % 2 != 0) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.get();
    float[] traits = new float[Trait.COUNT];
    for (int i = 0; i < traits.length; i++) {
      traits[i] = buffer.getFloat();
    }
    int[] words = new int[buffer.remaining() / 2];
    for (int i = 0; i < words.length; i++) {
      words[i] = buffer.getShort() & 0xFFFF;
    }
    try {
      return new QuerySurface(traits, words);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof QuerySurface that
        && Arrays.equals(traits, that.traits)
        && Arrays.equals(words, that.words);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(traits) + Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    return "QuerySurface[" + words.length + " words]";
  }
}
