package dev.turnout.grader;

/**
 * Text that may be looked at only so often. The expression comes from whoever sent the query, and
 * some expressions take longer than the universe has: this ends them.
 */
final class BoundedText implements CharSequence {

  private static final int MOST_LOOKS = 5_000_000;

  private final CharSequence text;
  private int looks;

  static final class OutOfPatience extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  BoundedText(CharSequence text) {
    this.text = text;
  }

  @Override
  public char charAt(int index) {
    if (++looks > MOST_LOOKS) {
      throw new OutOfPatience();
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.subSequence(start, end);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
