package dev.turnout.ledger;

import dev.turnout.budget.BudgetAccount;
import dev.turnout.budget.BudgetSettings;
import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one owner of its tenants' accounts. Time is that of the movements, so the account is a pure
 * function of their log, and one that is restored or behind never claims to be later than it is.
 */
final class BudgetAccountProcessor
    extends ContextualProcessor<byte[], byte[], byte[], BudgetState> {
  static final String ACCOUNTS = "accounts";
  private static final Logger LOG = LoggerFactory.getLogger(BudgetAccountProcessor.class);
  private static final Duration TELL_EVERY = Duration.ofMillis(200);
  private static final char SEPARATOR = '\u0000';

  private final TenantBudgets budgets;
  private final BudgetAgreement agreement;
  private final String digest;
  private final Deserializer<BudgetEvent> events;
  private final String topic;
  private final Map<String, BudgetAccount> pacers = new TreeMap<>();
  private final Set<String> changed = new HashSet<>();
  private KeyValueStore<String, byte[]> accounts;

  @SuppressWarnings("NullAway.Init") // set by init()
  BudgetAccountProcessor(
      TenantBudgets budgets,
      BudgetAgreement agreement,
      Deserializer<BudgetEvent> events,
      String topic) {
    this.budgets = budgets;
    this.agreement = agreement;
    this.digest = budgets.digest();
    this.events = events;
    this.topic = topic;
  }

  @Override
  public void init(ProcessorContext<byte[], BudgetState> context) {
    super.init(context);
    accounts = context.getStateStore(ACCOUNTS);
    context.schedule(TELL_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> tell());
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    BudgetEvent event;
    try {
      event = events.deserialize(topic, record.value());
    } catch (RegistryUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("a movement of money cannot be read and is left out", e);
      return;
    }
    if (event == null) {
      return;
    }
    agreement.moved(event);
    BudgetAccount pacer = pacer(event.getTenant(), event.getAt());
    if (pacer == null) {
      return;
    }
    String id = event.getQueryId() + SEPARATOR + event.getLlm();
    Double usd = event.getUsd();
    switch (event.getKind()) {
      case RESERVED -> pacer.hold(id, usd == null ? 0 : usd, event.getAt());
      case REFUSED -> pacer.refused(usd == null ? 0 : usd, event.getAt());
      case RELEASED -> pacer.release(id, event.getAt());
      case SETTLED -> {
        if (usd == null) {
          pacer.settleAsReserved(id, event.getAt());
        } else {
          pacer.settle(id, usd, event.getAt());
        }
      }
    }
    accounts.put(event.getTenant(), BudgetSnapshotBytes.write(pacer.kept()));
    changed.add(event.getTenant());
  }

  private @Nullable BudgetAccount pacer(String tenant, Instant now) {
    BudgetSettings settings = budgets.find(tenant);
    if (settings == null) {
      return null;
    }
    return pacers.computeIfAbsent(
        tenant,
        name -> {
          byte[] kept = accounts.get(name);
          return kept == null
              ? new BudgetAccount(settings, budgets.inFlightWindow(), now)
              : new BudgetAccount(
                  settings, budgets.inFlightWindow(), BudgetSnapshotBytes.read(kept));
        });
  }

  private void tell() {
    for (String tenant : changed) {
      BudgetAccount pacer = pacers.get(tenant);
      if (pacer != null) {
        BudgetState state =
            BudgetState.newBuilder()
                .setTenant(tenant)
                .setSpentUsd(pacer.spentUsd())
                .setReservedUsd(pacer.reservedUsd())
                .setFreeUsd(pacer.freeUsd())
                .setPrice(pacer.price())
                .setAt(pacer.latest().truncatedTo(ChronoUnit.MILLIS))
                .setBudgets(digest)
                .build();
        context()
            .forward(
                new Record<>(
                    tenant.getBytes(StandardCharsets.UTF_8),
                    state,
                    context().currentSystemTimeMs()));
      }
    }
    changed.clear();
  }
}
