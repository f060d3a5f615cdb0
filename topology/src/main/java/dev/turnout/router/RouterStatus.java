package dev.turnout.router;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a router is doing, for probes.
 *
 * @param started the start is over: followers have read their topics and the streams have run once
 * @param live neither the streams client, nor the ledger, nor a follower is dead, and stream
 *     threads do not keep failing for unknown causes; stays true while partitions move, and in an
 *     outage
 * @param ready started, live, no follower fails or stands still, neither the router nor the ledger
 *     waits for an outage to end, and a model and at least one LLM serve
 * @param state state of the Kafka Streams client
 * @param modelVersion the serving model; null before the first
 * @param problems what stands in the way of readiness, in words; also what is left out while the
 *     router is ready, e.g. an LLM whose profile cannot be placed in the model
 */
public record RouterStatus(
    boolean started,
    boolean live,
    boolean ready,
    String state,
    @Nullable String modelVersion,
    List<String> problems) {
  public RouterStatus {
    problems = List.copyOf(problems);
  }
}
