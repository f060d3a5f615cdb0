package dev.turnout.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.schema.BudgetState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BudgetAgreementTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final BudgetAgreement agreement = new BudgetAgreement("ours", START, meters);

  private double disagreements() {
    return meters.get("turnout.budget.disagreements").gauge().value();
  }

  private static BudgetState word(String tenant, String budgets, Instant at) {
    return BudgetState.newBuilder()
        .setTenant(tenant)
        .setSpentUsd(0)
        .setReservedUsd(0)
        .setFreeUsd(1)
        .setPrice(0)
        .setAt(at)
        .setBudgets(budgets)
        .build();
  }

  @Test
  void shouldCountTheTenantsWhoseOwnerHoldsOtherBudgets() {
    assertThat(disagreements()).isZero();

    agreement.heard(word("acme", "theirs", START));
    agreement.heard(word("acme", "theirs", START));
    agreement.heard(word("beta", "others", START));
    agreement.heard(word("gamma", "ours", START));

    assertThat(disagreements()).isEqualTo(2);
  }

  @Test
  void shouldTakeItBackWhenTheOwnerAgreesAgain() {
    agreement.heard(word("acme", "theirs", START));

    agreement.heard(word("acme", "ours", START.plusSeconds(1)));

    assertThat(disagreements()).isZero();
  }

  @Test
  void shouldNotCountWhatWasSaidBeforeOrSaysNothing() {
    agreement.heard(word("acme", "theirs", START.minusMillis(1)));
    agreement.heard(word("beta", "", START));

    assertThat(disagreements()).isZero();
  }
}
