package dev.turnout.connect.source.row;

import dev.turnout.topic.DeadLetterReason;

/** A row that cannot be used: what was found and what would be right. */
public final class RowException extends Exception {

  private static final long serialVersionUID = 1L;

  private final DeadLetterReason reason;

  /** A row that means nothing. */
  public RowException(String detail) {
    this(DeadLetterReason.UNDECODABLE, detail);
  }

  /** A row that cannot be used for a reason that routers have too. */
  public RowException(DeadLetterReason reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  /** Why, in one word. */
  public DeadLetterReason reason() {
    return reason;
  }

  /** What was found and what would be right. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
