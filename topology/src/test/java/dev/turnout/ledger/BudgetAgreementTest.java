package dev.turnout.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.router.SetClock;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetMovement;
import dev.turnout.schema.BudgetState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BudgetAgreementTest {
  private static final Instant START = Instant.EPOCH;

  private static final String OURS = TenantBudgets.none().digest();

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final SetClock clock = new SetClock();
  private final BudgetAgreement agreement =
      new BudgetAgreement(TenantBudgets.none(), clock, meters);

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
    agreement.heard(word("gamma", OURS, START));

    assertThat(disagreements()).isEqualTo(2);
  }

  @Test
  void shouldTakeItBackWhenTheOwnerAgreesAgain() {
    agreement.heard(word("acme", "theirs", START));

    agreement.heard(word("acme", OURS, START.plusSeconds(1)));

    assertThat(disagreements()).isZero();
  }

  @Test
  void shouldNotCountWhatWasSaidBeforeOrSaysNothing() {
    agreement.heard(word("acme", "theirs", START.minusMillis(1)));
    agreement.heard(word("beta", "", START));

    assertThat(disagreements()).isZero();
  }

  private static BudgetEvent movement(String tenant, String budgets, Instant at) {
    return BudgetEvent.newBuilder()
        .setTenant(tenant)
        .setQueryId("q")
        .setKind(BudgetMovement.RESERVED)
        .setAt(at)
        .setBudgets(budgets)
        .build();
  }

  @Test
  void shouldCountTheTenantsOthersSpendFromByOtherBudgetsUntilTheyAreSilent() {
    // given its own router and one with other budgets at work on the same account
    agreement.moved(movement("acme", "theirs", START));
    agreement.moved(movement("acme", OURS, START));
    agreement.moved(movement("gamma", OURS, START));
    assertThat(disagreements()).isEqualTo(1);

    // when a minute has passed since it last spent
    clock.advance(Duration.ofSeconds(40));
    agreement.moved(movement("acme", "theirs", START));
    clock.advance(Duration.ofSeconds(60));
    assertThat(disagreements()).isEqualTo(1);
    clock.advance(Duration.ofMillis(1));

    // then
    assertThat(disagreements()).isZero();
  }

  @Test
  void shouldCountATenantOnceThatOthersKeepAndSpendFrom() {
    agreement.heard(word("acme", "theirs", START));
    agreement.moved(movement("acme", "theirs", START));

    assertThat(disagreements()).isEqualTo(1);
  }

  @Test
  void shouldNotCountMovementsFromBeforeOrFromWritersThatDoNotSay() {
    agreement.moved(movement("acme", "theirs", START.minusMillis(1)));
    agreement.moved(movement("beta", "", START));

    assertThat(disagreements()).isZero();
  }
}
