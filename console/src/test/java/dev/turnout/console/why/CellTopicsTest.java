package dev.turnout.console.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.belief.CellMeans;
import dev.turnout.belief.Posteriors;
import dev.turnout.console.FakeState;
import dev.turnout.console.Records;
import dev.turnout.console.page.PageRequest;
import dev.turnout.console.page.Visitor;
import dev.turnout.console.recent.SeenQuery;
import dev.turnout.console.why.CellTopics.CellTopic;
import dev.turnout.schema.RoutingDecision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CellTopicsTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final String EVIL = "Merge <img src=x onerror=\"alert('x')\">";

  private final FakeState state = new FakeState();

  /** A query that alpha answers and gamma, which is predicted to be right more often, might. */
  private void decide(String id, @Nullable Integer cell, String model, String text) {
    state.recent.decided(
        RoutingDecision.newBuilder(Records.decision(id, "alpha", NOW))
            .setCell(cell)
            .setModelVersion(model)
            .build(),
        100);
    state.recent.ended(Records.outcome(id, "alpha", text, NOW), 100);
  }

  private static Posteriors posteriors(double deviation) {
    CellMeans unknown = CellMeans.unknown(2, 2);
    return new Posteriors(
        "m1",
        List.of("gamma", "alpha"),
        new double[2][2],
        new double[][] {{0, 0}, {deviation, deviation}},
        new double[2][2],
        unknown,
        unknown,
        Map.of(),
        List.of(),
        10);
  }

  private CellTopics topics(@Nullable Posteriors posteriors) {
    List<SeenQuery> latest = state.recent.latest(100, each -> true);
    return CellTopics.of(latest, CellTopics.model(latest), posteriors, 10);
  }

  @Test
  void shouldSayWhatACellIsAboutAndWhichLlmIsBestInIt() {
    // given
    decide("q-1", 1, "m1", "Merge two lists");
    decide("q-2", 1, "m1", "Merge sorted lists");
    decide("q-3", 1, "m1", "Merge sorted lists");
    decide("q-4", 0, "m1", "Where is Ouagadougou?");
    decide("q-5", 0, "older", "What is a list?");
    decide("q-6", null, "m1", "Without a cell");
    state.recent.graded(Records.grade("q-1", "gamma", "judge", 1.0, NOW));
    state.recent.graded(Records.grade("q-2", "gamma", "judge", 0.5, NOW));

    // when
    CellTopics topics = topics(posteriors(0.05));

    // then
    assertThat(topics.modelVersion()).isEqualTo("m1");
    assertThat(topics.queries()).isEqualTo(4);
    assertThat(topics.others()).isEqualTo(2);
    assertThat(topics.cells()).extracting(CellTopic::cell).containsExactly(1, 0);
    CellTopic lists = topics.cells().get(0);
    assertThat(lists.share()).isEqualTo(0.75);
    assertThat(lists.words()).containsExactly("lists", "merge", "sorted");
    assertThat(lists.examples()).extracting(SeenQuery::id).containsExactly("q-3", "q-1");
    BestOfCell best = lists.best().orElseThrow();
    assertThat(best.llm()).isEqualTo("gamma");
    assertThat(best.success()).isCloseTo(0.9, within(1e-9));
    assertThat(best.deviation()).isEqualTo(0.05);
    // the standard normal at 0.1 / sqrt(2 * 0.05^2)
    assertThat(best.sure()).isCloseTo(0.9214, within(1e-3));
    assertThat(best.grades()).isEqualTo(2);
    assertThat(best.reward()).isEqualTo(0.75);
    assertThat(best.error()).isCloseTo(0.7956, within(1e-3));
  }

  @Test
  void shouldBeSureOfNothingThatNobodyGraded() {
    // given
    decide("q-1", 1, "m1", "Merge two lists");

    // when
    BestOfCell best = topics(null).cells().get(0).best().orElseThrow();

    // then
    assertThat(best.llm()).isEqualTo("gamma");
    assertThat(best.sure()).isNaN();
    assertThat(best.grades()).isZero();
    assertThat(best.error()).isNaN();
  }

  @Test
  void shouldShowTopicsEscaped() {
    // given
    List<String> shown = new ArrayList<>();
    for (String by : List.of("topic", "time")) {
      shown.add(
          new WhyPage()
              .content(new PageRequest(Map.of("by", by), Visitor.ANYBODY, state, NOW))
              .render());
    }
    decide("q-1", 1, "m1", EVIL);
    decide("q-2", 1, "m1", EVIL + " again");
    state.posteriors = posteriors(0.02);

    // when
    String topics =
        new WhyPage()
            .content(new PageRequest(Map.of("by", "topic"), Visitor.ANYBODY, state, NOW))
            .render();

    // then
    assertThat(shown.get(0)).contains("No query of late lies in a cell");
    assertThat(shown.get(1)).contains("Latest decisions").doesNotContain("No query of late");
    assertThat(topics)
        .contains("merge, ", "href=\"/why?id=q-2\"", "Merge &lt;img", "100 %", "± 2.0 %")
        .contains("gamma, predicted to be right in 90.0 %", "none of late")
        .doesNotContain("<img");
  }
}
