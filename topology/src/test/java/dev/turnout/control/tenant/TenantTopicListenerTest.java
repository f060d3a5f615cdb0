package dev.turnout.control.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.budget.BudgetSettings;
import dev.turnout.control.RecordDecoder;
import dev.turnout.schema.Tenant;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TenantTopicListenerTest {
  private final List<TenantDirectory> directories = new ArrayList<>();
  private final TenantTopicListener reader = new TenantTopicListener(directories::add);
  private @Nullable Tenant next;
  private final RecordDecoder<Tenant> decoder = new RecordDecoder<>((topic, data) -> next, reader);

  private void read(String key, @Nullable Tenant tenant) {
    next = tenant;
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    decoder.read(new ConsumerRecord<>("turnout.tenants", 0, 0, bytes, bytes));
  }

  private TenantDirectory settled() {
    reader.settle(true);
    return directories.get(directories.size() - 1);
  }

  private static Tenant acme(
      @Nullable Double budget, @Nullable Double burst, @Nullable Double floor) {
    return Tenant.newBuilder()
        .setTenant("acme")
        .setBudgetUsdPerHour(budget)
        .setBurstUsd(burst)
        .setExplorationFloor(floor)
        .setUpdatedAt(Instant.EPOCH)
        .build();
  }

  @Test
  void shouldKnowATenantsBudgetAndFloor() {
    // when
    read("acme", acme(5.0, 0.25, 0.1));

    // then
    TenantDirectory tenants = settled();
    assertThat(tenants.budgetOf("acme")).isEqualTo(BudgetSettings.of(5, 0.25));
    assertThat(tenants.explorationFloorOf("acme", 0.03)).isEqualTo(0.1);
    assertThat(tenants.budgetOf("other")).isNull();
    assertThat(tenants.explorationFloorOf("other", 0.03)).isEqualTo(0.03);
    assertThat(tenants.anyBudget()).isTrue();
  }

  @Test
  void shouldGiveABudgetWithoutABurstSixMinutesWorth() {
    // when
    read("acme", acme(5.0, null, null));

    // then
    assertThat(settled().budgetOf("acme")).isEqualTo(BudgetSettings.of(5, 0.5));
  }

  @Test
  void shouldForgetATenantThatIsRemoved() {
    // given
    read("acme", acme(5.0, null, 0.1));
    settled();

    // when
    read("acme", null);

    // then
    TenantDirectory tenants = settled();
    assertThat(tenants.budgetOf("acme")).isNull();
    assertThat(tenants.explorationFloorOf("acme", 0.03)).isEqualTo(0.03);
    assertThat(tenants.anyBudget()).isFalse();
  }

  @Test
  void shouldShowNothingHalfRead() {
    // when
    read("acme", acme(5.0, null, null));
    reader.settle(false);
    assertThat(directories).isEmpty();
    settled();
    reader.settle(true);

    // then one picture for one change
    assertThat(directories).hasSize(1);
  }

  @Test
  void shouldGoOnWithWhatHeldWhenARecordCannotBe() {
    // given
    read("acme", acme(5.0, null, null));

    // when
    read("acme", acme(Double.NaN, null, null));
    read("acme", acme(-1.0, null, null));
    read("acme", acme(null, 1.0, null));
    read("acme", acme(null, null, 1.5));

    // then
    assertThat(settled().budgetOf("acme")).isEqualTo(BudgetSettings.perHour(5));
  }

  @Test
  void shouldOfferADirectoryAgainThatWasNotTaken() {
    // given
    List<TenantDirectory> taken = new ArrayList<>();
    boolean[] down = {true};
    TenantTopicListener stubborn =
        new TenantTopicListener(
            directory -> {
              if (down[0]) {
                throw new IllegalStateException("not now");
              }
              taken.add(directory);
            });
    stubborn.read(acme(5.0, null, null));
    assertThatThrownBy(() -> stubborn.settle(true)).hasMessage("not now");

    // when
    down[0] = false;
    stubborn.settle(true);

    // then
    assertThat(taken).hasSize(1);
  }

  @Test
  void shouldNameTenantFieldAndRemedy() {
    assertThatThrownBy(() -> TenantTerms.of(acme(0.0, null, null)))
        .hasMessageContaining("tenant \"acme\"")
        .hasMessageContaining("budget of 0.0 USD an hour")
        .hasMessageContaining("`turnout tenants set acme --budget USD`");
    assertThatThrownBy(() -> TenantTerms.of(acme(null, 1.0, null)))
        .hasMessageContaining("burst of 1.0 USD without a budget");
    assertThatThrownBy(() -> TenantTerms.of(acme(1.0, Double.POSITIVE_INFINITY, null)))
        .hasMessageContaining("burst of Infinity USD");
    assertThatThrownBy(() -> TenantTerms.of(acme(null, null, -0.1)))
        .hasMessageContaining("exploration floor of -0.1");
    assertThatThrownBy(
            () ->
                TenantTerms.of(
                    Tenant.newBuilder().setTenant("").setUpdatedAt(Instant.EPOCH).build()))
        .hasMessageContaining("no name");
  }
}
