package dev.turnout.ledger;

import dev.turnout.budget.BudgetSettings;
import dev.turnout.control.tenant.TenantTerms;
import dev.turnout.registry.rest.Outage;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetMovement;
import dev.turnout.schema.Tenant;
import dev.turnout.topic.FieldLimits;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Turns records of the tenants topic into changes of budgets, in the log of the tenant's account:
 * between which movements a change falls is then the same for whoever reads that log. A change from
 * the future, by a command whose machine's clock is wrong, counts as now.
 */
final class BudgetChangeProcessor extends ContextualProcessor<byte[], byte[], byte[], BudgetEvent> {
  private final Deserializer<Tenant> tenants;
  private final String topic;
  private final BudgetRefusals refusals;

  BudgetChangeProcessor(Deserializer<Tenant> tenants, String topic, BudgetRefusals refusals) {
    this.tenants = tenants;
    this.topic = topic;
    this.refusals = refusals;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    if (record.key() == null) {
      refusals.tenant(new IllegalArgumentException("a record of topic " + topic + " has no key"));
      return;
    }
    Instant now = Instant.ofEpochMilli(context().currentSystemTimeMs());
    BudgetEvent change;
    try {
      change = change(record, now);
      String excess = FieldLimits.excess(change);
      if (excess != null) {
        throw new IllegalArgumentException("its " + excess + "; give it a shorter name");
      }
    } catch (RuntimeException e) {
      if (Outage.isBehind(e)) {
        throw e;
      }
      refusals.tenant(e);
      return;
    }
    context()
        .forward(
            new Record<>(
                change.getTenant().getBytes(StandardCharsets.UTF_8),
                change,
                Math.min(record.timestamp(), now.toEpochMilli())),
            LedgerTopology.CHANGES);
  }

  private BudgetEvent change(Record<byte[], byte[]> record, Instant now) {
    Tenant tenant = tenants.deserialize(topic, record.value());
    if (tenant == null) {
      return change(new String(record.key(), StandardCharsets.UTF_8), null, now);
    }
    TenantTerms terms = TenantTerms.of(tenant);
    Instant updated = tenant.getUpdatedAt();
    return change(terms.tenant(), terms.budget(), updated.isAfter(now) ? now : updated);
  }

  private static BudgetEvent change(String tenant, @Nullable BudgetSettings budget, Instant at) {
    return BudgetEvent.newBuilder()
        .setTenant(tenant)
        .setQueryId("")
        .setKind(budget == null ? BudgetMovement.BUDGET_REMOVED : BudgetMovement.BUDGET_SET)
        .setUsdPerHour(budget == null ? null : budget.usdPerHour())
        .setBurstUsd(budget == null ? null : budget.burstUsd())
        .setAt(at)
        .build();
  }
}
