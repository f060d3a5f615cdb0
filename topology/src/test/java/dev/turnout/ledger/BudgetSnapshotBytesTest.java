package dev.turnout.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.budget.BudgetSnapshot;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BudgetSnapshotBytesTest {

  @Test
  void shouldKeepReservationsOfIdsOfAnyLength() {
    // given
    Instant at = Instant.ofEpochSecond(7, 9);
    BudgetSnapshot kept =
        new BudgetSnapshot(
            1.5,
            0.25,
            0.125,
            at,
            List.of(
                new BudgetSnapshot.Reservation("", 0.1, at),
                new BudgetSnapshot.Reservation("é\u0000😀", 0.2, at),
                new BudgetSnapshot.Reservation("q".repeat(70_000), 0.3, at)));

    // then
    assertThat(BudgetSnapshotBytes.read(BudgetSnapshotBytes.write(kept))).isEqualTo(kept);
  }
}
