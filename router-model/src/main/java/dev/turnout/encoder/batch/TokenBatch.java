package dev.turnout.encoder.batch;

import java.util.Arrays;

/**
 * Texts of similar length as one rectangle of tokens.
 *
 * @param ids {@code long[rows * columns]}, row-major, 0 where padded
 * @param mask 1 for a token, 0 for padding; as {@code ids}
 * @param rows number of texts
 * @param columns tokens of the longest text, specials included
 */
public record TokenBatch(long[] ids, long[] mask, int rows, int columns) {

  /** Pads {@code texts}, each {@code int[tokens]}, to the longest of them. */
  public static TokenBatch pad(int[][] texts) {
    int columns = Arrays.stream(texts).mapToInt(text -> text.length).max().orElse(1);
    long[] ids = new long[texts.length * columns];
    long[] mask = new long[texts.length * columns];
    for (int row = 0; row < texts.length; row++) {
      for (int column = 0; column < texts[row].length; column++) {
        ids[row * columns + column] = texts[row][column];
        mask[row * columns + column] = 1;
      }
    }
    return new TokenBatch(ids, mask, texts.length, columns);
  }
}
