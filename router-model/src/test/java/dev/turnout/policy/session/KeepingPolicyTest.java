package dev.turnout.policy.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.policy.Candidate;
import dev.turnout.policy.Policies;
import dev.turnout.policy.Selection;
import dev.turnout.policy.SelectionRequest;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KeepingPolicyTest {
  private static final SwitchingTerms TERMS = new SwitchingTerms(0.02, 0.02, 0.005);

  @Test
  void shouldKeepTheLlmWhenTheGainIsSmall() {
    Selection selection = select(0.70, 0.71, 100, 0.0001);

    assertThat(selection.chosen()).isZero();
    assertThat(selection.order()).containsExactly(0, 1);
    assertThat(selection.propensities()).containsExactly(1, 0);
    assertThat(selection.explored()).isFalse();
    assertThat(selection.reason()).contains("but old is kept").contains("0.010 does not beat");
  }

  @Test
  void shouldSwitchWhenTheGainBeatsTheCost() {
    Selection selection = select(0.70, 0.80, 100, 0.0001);

    assertThat(selection.chosen()).isEqualTo(1);
    assertThat(selection.propensities()).containsExactly(0, 1);
    assertThat(selection.reason()).contains("takes over from old");
  }

  @Test
  void shouldKeepTheLlmOfALongConversation() {
    // 60,000 tokens cost 18 cents more to read anew, and take 15 seconds
    Selection selection = select(0.70, 0.80, 60_000, 0.18);

    assertThat(selection.chosen()).isZero();
  }

  @Test
  void shouldSwitchFromAnLlmThatMayNotAnswer() {
    List<Candidate> candidates =
        List.of(candidate("old", 0.9).ineligible("draining"), candidate("new", 0.3));

    Selection selection =
        new KeepingPolicy(
                Policies.named("argmax"), new Incumbent(0, 100_000, new double[] {0, 1}), TERMS)
            .select(new SelectionRequest(candidates, 0, 0, false, true), new SplittableRandom(1));

    assertThat(selection.chosen()).isEqualTo(1);
  }

  private static Selection select(double old, double other, double prefix, double usd) {
    return new KeepingPolicy(
            Policies.named("argmax"), new Incumbent(0, prefix, new double[] {0, usd}), TERMS)
        .select(
            new SelectionRequest(
                List.of(candidate("old", old), candidate("new", other)), 0, 0, false, true),
            new SplittableRandom(1));
  }

  private static Candidate candidate(String llm, double success) {
    return new Candidate(llm, success, success, success, Double.NaN, Double.NaN, null);
  }
}
