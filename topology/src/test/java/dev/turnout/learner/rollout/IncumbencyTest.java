package dev.turnout.learner.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.control.model.Rollout.Incumbent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IncumbencyTest {

  private static Incumbent incumbent(String version, long since, @Nullable String replaces) {
    return new Incumbent(version, Instant.ofEpochMilli(since), replaces);
  }

  @Test
  void shouldGoOnThroughExtensions() {
    // given
    Incumbency first = Incumbency.with(incumbent("m2", 1, "m1"), null);

    // when
    Incumbency extended = Incumbency.with(incumbent("m2+abc", 2, "m1"), first);
    Incumbency again = Incumbency.with(incumbent("m2+abc+def", 3, "m1"), extended);

    // then
    assertThat(Incumbency.with(incumbent("m2", 1, "m1"), first)).isEqualTo(first);
    assertThat(again.first()).isEqualTo(incumbent("m2", 1, "m1"));
    assertThat(again.versions()).containsExactly("m2", "m2+abc", "m2+abc+def");
    assertThat(Incumbency.with(incumbent("m2+abc+def", 3, "m1"), again)).isEqualTo(again);
  }

  @Test
  void shouldTellFromTheNameWhatAVersionExtends() {
    assertThat(ModelExtension.lineage("m2+0a1b2c+3d4e5f"))
        .containsExactly("m2", "m2+0a1b2c", "m2+0a1b2c+3d4e5f");
    assertThat(ModelExtension.lineage("1.0+by-hand")).containsExactly("1.0+by-hand");
  }

  @Test
  void shouldBeginAnewWithAnotherModelOrAnotherPromotion() {
    // given
    Incumbency first = Incumbency.with(incumbent("m2", 1, "m1"), null);

    // then
    assertThat(Incumbency.with(incumbent("m3", 2, "m2"), first).versions()).containsExactly("m3");
    assertThat(Incumbency.with(incumbent("m22", 2, "m1"), first).versions()).containsExactly("m22");
    assertThat(Incumbency.with(incumbent("m2+abc", 2, null), first).versions())
        .containsExactly("m2+abc");
    assertThat(Incumbency.with(incumbent("m2", 2, "m1"), first).first().since())
        .isEqualTo(Instant.ofEpochMilli(2));
  }
}
