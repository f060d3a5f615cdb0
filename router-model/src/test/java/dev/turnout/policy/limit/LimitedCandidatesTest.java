package dev.turnout.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.policy.Candidate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LimitedCandidatesTest {
  private static final Candidate DEAR = candidate("dear", 0.05, 500);
  private static final Candidate CHEAP = candidate("cheap", 0.001, 3000);
  private static final Candidate UNKNOWN = candidate("unknown", Double.NaN, Double.NaN);
  private static final Candidate DRAINED = candidate("drained", 0.001, 100).ineligible("draining");
  private static final List<Candidate> ALL = List.of(DEAR, CHEAP, UNKNOWN, DRAINED);

  @Test
  void shouldLeaveEverythingAsItIsWithoutLimits() {
    LimitedCandidates limited = LimitedCandidates.of(ALL, ChoiceLimits.none());

    assertThat(limited.candidates()).isEqualTo(ALL);
    assertThat(limited.relaxation()).isNull();
  }

  @Test
  void shouldRuleOutWithTheReasonInWords() {
    LimitedCandidates limited =
        LimitedCandidates.of(ALL, new ChoiceLimits(Set.of("dear", "cheap"), 0.01, Double.NaN));

    assertThat(eligible(limited)).containsExactly("cheap");
    assertThat(limited.relaxation()).isNull();
    assertThat(limited.candidates().get(0).ineligibleReason())
        .contains("0.050000 USD")
        .contains("0.010000 USD");
    assertThat(limited.candidates().get(2).ineligibleReason()).contains("not among");
    assertThat(limited.candidates().get(3).ineligibleReason()).isEqualTo("draining");
  }

  @Test
  void shouldNotLetUnknownCostsPassALimit() {
    LimitedCandidates limited =
        LimitedCandidates.of(ALL, new ChoiceLimits(Set.of(), 0.1, Double.NaN));

    assertThat(eligible(limited)).containsExactly("dear", "cheap");
  }

  @Test
  void shouldGiveUpTheLatencyLimitFirst() {
    LimitedCandidates limited = LimitedCandidates.of(ALL, new ChoiceLimits(Set.of(), 0.01, 1000));

    assertThat(eligible(limited)).containsExactly("cheap");
    assertThat(limited.relaxation()).contains("latency limit was given up");
  }

  @Test
  void shouldTakeTheCheapestWhenTheCostLimitCannotBeMet() {
    LimitedCandidates limited =
        LimitedCandidates.of(ALL, new ChoiceLimits(Set.of(), 0.0001, Double.NaN));

    assertThat(eligible(limited)).containsExactly("cheap");
    assertThat(limited.relaxation()).contains("cheapest");
  }

  @Test
  void shouldNeverLeaveTheAllowedList() {
    LimitedCandidates limited =
        LimitedCandidates.of(ALL, new ChoiceLimits(Set.of("drained"), 0.1, 1000));

    assertThat(eligible(limited)).isEmpty();
    assertThat(limited.relaxation()).isNull();
    assertThat(limited.candidates().get(0).ineligibleReason()).contains("not among");
    assertThat(limited.candidates().get(3).ineligibleReason()).isEqualTo("draining");
  }

  @Test
  void shouldRefuseWhenNoLlmCanTakeQueries() {
    assertThatThrownBy(() -> LimitedCandidates.of(List.of(DRAINED), ChoiceLimits.none()))
        .hasMessageContaining("can take queries");
  }

  private static List<String> eligible(LimitedCandidates limited) {
    return limited.candidates().stream().filter(Candidate::eligible).map(Candidate::llm).toList();
  }

  private static Candidate candidate(String llm, double cost, double latency) {
    return new Candidate(llm, 0, 0.25, 0.5, cost, latency, null);
  }
}
