package dev.turnout.control.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.schema.BudgetState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BudgetFollowerTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final BudgetFollower.LatestStates states = new BudgetFollower.LatestStates(meters);

  private static BudgetState state(double freeUsd) {
    return BudgetState.newBuilder()
        .setTenant("acme")
        .setSpentUsd(0)
        .setReservedUsd(0)
        .setFreeUsd(freeUsd)
        .setPrice(0)
        .setAt(Instant.EPOCH)
        .build();
  }

  private double free() {
    return meters.get("turnout.budget.free.usd").tag("tenant", "acme").gauge().value();
  }

  @Test
  void shouldReportAccountsWhileTheyAreOpen() {
    // when
    states.read(state(1));
    states.read(state(0.5));

    // then
    assertThat(free()).isEqualTo(0.5);

    // when it is closed
    states.readTombstone("acme");

    // then
    assertThat(meters.find("turnout.budget.free.usd").gauges()).isEmpty();
  }

  @Test
  void shouldRefuseAnAccountThatHoldsNoNumber() {
    // given
    states.read(state(0.5));

    // when, then
    assertThatThrownBy(() -> states.read(state(Double.NaN))).hasMessageContaining("\"acme\"");
    assertThat(free()).isEqualTo(0.5);
  }
}
