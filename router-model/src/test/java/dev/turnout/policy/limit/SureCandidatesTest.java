package dev.turnout.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.policy.Candidate;
import dev.turnout.policy.Policies;
import dev.turnout.policy.SelectionRequest;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SureCandidatesTest {
  private static final List<Candidate> CANDIDATES =
      List.of(
          new Candidate("dear", 0.9, 0.4, 0.95, 0.010, 900, null),
          new Candidate("middling", 0.6, 0.3, 0.91, 0.003, 500, null),
          new Candidate("cheap", 0.3, 0.2, 0.70, 0.001, 300, null),
          new Candidate("drained", 0.8, 0.1, 0.99, 0.001, 300, "drains"));

  @Test
  void shouldLetTheCheapestOfThoseThatAreSureAnswer() {
    // when two are sure
    SureCandidates sure = SureCandidates.of(CANDIDATES, i -> i < 2, 0.9);

    // then the cheaper one takes it, and the other two say why not
    assertThat(sure.relaxation()).isNull();
    assertThat(chosen(sure)).isEqualTo("middling");
    assertThat(sure.candidates().get(2).ineligibleReason())
        .isEqualTo("not sure enough to be right 90 % of the time");
    assertThat(sure.candidates().get(3).ineligibleReason()).isEqualTo("drains");
  }

  @Test
  void shouldGiveTheLikeliestWhatNobodyIsSureOf() {
    SureCandidates sure = SureCandidates.of(CANDIDATES, i -> i == 3, 0.9);

    assertThat(sure.relaxation()).contains("no LLM is sure enough", "90 %");
    assertThat(chosen(sure)).isEqualTo("dear");
  }

  private static String chosen(SureCandidates sure) {
    int chosen =
        Policies.named("cheapest")
            .select(
                new SelectionRequest(sure.candidates(), 0, 0, false, true), new SplittableRandom(1))
            .chosen();
    return sure.candidates().get(chosen).llm();
  }
}
