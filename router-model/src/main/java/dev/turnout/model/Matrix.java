package dev.turnout.model;

import java.util.Arrays;

/** An immutable matrix of floats, row-major; equal when shape and every float are equal. */
public final class Matrix {
  private final int rows;
  private final int columns;
  private final float[] values;

  private Matrix(int rows, int columns, float[] values) {
    this.rows = rows;
    this.columns = columns;
    this.values = values;
  }

  /**
   * Copies rows of equal length; at least one row.
   *
   * @param rows {@code float[rows][columns]}
   */
  public static Matrix of(float[][] rows) {
    if (rows.length == 0) {
      throw new IllegalArgumentException("a matrix needs at least one row");
    }
    int columns = rows[0].length;
    float[] values = new float[Math.multiplyExact(rows.length, columns)];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != columns) {
        throw new IllegalArgumentException(
            "row " + i + " has " + rows[i].length + " columns, row 0 has " + columns);
      }
      System.arraycopy(rows[i], 0, values, i * columns, columns);
    }
    return new Matrix(rows.length, columns, values);
  }

  /**
   * Copies row-major values.
   *
   * @param values {@code float[rows * columns]}
   */
  public static Matrix of(int rows, int columns, float[] values) {
    if (rows < 1 || columns < 1 || values.length != Math.multiplyExact(rows, columns)) {
      throw new IllegalArgumentException(
          "a " + rows + " x " + columns + " matrix cannot hold " + values.length + " values");
    }
    return new Matrix(rows, columns, values.clone());
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  public float at(int row, int column) {
    return values[row * columns + column];
  }

  /** A copy of one row. */
  public float[] row(int row) {
    return Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
  }

  /** A copy of all values, row-major. */
  public float[] toArray() {
    return values.clone();
  }

  /** A copy of all rows. */
  public float[][] toRows() {
    float[][] copy = new float[rows][];
    for (int i = 0; i < rows; i++) {
      copy[i] = row(i);
    }
    return copy;
  }

  /** The first columns of every row. */
  Matrix leadingColumns(int count) {
    float[][] cut = new float[rows][];
    for (int i = 0; i < rows; i++) {
      cut[i] = Arrays.copyOfRange(values, i * columns, i * columns + count);
    }
    return of(cut);
  }

  /** A copy of the values with rows and columns exchanged: {@code float[columns][rows]}. */
  float[][] transposed() {
    float[][] turned = new float[columns][rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        turned[j][i] = values[i * columns + j];
      }
    }
    return turned;
  }

  /** True when no value is NaN or infinite. */
  boolean isFinite() {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Matrix matrix
        && rows == matrix.rows
        && columns == matrix.columns
        && Arrays.equals(values, matrix.values);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * rows + columns) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Matrix[" + rows + " x " + columns + "]";
  }
}
