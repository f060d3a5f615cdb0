package dev.turnout.ledger;

import dev.turnout.budget.BudgetAccount;
import dev.turnout.registry.rest.Outage;
import dev.turnout.schema.Attempt;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetMovement;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.topic.FieldLimits;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns outcomes of queries that name a tenant into movements of its money, keyed by tenant. Only
 * the account knows whether there is a budget: a filter by what this router has read of the tenants
 * would lose the charges of a budget that is new; and only the account knows whether the outcome
 * was reported before. The query's partition does not matter, nor does its key. A budget refills
 * with time, so an answer from the future, by a worker whose clock is wrong, counts as now.
 *
 * <p>An answer that came after other LLMs had failed tells of their calls too: what they cost is
 * charged, and what was reserved for them is free again. A second report tells of them again, and
 * they are known by their numbers.
 */
final class OutcomeCharge extends ContextualProcessor<byte[], byte[], byte[], BudgetEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeCharge.class);

  private final Deserializer<Outcome> outcomes;
  private final String topic;
  private final BudgetRefusals refusals;

  OutcomeCharge(Deserializer<Outcome> outcomes, String topic, BudgetRefusals refusals) {
    this.outcomes = outcomes;
    this.topic = topic;
    this.refusals = refusals;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Outcome outcome;
    try {
      outcome = outcomes.deserialize(topic, record.value());
    } catch (RuntimeException e) {
      if (Outage.isBehind(e)) {
        throw e;
      }
      LOG.atWarn().setMessage("outcome unreadable, charged to nobody").setCause(e).log();
      return;
    }
    if (outcome == null || outcome.getTenant().isEmpty()) {
      return;
    }
    Instant now = Instant.ofEpochMilli(context().currentSystemTimeMs());
    long time = Math.min(record.timestamp(), now.toEpochMilli());
    int number = 1;
    for (Attempt attempt : outcome.getTrail()) {
      charge(
          outcome,
          new Call(
              attempt.getLlm(), number++, false, attempt.getCostUsd(), attempt.getFinishedAt()),
          now,
          time);
    }
    charge(
        outcome,
        new Call(
            outcome.getLlm(),
            outcome.getAttempt(),
            outcome.getStatus() == OutcomeStatus.SUCCEEDED,
            outcome.getCostUsd(),
            outcome.getFinishedAt()),
        now,
        time);
  }

  /** One call of an LLM that an outcome tells of. */
  private record Call(
      String llm, int attempt, boolean answered, @Nullable Double cost, Instant finishedAt) {}

  private void charge(Outcome outcome, Call call, Instant now, long time) {
    Double cost = call.cost();
    if (cost != null && !BudgetAccount.isAmount(cost)) {
      refusals.cost(outcome.getTenant(), outcome.getQueryId(), cost);
      cost = null;
    }
    boolean paid = call.answered() || cost != null;
    BudgetEvent event =
        BudgetEvent.newBuilder()
            .setTenant(outcome.getTenant())
            .setQueryId(outcome.getQueryId())
            .setLlm(call.llm())
            .setAttempt(call.attempt())
            .setKind(paid ? BudgetMovement.SETTLED : BudgetMovement.RELEASED)
            .setUsd(cost)
            .setAt(call.finishedAt().isAfter(now) ? now : call.finishedAt())
            .build();
    String excess = FieldLimits.excess(event);
    if (excess != null) {
      refusals.movement(
          new IllegalArgumentException("an outcome is charged to nobody: its " + excess));
      return;
    }
    context()
        .forward(
            new Record<>(
                event.getTenant().getBytes(StandardCharsets.UTF_8),
                event,
                // brokers refuse records from the future, which would end the stream
                time),
            LedgerTopology.CHARGES);
  }
}
