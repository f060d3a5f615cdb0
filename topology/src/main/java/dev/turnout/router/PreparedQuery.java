package dev.turnout.router;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * What the consumer interceptor learnt of one record, handed to the processor as a live object that
 * travels in the record's headers. Its bytes are empty: nothing of it is ever written to a topic.
 */
final class PreparedQuery extends RecordHeader {
  static final String KEY = "turnout.prepared";

  private static final byte[] EMPTY = {};

  private final Intake intake;
  private final CompletableFuture<EncodedChunk> chunk;
  private final int index;

  /**
   * @param intake the decoded query, or the refusal
   * @param chunk the queries it is encoded with; always completes, and never with an exception
   * @param index the query's place in the chunk
   */
  PreparedQuery(Intake intake, CompletableFuture<EncodedChunk> chunk, int index) {
    super(KEY, EMPTY);
    this.intake = intake;
    this.chunk = chunk;
    this.index = index;
  }

  Intake intake() {
    return intake;
  }

  CompletableFuture<EncodedChunk> chunk() {
    return chunk;
  }

  int index() {
    return index;
  }
}
