package dev.turnout.console.recent;

import static dev.turnout.console.Records.decision;
import static dev.turnout.console.Records.grade;
import static dev.turnout.console.Records.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.schema.Grade;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentQueriesTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

  private final RecentQueries recent = new RecentQueries(3);

  @Test
  void shouldKeepTheLatestAlone() {
    // when
    for (int i = 0; i < 10; i++) {
      recent.decided(decision("q" + i, "alpha", NOW), 1_000);
    }

    // then
    assertThat(recent.latest(10, each -> true))
        .extracting(SeenQuery::id)
        .containsExactly("q9", "q8", "q7");
    assertThat(recent.find("q0")).isEmpty();
  }

  @Test
  void shouldLetGoOfTheOldestWhenTheyAreLarge() {
    // when
    recent.decided(decision("q1", "alpha", NOW), 20 << 20);
    recent.decided(decision("q2", "alpha", NOW), 20 << 20);

    // then
    assertThat(recent.latest(10, each -> true)).extracting(SeenQuery::id).containsExactly("q2");
  }

  @Test
  void shouldJoinWhatComesBeforeItsDecisionAndTwice() {
    // given
    recent.graded(grade("q1", "alpha", "judge", 0.5, NOW));
    recent.ended(outcome("q1", "alpha", "Why?", NOW), 200);

    // when
    recent.decided(decision("q1", "alpha", NOW), 1_000);
    recent.graded(grade("q1", "alpha", "judge", 0.9, NOW));
    recent.graded(grade("q1", "alpha", "user", 0.7, NOW));
    recent.ended(outcome("q1", "alpha", "Why?", NOW), 200);
    recent.decided(decision("q1", "alpha", NOW), 1_000);

    // then
    SeenQuery seen = recent.find("q1").orElseThrow();
    assertThat(seen.grades()).extracting(Grade::getReward).containsExactly(0.9, 0.7);
    assertThat(seen.outcomes()).hasSize(1);
    assertThat(seen.text()).hasValue("Why?");
    assertThat(seen.reward("alpha")).isEqualTo(0.8);
  }

  @Test
  void shouldForgetWhatNoDecisionComesFor() {
    // when
    for (int i = 0; i < 5_000; i++) {
      recent.ended(outcome("q" + i, "alpha", "Why?", NOW), 200);
    }
    recent.decided(decision("q0", "alpha", NOW), 1_000);
    recent.decided(decision("q4999", "alpha", NOW), 1_000);

    // then
    assertThat(recent.find("q0").orElseThrow().outcomes()).isEmpty();
    assertThat(recent.find("q4999").orElseThrow().outcomes()).hasSize(1);
  }

  @Test
  void shouldFindTheGradedQueriesMostLikeOne() {
    // given
    RecentQueries many = new RecentQueries(10);
    many.decided(decision("same", "alpha", NOW, 1, 0), 100);
    many.decided(decision("near", "alpha", NOW, 0.8f, 0.6f), 100);
    many.decided(decision("far", "beta", NOW, 0, 1), 100);
    many.decided(decision("ungraded", "beta", NOW, 1, 0), 100);
    for (String id : List.of("same", "near", "far")) {
      many.graded(grade(id, "alpha", "judge", 1, NOW));
    }

    // when
    List<RecentQueries.Neighbour> nearest = many.nearest(decision("new", "alpha", NOW, 1, 0), 2);

    // then
    assertThat(nearest).extracting(each -> each.query().id()).containsExactly("same", "near");
    assertThat(nearest.get(1).similarity()).isBetween(0.79, 0.81);
    assertThat(many.nearest(decision("blind", "alpha", NOW), 2)).isEmpty();
  }
}
