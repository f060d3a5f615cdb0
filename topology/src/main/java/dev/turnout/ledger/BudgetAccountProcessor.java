package dev.turnout.ledger;

import dev.turnout.budget.BudgetAccount;
import dev.turnout.budget.BudgetSettings;
import dev.turnout.budget.BudgetSnapshot;
import dev.turnout.budget.Reservation;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetMovement;
import dev.turnout.schema.BudgetState;
import dev.turnout.streams.ExpiringStore;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.LogText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
 * Keeps the accounts of the tenants whose keys fall to this task, and publishes their states for
 * the routers.
 *
 * <p>What holds at all times: an account is a pure function of the log of its tenant's key. The
 * budget itself comes through that log ({@link BudgetChangeProcessor}), time is that of the
 * movements, and nothing is read from this router's configuration but the in-flight window. So
 * whoever takes a tenant over goes on with the same numbers, and one that is behind never claims to
 * be later than it is. The stores are the only state; the accounts in memory are read from them
 * when first needed, and thrown away by {@link #init}, which Kafka Streams calls on the same
 * processor again after a task was revived with its stores set back to the last commit.
 *
 * <p>An account is one small entry, each open reservation another, so that no record grows with the
 * number of requests in flight.
 *
 * <p>Why it is sound: {@link MovementIntake} sends all movements of a tenant to one partition of a
 * topic of the ledger's own, so one task sees them, in one order, however the topic of the
 * movements is partitioned. An outcome that is reported again is charged once ({@link
 * Settlements}). Stores, published states and offsets are committed in one transaction
 * (exactly-once, KIP-447): a movement counts once however often its task moves. A state that is
 * published late, up to {@link #PUBLISH_EVERY} and a commit, makes routers admit on an account that
 * is a little old; what they admitted meanwhile is in the log and is taken off when it comes. So a
 * budget may be overrun by what is admitted in that time, never by what was forgotten.
 *
 * <p>Sources: the account itself, a token bucket with a price, is {@link BudgetAccount}.
 */
final class BudgetAccountProcessor
    extends ContextualProcessor<byte[], byte[], byte[], @Nullable BudgetState> {
  static final String ACCOUNTS = "budget-accounts";
  static final String RESERVATIONS = "budget-reservations";
  private static final Logger LOG = LoggerFactory.getLogger(BudgetAccountProcessor.class);
  private static final Duration PUBLISH_EVERY = Duration.ofMillis(200);
  private static final Duration EXPIRE_EVERY = Duration.ofSeconds(5);

  private final Duration inFlightWindow;
  private final MovementReader movements;
  private final BudgetRefusals refusals;
  private final Map<String, BudgetAccount> accounts = new HashMap<>();
  private final Set<String> changed = new TreeSet<>();
  private KeyValueStore<String, BudgetSnapshot> snapshots;
  private KeyValueStore<String, Reservation> reservations;
  private Settlements settlements;

  @SuppressWarnings("NullAway.Init") // set by init()
  BudgetAccountProcessor(
      Duration inFlightWindow,
      Deserializer<BudgetEvent> events,
      String topic,
      BudgetRefusals refusals) {
    this.inFlightWindow = inFlightWindow;
    this.movements = new MovementReader(events, topic, refusals);
    this.refusals = refusals;
  }

  @Override
  public void init(ProcessorContext<byte[], @Nullable BudgetState> context) {
    super.init(context);
    accounts.clear();
    changed.clear();
    snapshots = context.getStateStore(ACCOUNTS);
    reservations = context.getStateStore(RESERVATIONS);
    settlements = new Settlements(ExpiringStore.of(context, Settlements.STORE));
    context.schedule(PUBLISH_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> publish());
    context.schedule(EXPIRE_EVERY, PunctuationType.WALL_CLOCK_TIME, settlements::expire);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    @Nullable BudgetEvent event = movements.read(record.value());
    if (event == null) {
      return;
    }
    String excess = FieldLimits.excess(event);
    if (excess != null) {
      refusals.movement(new IllegalArgumentException("a movement's " + excess));
      return;
    }
    String tenant = event.getTenant();
    BudgetAccount account = account(tenant);
    if (event.getKind() == BudgetMovement.BUDGET_SET) {
      account = set(tenant, account, event);
    } else if (account == null) {
      return;
    } else if (event.getKind() == BudgetMovement.BUDGET_REMOVED) {
      close(tenant, account);
      return;
    } else {
      move(account, event);
    }
    if (account != null) {
      snapshots.put(tenant, account.snapshot());
      changed.add(tenant);
    }
  }

  private @Nullable BudgetAccount account(String tenant) {
    BudgetAccount known = accounts.get(tenant);
    if (known != null) {
      return known;
    }
    BudgetSnapshot kept = snapshots.get(tenant);
    if (kept == null) {
      return null;
    }
    BudgetAccount account = new BudgetAccount(kept, inFlightWindow, storeOf(tenant));
    accounts.put(tenant, account);
    return account;
  }

  private @Nullable BudgetAccount set(
      String tenant, @Nullable BudgetAccount account, BudgetEvent event) {
    BudgetSettings settings = settings(event);
    if (settings == null) {
      return null;
    }
    if (account != null) {
      account.change(settings, event.getAt());
      return account;
    }
    LOG.atInfo()
        .setMessage("budget account opened")
        .addKeyValue("tenant", LogText.of(tenant))
        .log();
    BudgetAccount opened =
        new BudgetAccount(settings, inFlightWindow, event.getAt(), storeOf(tenant));
    accounts.put(tenant, opened);
    return opened;
  }

  private @Nullable BudgetSettings settings(BudgetEvent event) {
    Double rate = event.getUsdPerHour();
    Double burst = event.getBurstUsd();
    try {
      return BudgetSettings.of(
          rate == null ? Double.NaN : rate, burst == null ? Double.NaN : burst);
    } catch (IllegalArgumentException e) {
      refusals.movement(e);
      return null;
    }
  }

  private void close(String tenant, BudgetAccount account) {
    LOG.atInfo()
        .setMessage("budget account closed")
        .addKeyValue("tenant", LogText.of(tenant))
        .log();
    account.close();
    accounts.remove(tenant);
    snapshots.delete(tenant);
    changed.add(tenant);
  }

  private void move(BudgetAccount account, BudgetEvent event) {
    String id = StoredReservations.id(event.getQueryId(), event.getLlm());
    Instant at = event.getAt();
    Double usd = event.getUsd();
    if (usd != null && !BudgetAccount.isAmount(usd)) {
      refusals.cost(event.getTenant(), event.getQueryId(), usd);
      usd = null;
    }
    double amount = usd == null ? 0 : usd;
    switch (event.getKind()) {
      case RESERVED -> {
        settlements.reserved(event);
        account.reserve(id, amount, at);
      }
      case REFUSED -> account.refuse(amount, at);
      case RELEASED -> account.release(id, at);
      case SETTLED -> {
        if (!settlements.charge(event, context().currentSystemTimeMs())) {
          refusals.repeated();
        } else if (usd == null) {
          account.settleAsReserved(id, at);
        } else {
          account.settle(id, amount, at);
        }
      }
      case BUDGET_SET, BUDGET_REMOVED -> throw new IllegalStateException("no movement: " + event);
    }
  }

  private StoredReservations storeOf(String tenant) {
    return new StoredReservations(tenant, reservations);
  }

  private void publish() {
    for (String tenant : changed) {
      BudgetAccount account = accounts.get(tenant);
      context()
          .forward(
              new Record<>(
                  tenant.getBytes(StandardCharsets.UTF_8),
                  account == null ? null : state(tenant, account),
                  context().currentSystemTimeMs()),
              LedgerTopology.BUDGETS);
    }
    changed.clear();
  }

  private static BudgetState state(String tenant, BudgetAccount account) {
    return BudgetState.newBuilder()
        .setTenant(tenant)
        .setSpentUsd(account.spentUsd())
        .setReservedUsd(account.reservedUsd())
        .setFreeUsd(account.freeUsd())
        .setPrice(account.price())
        .setAt(account.latest().truncatedTo(ChronoUnit.MILLIS))
        .build();
  }
}
