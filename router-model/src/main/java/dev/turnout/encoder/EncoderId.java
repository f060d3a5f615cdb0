package dev.turnout.encoder;

/**
 * Identity of an encoder: two encoders with equal ids map the same text to (numerically almost) the
 * same vector, so a model trained on one may serve on the other.
 *
 * @param name for people, e.g. {@code all-MiniLM-L6-v2}
 * @param digest first 12 hex digits of the SHA-256 over weights, vocabulary and settings that
 *     change the vector (pooling, truncation, quantisation); device and floating-point width do not
 *     count
 * @param dimension length of the vectors
 */
public record EncoderId(String name, String digest, int dimension) {
  public EncoderId {
    if (name.isBlank() || name.contains("@")) {
      throw new IllegalArgumentException("encoder name must be non-blank and without '@': " + name);
    }
    if (dimension < 1) {
      throw new IllegalArgumentException("encoder dimension must be positive: " + dimension);
    }
  }

  /** The id as stamped into models, decisions and samples: {@code name@digest/dimension}. */
  @Override
  public String toString() {
    return name + "@" + digest + "/" + dimension;
  }

  /**
   * Reads what {@link #toString()} wrote.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static EncoderId parse(String text) {
    int at = text.lastIndexOf('@');
    int slash = text.lastIndexOf('/');
    if (at < 1 || slash < at) {
      throw new IllegalArgumentException(
          "encoder id must read name@digest/dimension, but was: " + text);
    }
    return new EncoderId(
        text.substring(0, at),
        text.substring(at + 1, slash),
        Integer.parseInt(text.substring(slash + 1)));
  }
}
