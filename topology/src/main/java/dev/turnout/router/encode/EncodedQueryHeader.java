package dev.turnout.router.encode;

import dev.turnout.router.intake.IntakeResult;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * What the interceptor read and had encoded of one record, handed to the processor as a live object
 * that travels in the record's headers. Its bytes are empty: nothing of it is ever written to a
 * topic. Safe for use by several threads.
 */
public final class EncodedQueryHeader extends RecordHeader {
  /** The header's key. */
  public static final String KEY = "turnout.prepared";

  private static final byte[] EMPTY = {};

  private final IntakeResult intake;
  private final FutureTask<List<EncodedQuery>> chunk;
  private final int index;
  private final Poll poll;

  /**
   * @param intake the decoded query, or the refusal
   * @param chunk encodes the queries that it is encoded with, in their order; never fails
   * @param index the query's place among them, from 0; without meaning for a refusal
   * @param poll shared by all records that came with it
   */
  EncodedQueryHeader(
      IntakeResult intake, FutureTask<List<EncodedQuery>> chunk, int index, Poll poll) {
    super(KEY, EMPTY);
    this.intake = intake;
    this.chunk = chunk;
    this.index = index;
    this.poll = poll;
  }

  /** The records of one poll, counted as they are processed. */
  static final class Poll {
    private final int records;
    private final AtomicInteger left;

    Poll(int records) {
      this.records = records;
      this.left = new AtomicInteger(records);
    }
  }

  /**
   * Tells, once a record, that it has been processed.
   *
   * @return how many records its poll brought, if it was the last of them; otherwise 0
   */
  public int endedPoll() {
    return poll.left.decrementAndGet() == 0 ? poll.records : 0;
  }

  /** The decoded query, or the refusal. */
  public IntakeResult intake() {
    return intake;
  }

  /**
   * The query with its vector, or without one when the encoding of its chunk failed. If that has
   * not begun yet, the calling thread does it rather than wait for another to find the time; if it
   * is under way, the caller waits for it.
   *
   * @throws InterruptException if the caller is interrupted while it waits
   * @throws IndexOutOfBoundsException if the record was refused
   */
  public EncodedQuery encoded() {
    chunk.run();
    try {
      return chunk.get().get(index);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("encoding reports failures, it does not throw them", e);
    }
  }
}
