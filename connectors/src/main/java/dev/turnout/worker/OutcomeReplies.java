package dev.turnout.worker;

import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.topic.LogText;
import dev.turnout.worker.reply.ReplyStream;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the gateway that asked a query what became of it. A reply waits for an outage to end as
 * long as it is of use; one that is lost costs nothing else, since the outcome stands on its topic.
 */
final class OutcomeReplies {

  private static final Logger LOG = LoggerFactory.getLogger(OutcomeReplies.class);

  /** How long a reply to a query without a deadline may be of use. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final String llm;
  private final OutageWait outages;
  private final Executor executor;
  private final MeterRegistry metrics;
  private final Clock clock;

  OutcomeReplies(
      String llm, OutageWait outages, Executor executor, MeterRegistry metrics, Clock clock) {
    this.llm = llm;
    this.outages = outages;
    this.executor = executor;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Sends what became of a query after the pieces of its answer, if a gateway waits for it. */
  void send(ReplyStream replies, Query query, Outcome outcome) {
    if (!replies.isAddressed()) {
      return;
    }
    Instant useless =
        query.getDeadline() == null ? clock.instant().plus(LONGEST) : query.getDeadline();
    CompletableFuture<Void> unusedReply =
        outages
            .outlast(() -> replies.end(outcome), executor, () -> !clock.instant().isBefore(useless))
            .exceptionally(
                failure -> {
                  metrics.counter("turnout.worker.replies.lost", "llm", llm).increment();
                  LOG.atDebug()
                      .setMessage("reply to a gateway is lost, its outcome is not")
                      .addKeyValue("query", LogText.of(query.getId()))
                      .setCause(failure)
                      .log();
                  return null;
                });
  }
}
