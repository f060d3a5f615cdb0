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
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the gateway that asked a query what became of it, once its outcome is safe: so what a
 * client was given stands on the outcomes topic, also if the worker is killed the moment after. An
 * outcomes topic that takes nothing does not keep the answer from whoever waits for it: after
 * {@link #PATIENCE}, or half of the time that the query has left, it is given all the same. A reply
 * waits for an outage to end as long as it is of use; one that is lost costs nothing else, since
 * the outcome stands on its topic.
 */
final class OutcomeReplies {

  private static final Logger LOG = LoggerFactory.getLogger(OutcomeReplies.class);

  /** How long a reply to a query without a deadline may be of use. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** How long a reply waits for its outcome to be safe; a healthy broker takes milliseconds. */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  private final String llm;
  private final OutageWait outages;
  private final MeterRegistry metrics;
  private final Clock clock;

  OutcomeReplies(String llm, OutageWait outages, MeterRegistry metrics, Clock clock) {
    this.llm = llm;
    this.outages = outages;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Sends what became of a query after the pieces of its answer, if a gateway waits for it.
   *
   * @param safe the outcome on its topic
   * @return completes as {@code safe} does, after the reply was handed over
   */
  CompletableFuture<Void> send(
      ReplyStream replies, Query query, Outcome outcome, CompletableFuture<Void> safe) {
    if (!replies.isAddressed()) {
      return safe;
    }
    Instant now = clock.instant();
    Instant useless = query.getDeadline() == null ? now.plus(LONGEST) : query.getDeadline();
    long half = Math.max(0, Duration.between(now, useless).toMillis() / 2);
    return safe.handle((done, failure) -> Boolean.TRUE)
        .completeOnTimeout(true, Math.min(half, PATIENCE.toMillis()), TimeUnit.MILLISECONDS)
        .thenAccept(turn -> send(replies, query, outcome, useless))
        .thenCompose(handedOver -> safe);
  }

  private void send(ReplyStream replies, Query query, Outcome outcome, Instant useless) {
    CompletableFuture<Void> unusedReply =
        outages
            .outlast(
                () -> replies.end(outcome), Runnable::run, () -> !clock.instant().isBefore(useless))
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
