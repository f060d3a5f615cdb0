package dev.turnout.console.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.console.FakeState;
import dev.turnout.console.Records;
import dev.turnout.console.page.PageRequest;
import dev.turnout.console.page.Visitor;
import dev.turnout.console.state.TenantStanding;
import dev.turnout.schema.ApiKey;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.Tenant;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TenantsPageTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

  private final FakeState state = new FakeState();
  private final TenantsPage page = new TenantsPage();

  private String shown() {
    return page.content(new PageRequest(Map.of(), Visitor.ANYBODY, state, NOW)).render();
  }

  private static ApiKey key(String id) {
    return ApiKey.newBuilder()
        .setId(id)
        .setHash("5ec7e7")
        .setTenant("acme")
        .setDescription("<b>for the shop</b>")
        .setAsk(true)
        .setReadTenants(List.of("acme"))
        .setCreatedAt(NOW.minusSeconds(7_200))
        .build();
  }

  @Test
  void shouldShowBudgetsAndKeysButNoSecret() {
    // given
    ApiKey revoked = ApiKey.newBuilder(key("old")).setRevokedAt(NOW).build();
    state.tenants =
        List.of(
            new TenantStanding(
                "acme",
                Tenant.newBuilder()
                    .setTenant("acme")
                    .setBudgetUsdPerHour(12.0)
                    .setUpdatedAt(NOW)
                    .build(),
                BudgetState.newBuilder()
                    .setTenant("acme")
                    .setSpentUsd(34.5)
                    .setReservedUsd(0.25)
                    .setFreeUsd(-0.75)
                    .setPrice(0.02)
                    .setAt(NOW)
                    .build(),
                List.of(key("shop"), revoked)));

    // when
    String page = shown();

    // then
    assertThat(page)
        .contains("$12.000")
        .contains("$34.500")
        .contains("<td class=\"n bad\">-$0.750</td>")
        .contains("read acme")
        .contains("revoked")
        .contains("&lt;b&gt;for the shop")
        .doesNotContain("5ec7e7");
  }

  @Test
  void shouldCountWhatATenantWithoutTermsSpends() {
    // given two queries of a tenant that nobody set
    for (int i = 0; i < 2; i++) {
      RoutingDecision decision =
          RoutingDecision.newBuilder(Records.decision("q-" + i, "alpha", NOW))
              .setTenant("visitor")
              .build();
      state.recent.decided(decision, 100);
      state.recent.ended(Records.outcome("q-" + i, "alpha", "Hello?", NOW), 100);
    }

    // when
    String page = shown();

    // then each cost 0.002
    assertThat(page).contains("visitor").contains("no budget").contains("$0.00400");
  }
}
