package dev.turnout.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.budget.BudgetSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TenantBudgetsTest {
  private static final BudgetSettings FIVE = BudgetSettings.perHour(5);
  private static final BudgetSettings SIX = BudgetSettings.perHour(6);

  @Test
  void shouldTellDifferentBudgetsApartAndEqualOnesNot() {
    Map<String, BudgetSettings> ordered = new LinkedHashMap<>();
    ordered.put("beta", SIX);
    ordered.put("acme", FIVE);
    String digest = TenantBudgets.of(ordered).digest();

    assertThat(TenantBudgets.of(Map.of("acme", FIVE, "beta", SIX)).digest()).isEqualTo(digest);
    assertThat(digest).hasSize(16);
    assertThat(TenantBudgets.of(Map.of("acme", SIX, "beta", SIX)).digest()).isNotEqualTo(digest);
    assertThat(TenantBudgets.of(Map.of("acme", FIVE)).digest()).isNotEqualTo(digest);
    assertThat(new TenantBudgets(ordered, Duration.ofMinutes(3)).digest()).isNotEqualTo(digest);
    assertThat(TenantBudgets.none().digest()).isNotEqualTo(digest);
  }
}
