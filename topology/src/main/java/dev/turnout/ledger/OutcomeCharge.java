package dev.turnout.ledger;

import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetMovement;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns outcomes of tenants with a budget into movements of their money, keyed by tenant. A budget
 * refills with time, so an answer from the future, by a worker whose clock is wrong, counts as now.
 */
final class OutcomeCharge extends ContextualProcessor<byte[], byte[], byte[], BudgetEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeCharge.class);

  private final TenantBudgets budgets;
  private final String digest;
  private final Deserializer<Outcome> outcomes;
  private final String topic;

  OutcomeCharge(TenantBudgets budgets, Deserializer<Outcome> outcomes, String topic) {
    this.budgets = budgets;
    this.digest = budgets.digest();
    this.outcomes = outcomes;
    this.topic = topic;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Outcome outcome;
    try {
      outcome = outcomes.deserialize(topic, record.value());
    } catch (RegistryUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn("an outcome cannot be read and is charged to nobody", e);
      return;
    }
    if (outcome == null || budgets.find(outcome.getTenant()) == null) {
      return;
    }
    boolean answered = outcome.getStatus() == OutcomeStatus.SUCCEEDED;
    boolean paid = answered || outcome.getCostUsd() != null;
    Instant finished = outcome.getFinishedAt();
    Instant now = Instant.ofEpochMilli(context().currentSystemTimeMs());
    BudgetEvent event =
        BudgetEvent.newBuilder()
            .setTenant(outcome.getTenant())
            .setQueryId(outcome.getQueryId())
            .setLlm(outcome.getLlm())
            .setKind(paid ? BudgetMovement.SETTLED : BudgetMovement.RELEASED)
            .setUsd(outcome.getCostUsd())
            .setAt(finished.isAfter(now) ? now : finished)
            .setBudgets(digest)
            .build();
    context()
        .forward(
            record.withKey(outcome.getTenant().getBytes(StandardCharsets.UTF_8)).withValue(event));
  }
}
