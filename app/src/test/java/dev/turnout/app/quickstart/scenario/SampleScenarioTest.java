package dev.turnout.app.quickstart.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.topic.TopicCatalogue;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SampleScenarioTest {

  private static final int WARM_UP = 240;

  private static SampleScenario scenario(long seed) {
    return new SampleScenario(TopicCatalogue.standard(), WARM_UP, 1, seed);
  }

  @Test
  void shouldHoldSeveralHundredDistinctQueriesOfManyDomainsAndLanguages() {
    // when
    List<SampleQuery> all = SampleQuery.all();

    // then
    assertThat(all).hasSizeGreaterThan(400);
    assertThat(all.stream().map(SampleQuery::id)).doesNotHaveDuplicates();
    assertThat(all.stream().map(SampleQuery::text)).doesNotHaveDuplicates();
    assertThat(all.stream().map(SampleQuery::domain).collect(Collectors.toSet()))
        .hasSizeGreaterThanOrEqualTo(8);
    assertThat(all.stream().map(SampleQuery::language).collect(Collectors.toSet()))
        .hasSizeGreaterThanOrEqualTo(6);
  }

  @Test
  void shouldLetEveryLlmStateItsSkillInEveryDomain() {
    for (ScenarioSkills llm : ScenarioSkills.all()) {
      for (SampleQuery query : SampleQuery.all()) {
        assertThat(llm.success(query.domain(), query.language())).isBetween(0.0, 1.0);
      }
    }
    assertThatThrownBy(() -> ScenarioSkills.all().get(0).success("alchemy", "en"))
        .hasMessageContaining("alchemy");
  }

  @Test
  void shouldKeepWarmUpAndStreamApart() {
    // given
    SampleScenario scenario = scenario(1);

    // when
    List<String> warmUp = scenario.warmUp().stream().map(GradedQuery::text).toList();

    // then
    assertThat(warmUp).hasSize(WARM_UP);
    for (int i = 0; i < scenario.streamLength(); i++) {
      assertThat(warmUp).doesNotContain(scenario.at(i).text());
    }
  }

  @Test
  void shouldRepeatWithTheSeedAndAskAnewInTheNextRound() {
    // given
    SampleScenario scenario = scenario(7);
    int length = scenario.streamLength();

    // then
    assertThat(scenario.at(3).rewards()).isEqualTo(scenario(7).at(3).rewards());
    assertThat(scenario.at(3 + length).text()).isEqualTo(scenario.at(3).text());
    boolean differs = false;
    for (int i = 0; i < length; i++) {
      differs |= !Arrays.equals(scenario.at(i).rewards(), scenario.at(i + length).rewards());
    }
    assertThat(differs).as("a query asked again is answered anew").isTrue();
  }

  @Test
  void shouldEarnWhatTheProfilesState() {
    // given
    SampleScenario scenario = scenario(1);
    int specialist =
        scenario.llms().stream().map(llm -> llm.getId()).toList().indexOf("codewright");

    // when
    double coding = 0;
    double law = 0;
    int codingQueries = 0;
    int lawQueries = 0;
    for (int i = 0; i < 20 * scenario.streamLength(); i++) {
      GradedQuery query = scenario.at(i);
      if (query.task().equals("coding")) {
        coding += query.rewards()[specialist];
        codingQueries++;
      } else if (query.task().equals("law")) {
        law += query.rewards()[specialist];
        lawQueries++;
      }
    }

    // then: the difficulty pulls stated skills of 0.92 and 0.32 some way towards one half
    assertThat(coding / codingQueries).isBetween(0.78, 0.92);
    assertThat(law / lawQueries).isBetween(0.28, 0.45);
  }
}
