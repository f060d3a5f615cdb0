package dev.turnout.router;

import dev.turnout.control.tenant.TenantDirectory;
import dev.turnout.kafka.LoopState;
import dev.turnout.ledger.BudgetLedger;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts the budget ledger with the first budget of a tenant; without one, outcomes are not read
 * for charges. Once started it stays to the end, since the last budget's removal goes through it
 * too.
 */
final class LedgerStart implements Consumer<TenantDirectory>, AutoCloseable {
  private final Supplier<BudgetLedger> start;
  private volatile @Nullable BudgetLedger ledger;

  LedgerStart(Supplier<BudgetLedger> start) {
    this.start = start;
  }

  @Override
  public void accept(TenantDirectory tenants) {
    if (tenants.anyBudget()) {
      ensure();
    }
  }

  /** Starts the ledger if it does not run yet. */
  synchronized void ensure() {
    if (ledger == null) {
      ledger = start.get();
    }
  }

  /** How the ledger is doing; well while none is needed. Never waits for a start. */
  LoopState state() {
    BudgetLedger started = ledger;
    return started == null
        ? new LoopState(BudgetLedger.LOOP, true, Instant.now(), null, null)
        : started.state();
  }

  @Override
  public synchronized void close() {
    BudgetLedger started = ledger;
    if (started != null) {
      started.close();
    }
  }
}
