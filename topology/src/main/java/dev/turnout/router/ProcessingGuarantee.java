package dev.turnout.router;

/**
 * What a crash may cost: nothing but latency, or duplicates.
 *
 * <p>Under {@link #EXACTLY_ONCE} a read_committed consumer sees a decision only after the commit
 * (every 100 ms by default). Under {@link #AT_LEAST_ONCE} it sees it at once, and a crash may
 * repeat decisions made since the last commit.
 */
public enum ProcessingGuarantee {
  EXACTLY_ONCE("exactly_once_v2"),
  AT_LEAST_ONCE("at_least_once");

  private final String streamsName;

  ProcessingGuarantee(String streamsName) {
    this.streamsName = streamsName;
  }

  /** The value of Kafka Streams' {@code processing.guarantee}. */
  public String streamsName() {
    return streamsName;
  }
}
