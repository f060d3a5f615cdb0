package dev.turnout.kafka.member;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** Reads a commit of a {@link ConcurrentMember} for who is none. */
public final class CommittedWork {
  private CommittedWork() {}

  /**
   * How many offsets behind the committed one are done already, since members do records out of
   * turn; 0 of a commit by somebody else.
   */
  public static long doneOutOfTurn(OffsetAndMetadata committed) {
    return PartitionProgress.of(committed.offset(), committed.metadata()).doneOutOfTurn();
  }
}
