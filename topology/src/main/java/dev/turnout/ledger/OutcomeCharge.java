package dev.turnout.ledger;

import dev.turnout.budget.BudgetAccount;
import dev.turnout.registry.rest.Outage;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns outcomes of queries that name a tenant into movements of its money, keyed by tenant. Only
 * the account knows whether there is a budget: a filter by what this router has read of the tenants
 * would lose the charges of a budget that is new; and only the account knows whether the outcome
 * was reported before. The query's partition does not matter, nor does its key. A budget refills
 * with time, so an answer from the future, by a worker whose clock is wrong, counts as now.
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
    Double cost = outcome.getCostUsd();
    if (cost != null && !BudgetAccount.isAmount(cost)) {
      refusals.cost(outcome.getTenant(), outcome.getQueryId(), cost);
      cost = null;
    }
    boolean paid = outcome.getStatus() == OutcomeStatus.SUCCEEDED || cost != null;
    Instant finished = outcome.getFinishedAt();
    Instant now = Instant.ofEpochMilli(context().currentSystemTimeMs());
    BudgetEvent event =
        BudgetEvent.newBuilder()
            .setTenant(outcome.getTenant())
            .setQueryId(outcome.getQueryId())
            .setLlm(outcome.getLlm())
            .setAttempt(outcome.getAttempt())
            .setKind(paid ? BudgetMovement.SETTLED : BudgetMovement.RELEASED)
            .setUsd(cost)
            .setAt(finished.isAfter(now) ? now : finished)
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
                Math.min(record.timestamp(), now.toEpochMilli())),
            LedgerTopology.CHARGES);
  }
}
