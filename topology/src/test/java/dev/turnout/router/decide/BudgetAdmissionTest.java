package dev.turnout.router.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.budget.BudgetSettings;
import dev.turnout.budget.BudgetView;
import dev.turnout.control.tenant.TenantTerms;
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
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class BudgetAdmissionTest {
  private static final String DETAIL = "turnout.dlq.detail";
  private static final String TEXT = "how deep is the sea";

  private static DrivenRouter router(double burstUsd) {
    return new DrivenRouter(DrivenRouter.settings()).withTenants(acme(burstUsd));
  }

  private static TenantTerms acme(double burstUsd) {
    return new TenantTerms("acme", BudgetSettings.of(1e-6, burstUsd), null);
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
      assertThat(DrivenRouter.header(letters.get(0), DETAIL))
          .contains("\"acme\"", "`turnout tenants set acme --budget USD`");
      assertThat(router.spending().stream().map(record -> record.value().getKind()))
          .containsExactly(
              BudgetMovement.RESERVED, BudgetMovement.RESERVED, BudgetMovement.REFUSED);
    }
  }

  @Test
  void shouldGoByABudgetThatIsSetRaisedAndRemovedWhileItRuns() {
    try (DrivenRouter router =
        new DrivenRouter(DrivenRouter.settings()).withModel("m1").withAllLlms()) {
      // when there is none, one that pays for nothing, one that pays for one more, and none again
      router.publish(query("a", "acme"));
      router.withTenants(acme(0.0001)).publish(query("b", "acme"));
      router.withTenants(acme(0.0008)).publish(query("c", "acme"), query("d", "acme"));
      router.withTenants().publish(query("e", "acme"));

      // then
      assertThat(router.decisions().stream().map(record -> record.value().getQueryId()))
          .containsExactly("a", "c", "e");
      assertThat(router.deadLetters().stream().map(letter -> DrivenRouter.header(letter, DETAIL)))
          .hasSize(2)
          .allMatch(detail -> detail.contains("`turnout tenants set acme --b"));
      assertThat(router.spending().stream().map(record -> record.value().getQueryId()))
          .containsExactly("b", "c", "d");
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
