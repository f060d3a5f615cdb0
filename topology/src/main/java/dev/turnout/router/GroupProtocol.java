package dev.turnout.router;

import java.util.Locale;

/** How routers share out the partitions: the classic protocol, or KIP-1071's streams groups. */
public enum GroupProtocol {
  CLASSIC,
  STREAMS;

  /** The value of Kafka Streams' {@code group.protocol}. */
  public String streamsName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
