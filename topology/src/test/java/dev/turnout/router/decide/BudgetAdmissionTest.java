package dev.turnout.router.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.budget.BudgetSettings;
import dev.turnout.budget.BudgetView;
import dev.turnout.ledger.TenantBudgets;
import dev.turnout.router.DrivenRouter;
import dev.turnout.router.TinyModels;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetMovement;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class BudgetAdmissionTest {
  private static final String TEXT = "how deep is the sea";

  private static DrivenRouter router(double burstUsd) {
    return new DrivenRouter(
        DrivenRouter.settings(
            "router.tenant-budgets", "acme=1e-6", "router.tenant-bursts", "acme=" + burstUsd));
  }

  private static Query query(String id, String tenant) {
    return DrivenRouter.query(id, TEXT).setTenant(tenant).build();
  }

  /** Every LLM at about 0.0005 USD a query, but for one at ten times that. */
  private static LlmProfile[] oneDear(String dear) {
    return TinyModels.LLMS.stream()
        .map(
            llm ->
                TinyModels.profile(llm)
                    .setOutputUsdPerMillionTokens(llm.equals(dear) ? 20.0 : 2.0)
                    .build())
        .toArray(LlmProfile[]::new);
  }

  private static String favourite() {
    try (DrivenRouter free = router(1).withModel("m1").withAllLlms()) {
      free.publish(query("q", "other"));
      return free.onlyDecision().getLlm();
    }
  }

  @Test
  void shouldReserveWhatTheChosenLlmIsExpectedToCost() {
    try (DrivenRouter router = router(1).withModel("m1").withAllLlms()) {
      // when
      router.publish(query("q", "acme"), query("r", "other"));

      // then only the tenant with a budget moves money
      List<TestRecord<String, BudgetEvent>> spending = router.spending();
      assertThat(spending).hasSize(1);
      BudgetEvent event = spending.get(0).value();
      RoutingDecision decision = router.decisions().get(0).value();
      assertThat(spending.get(0).key()).isEqualTo("acme");
      assertThat(event.getKind()).isEqualTo(BudgetMovement.RESERVED);
      assertThat(event.getBudgets())
          .isEqualTo(
              TenantBudgets.of(Map.of("acme", new BudgetSettings(1e-6, 1, 0.5, 100))).digest());
      assertThat(event.getQueryId()).isEqualTo("q");
      assertThat(event.getLlm()).isEqualTo(decision.getLlm());
      assertThat(event.getUsd()).isEqualTo(decision.getRanking().get(0).getExpectedCostUsd());
    }
  }

  @Test
  void shouldDeadLetterWhatTheBudgetCannotPayAndTellItsOwner() {
    // given money for two queries
    try (DrivenRouter router = router(0.0012).withModel("m1").withAllLlms()) {
      // when
      router.publish(
          query("a", "acme"), query("b", "acme"), query("c", "acme"), query("d", "other"));

      // then
      assertThat(router.decisions().stream().map(record -> record.value().getQueryId()))
          .containsExactly("a", "b", "d");
      List<TestRecord<String, byte[]>> letters = router.deadLetters();
      assertThat(letters).hasSize(1);
      assertThat(DrivenRouter.header(letters.get(0), "turnout.dlq.reason"))
          .isEqualTo("BUDGET_EXHAUSTED");
      assertThat(DrivenRouter.header(letters.get(0), "turnout.dlq.detail")).contains("\"acme\"");
      assertThat(router.spending().stream().map(record -> record.value().getKind()))
          .containsExactly(
              BudgetMovement.RESERVED, BudgetMovement.RESERVED, BudgetMovement.REFUSED);
    }
  }

  @Test
  void shouldTakeAnLlmThatIsAffordableWhenTheFavouriteIsNot() {
    // given
    String dear = favourite();
    try (DrivenRouter router = router(0.0012).withModel("m1").withLlms(oneDear(dear))) {
      // when
      router.publish(query("q", "acme"));

      // then
      RoutingDecision decision = router.onlyDecision();
      assertThat(decision.getLlm()).isNotEqualTo(dear);
      LlmScore ruledOut =
          decision.getRanking().stream().filter(s -> s.getLlm().equals(dear)).findFirst().get();
      assertThat(ruledOut.getEligible()).isFalse();
      assertThat(ruledOut.getIneligibleReason()).contains("budget");
    }
  }

  @Test
  void shouldLookAtCostsWhenMoneyHasBecomeDear() {
    // given money enough, but dear: a cent is worth as much as ten sure successes
    String dear = favourite();
    try (DrivenRouter router = router(1).withModel("m1").withLlms(oneDear(dear))) {
      router.budgets.put("acme", new BudgetView(1, 10, Instant.now()));

      // when
      router.publish(query("q", "acme"), query("r", "other"));

      // then
      List<TestRecord<String, RoutingDecision>> decisions = router.decisions();
      assertThat(decisions.get(0).value().getLlm()).isNotEqualTo(dear);
      assertThat(decisions.get(0).value().getPolicy()).isEqualTo("weighted");
      assertThat(decisions.get(1).value().getLlm()).isEqualTo(dear);
    }
  }
}
