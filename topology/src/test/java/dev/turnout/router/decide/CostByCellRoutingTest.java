package dev.turnout.router.decide;

import static dev.turnout.router.DrivenRouter.query;
import static dev.turnout.router.DrivenRouter.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.model.CellBank;
import dev.turnout.model.Matrix;
import dev.turnout.model.Membership;
import dev.turnout.model.QueryFeatures;
import dev.turnout.model.RouterModel;
import dev.turnout.model.cost.CellAmounts;
import dev.turnout.model.cost.CostHead;
import dev.turnout.router.DrivenRouter;
import dev.turnout.router.TinyEncoder;
import dev.turnout.router.TinyModels;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.RoutingDecision;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Decisions by what a model has learnt that answers take in each of its cells. */
class CostByCellRoutingTest {
  private static final String FIRST = "Name the capital of France";
  private static final String SECOND = "Write a parser for arithmetic expressions";

  private static final float MEAN = 550;

  /** Which LLM answers briefly depends on the cell; the third is never brief. */
  private static final float[][] BY_CELL = {{100, 1_000, 5_000}, {1_000, 100, 5_000}};

  @Test
  void shouldSendEachQueryToWhomIsCheapestInItsCell() {
    // given LLMs of equal prices
    CostHead costs = new CostHead(null, amounts(1, 1_000_000));
    try (DrivenRouter router = router(costs, true)) {
      // when
      router.publish(query("a", FIRST).build(), query("b", SECOND).build());

      // then
      List<RoutingDecision> decisions = decisions(router);
      assertThat(decisions.get(0).getLlm()).isEqualTo("acme/alpha");
      assertThat(decisions.get(1).getLlm()).isEqualTo("acme/beta");
      // 2 USD a million tokens of the answer, 1 of the question, four characters of which are one
      assertThat(cost(decisions.get(0), "acme/beta"))
          .isCloseTo((2 * 1_000 + FIRST.length() / 4.0) / 1e6, within(1e-8));
    }
  }

  @Test
  void shouldExpectTheUsualLengthsWithoutAnyOutcome() {
    try (DrivenRouter router = router(null, true)) {
      router.publish(query("a", FIRST).build(), query("b", SECOND).build());

      List<RoutingDecision> decisions = decisions(router);
      assertThat(decisions)
          .hasSize(2)
          .allSatisfy(
              decision ->
                  assertThat(decision.getRanking())
                      .extracting(LlmScore::getExpectedCostUsd)
                      .containsOnly(cost(decision, decision.getLlm())));
      assertThat(cost(decisions.get(0), "acme/alpha"))
          .isCloseTo((2 * 256 + FIRST.length() / 4.0) / 1e6, within(1e-12));
    }
  }

  @Test
  void shouldMoveLittleByFewOutcomes() {
    // given five answers of each LLM, which count as much as the usual length does
    try (DrivenRouter router = router(new CostHead(null, amounts(1, 5)), true)) {
      router.publish(query("a", FIRST).build());

      assertThat(cost(router.onlyDecision(), "acme/beta"))
          .isCloseTo((2 * (1_000 + 256) / 2.0 + FIRST.length() / 4.0) / 1e6, within(1e-8));
    }
  }

  @Test
  void shouldExpectRecordedCostsOfLlmsWithoutPrices() {
    // given
    CostHead costs = new CostHead(amounts(1e-6f, 1_000_000), null);
    try (DrivenRouter router = router(costs, false)) {
      // when
      router.publish(query("a", FIRST).build(), query("b", SECOND).build());

      // then
      List<RoutingDecision> decisions = decisions(router);
      assertThat(decisions.get(0).getLlm()).isEqualTo("acme/alpha");
      assertThat(decisions.get(1).getLlm()).isEqualTo("acme/beta");
      assertThat(cost(decisions.get(1), "acme/gamma")).isCloseTo(5e-3, within(1e-8));
    }
  }

  private static DrivenRouter router(@Nullable CostHead costs, boolean priced) {
    return new DrivenRouter(settings("router.policy", "cheapest", "router.shadow-share", "0"))
        .withModel(model().withCosts(costs))
        .withLlms(
            TinyModels.LLMS.stream().map(llm -> profile(llm, priced)).toArray(LlmProfile[]::new));
  }

  private static LlmProfile profile(String llm, boolean priced) {
    LlmProfile.Builder profile = TinyModels.profile(llm);
    return priced
        ? profile.build()
        : profile.setInputUsdPerMillionTokens(null).setOutputUsdPerMillionTokens(null).build();
  }

  private static CellAmounts amounts(float unit, float answers) {
    float[][] deviations = new float[BY_CELL.length][3];
    for (int c = 0; c < deviations.length; c++) {
      for (int t = 0; t < 3; t++) {
        deviations[c][t] = unit * (BY_CELL[c][t] - MEAN);
      }
    }
    float[] known = {answers, unit * MEAN, 0, 0};
    return new CellAmounts(Matrix.of(deviations), Matrix.of(new float[][] {known, known, known}));
  }

  /** Every LLM alike, and a cell for each of the two texts. */
  private static RouterModel model() {
    RouterModel tiny = TinyModels.model("two-cells", TinyModels.LLMS);
    Matrix centroids =
        Matrix.of(new float[][] {TinyEncoder.vector(FIRST), TinyEncoder.vector(SECOND)});
    QueryFeatures features =
        new QueryFeatures(
            Matrix.of(new float[1][TinyEncoder.DIMENSION]),
            false,
            List.of(new CellBank(Membership.HARD, centroids, 1, 1)));
    float[][] alike = new float[TinyModels.LLMS.size()][features.size()];
    for (float[] embedding : alike) {
      embedding[features.size() - 1] = 1;
    }
    return new RouterModel(
        tiny.version(),
        tiny.encoder(),
        tiny.llms(),
        features,
        null,
        Matrix.of(alike),
        null,
        tiny.temperature(),
        tiny.calibration(),
        null,
        Map.of());
  }

  private static List<RoutingDecision> decisions(DrivenRouter router) {
    return router.decisions().stream().map(TestRecord::value).toList();
  }

  private static double cost(RoutingDecision decision, String llm) {
    return decision.getRanking().stream()
        .filter(score -> score.getLlm().equals(llm))
        .mapToDouble(LlmScore::getExpectedCostUsd)
        .findFirst()
        .orElse(Double.NaN);
  }
}
