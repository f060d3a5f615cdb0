package dev.turnout.router.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.control.belief.CandidateRefiner.AnswerLength;
import dev.turnout.control.llm.LlmDirectory;
import dev.turnout.control.llm.RegisteredLlm;
import dev.turnout.control.model.Rollout;
import dev.turnout.control.model.ServingState;
import dev.turnout.model.RouterModel;
import dev.turnout.policy.Candidate;
import dev.turnout.policy.limit.Demand;
import dev.turnout.router.TinyModels;
import dev.turnout.schema.LlmProfile;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which length of an answer an expected cost is made of. */
class AnswerLengthTest {
  @Test
  void shouldTakeTheStatedLengthElseTheUsualBeforeAnythingIsLearnt() {
    // given a million output tokens cost 2 USD
    CandidateTable table =
        table(
            TinyModels.profile("acme/alpha").setExpectedOutputTokens(1_000.0).build(),
            TinyModels.profile("acme/beta").build());

    // when
    List<Candidate> candidates = table.candidates(null, Demand.text(0), AnswerLength.UNLEARNT);

    // then
    assertThat(candidates.get(0).expectedCostUsd()).isEqualTo(2_000e-6, within(1e-12));
    assertThat(candidates.get(1).expectedCostUsd()).isEqualTo(512e-6, within(1e-12));
  }

  @Test
  void shouldTakeWhatWasLearntOfLengths() {
    CandidateTable table =
        table(
            TinyModels.profile("acme/alpha").setExpectedOutputTokens(1_000.0).build(),
            TinyModels.profile("acme/beta").build());

    // when twice as much was learnt as is stated, or half of the usual
    List<Candidate> candidates =
        table.candidates(
            null,
            Demand.text(0),
            (llm, before, known) -> llm.equals("acme/alpha") ? 2_000 : before / 2);

    // then
    assertThat(candidates.get(0).expectedCostUsd()).isEqualTo(4_000e-6, within(1e-12));
    assertThat(candidates.get(1).expectedCostUsd()).isEqualTo(256e-6, within(1e-12));
  }

  @Test
  void shouldNotExpectMoreThanWasAskedFor() {
    CandidateTable table = table(TinyModels.profile("acme/alpha").build());
    Demand brief = new Demand(100, 10, Demand.Fit.PROMPT_AND_ANSWER, Set.of(), null, 0);

    assertThat(table.candidates(null, brief, (llm, before, known) -> 500).get(0).expectedCostUsd())
        .isEqualTo(120e-6, within(1e-12));
  }

  private static CandidateTable table(LlmProfile... profiles) {
    ServingState state = new ServingState();
    RouterModel model = TinyModels.model("m1", TinyModels.LLMS);
    state.serve(model, null, Rollout.nothing());
    state.replaceDirectory(
        LlmDirectory.of(
            List.of(profiles).stream().map(each -> new RegisteredLlm(each, null)).toList()));
    return CandidateTable.nothing().next(state.serving(), model);
  }
}
