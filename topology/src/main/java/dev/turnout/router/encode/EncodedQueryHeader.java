package dev.turnout.router.encode;

import dev.turnout.router.intake.IntakeResult;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * What the consumer interceptor learnt of one record, handed to the processor as a live object that
 * travels in the record's headers. Its bytes are empty: nothing of it is ever written to a topic.
 */
public final class EncodedQueryHeader extends RecordHeader {
  public static final String KEY = "turnout.prepared";

  private static final byte[] EMPTY = {};

  private final IntakeResult intake;
  private final FutureTask<EncodedChunk> chunk;
  private final int index;

  /**
   * @param intake the decoded query, or the refusal
   * @param chunk the encoding of the queries that it is encoded with; never fails
   * @param index the query's place in the chunk
   */
  EncodedQueryHeader(IntakeResult intake, FutureTask<EncodedChunk> chunk, int index) {
    super(KEY, EMPTY);
    this.intake = intake;
    this.chunk = chunk;
    this.index = index;
  }

  public IntakeResult intake() {
    return intake;
  }

  /**
   * The queries it is encoded with. If their encoding has not begun yet, the calling thread does it
   * rather than wait for another to find the time.
   */
  public EncodedChunk chunk() {
    chunk.run();
    try {
      return chunk.get();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("encoding reports failures, it does not throw them", e);
    }
  }

  public int index() {
    return index;
  }
}
