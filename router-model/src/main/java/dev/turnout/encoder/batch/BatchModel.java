package dev.turnout.encoder.batch;

/** A transformer that turns one padded batch into vectors. Safe for use by several threads. */
public interface BatchModel extends AutoCloseable {

  /** Length of the vectors. */
  int dimension();

  /** Mean-pooled, unit-normalised vectors, {@code float[batch.rows()][dimension()]}. */
  float[][] encode(TokenBatch batch);

  /** Releases native memory. */
  @Override
  void close();
}
