package dev.turnout.router;

import dev.turnout.encoder.EncoderException;
import dev.turnout.encoder.EncoderId;
import dev.turnout.encoder.QueryEncoder;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** An encoder without weights: a unit vector drawn from the text's hash. Can be told to fail. */
public final class TinyEncoder implements QueryEncoder {
  public static final int DIMENSION = 16;
  public static final EncoderId ID = new EncoderId("tiny", "000000000001", DIMENSION);

  /** A text with this word makes every batch it is in fail. */
  public static final String POISON = "unencodable";

  public final AtomicInteger batches = new AtomicInteger();
  public volatile boolean failsOnBatches;

  /** Time a text takes, in milliseconds. */
  public volatile long millisPerText;

  @Override
  public EncoderId id() {
    return ID;
  }

  @Override
  public float[][] encode(List<String> texts) {
    batches.incrementAndGet();
    if (failsOnBatches && texts.size() > 1) {
      throw new EncoderException("told to fail on batches");
    }
    LockSupport.parkNanos(millisPerText * texts.size() * 1_000_000);
    float[][] vectors = new float[texts.size()][];
    for (int i = 0; i < vectors.length; i++) {
      if (texts.get(i).contains(POISON)) {
        throw new EncoderException("told to fail on this text");
      }
      vectors[i] = vector(texts.get(i));
    }
    return vectors;
  }

  public static float[] vector(String text) {
    Random random = new Random(text.hashCode());
    float[] vector = new float[DIMENSION];
    double squares = 0;
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
      squares += (double) vector[i] * vector[i];
    }
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] /= (float) Math.sqrt(squares);
    }
    return vector;
  }

  @Override
  public void close() {}
}
