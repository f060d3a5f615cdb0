package dev.turnout.model;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks the matrices of an artefact in its header's order. */
final class MatrixReader {
  private final List<Shape> shapes;
  private final ByteBuffer buffer;
  private int position;

  /** Name and size of a matrix, as the header lists them. */
  record Shape(String name, int rows, int columns) {}

  MatrixReader(List<Shape> shapes, ByteBuffer buffer) {
    this.shapes = shapes;
    this.buffer = buffer;
  }

  Matrix next(String name) {
    Matrix matrix = optional(name);
    if (matrix == null) {
      throw new IllegalArgumentException("matrix \"" + name + "\" is missing");
    }
    return matrix;
  }

  @Nullable Matrix optional(String name) {
    if (position == shapes.size() || !shapes.get(position).name().equals(name)) {
      return null;
    }
    Shape shape = shapes.get(position++);
    int size = Math.multiplyExact(shape.rows(), shape.columns());
    if (size < 0 || Math.multiplyExact(size, 4) > buffer.remaining()) {
      throw new BufferUnderflowException();
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = buffer.getFloat();
    }
    return Matrix.of(shape.rows(), shape.columns(), values);
  }
}
