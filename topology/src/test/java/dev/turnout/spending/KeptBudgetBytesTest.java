package dev.turnout.spending;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.budget.KeptBudget;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptBudgetBytesTest {

  @Test
  void shouldKeepReservationsOfIdsOfAnyLength() {
    // given
    Instant at = Instant.ofEpochSecond(7, 9);
    KeptBudget kept =
        new KeptBudget(
            1.5,
            0.25,
            0.125,
            at,
            List.of(
                new KeptBudget.Reservation("", 0.1, at),
                new KeptBudget.Reservation("é\u0000😀", 0.2, at),
                new KeptBudget.Reservation("q".repeat(70_000), 0.3, at)));

    // then
    assertThat(KeptBudgetBytes.read(KeptBudgetBytes.write(kept))).isEqualTo(kept);
  }
}
