package dev.turnout.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimedIdsTest {
  private static final Caller ONE = new Caller("one", "acme", Rights.ALL, List.of(), false);
  private static final Caller OTHER = new Caller("other", "acme", Rights.ALL, List.of(), false);

  private final ClaimedIds ids = new ClaimedIds();

  @Test
  void shouldLetAnIdStandForOneQueryOfOneKey() {
    assertThat(ids.claim(ONE, "acme:1", "Why?")).isTrue();
    assertThat(ids.claim(ONE, "acme:1", "Why?")).isFalse();
    assertThatThrownBy(() -> ids.claim(ONE, "acme:1", "How?"))
        .isInstanceOfSatisfying(
            AccessException.class, refused -> assertThat(refused.status()).isEqualTo(409));
    assertThatThrownBy(() -> ids.claim(OTHER, "acme:1", "Why?"))
        .isInstanceOf(AccessException.class)
        .hasMessageContaining("acme:1");
  }

  @Test
  void shouldLetAnIdBeClaimedAgainOnceItsQueryWasNotRouted() {
    // given
    assertThat(ids.claim(ONE, "acme:1", "Why?")).isTrue();

    // when
    ids.release("acme:1");

    // then
    assertThat(ids.claim(OTHER, "acme:1", "How?")).isTrue();
  }

  @Test
  void shouldForgetTheOldest() {
    // given ids of 1 KiB, more than there is room for
    String padding = "x".repeat(1_000);
    for (int i = 0; i < 20_000; i++) {
      assertThat(ids.claim(ONE, i + padding, "Why?")).isTrue();
    }

    // then
    assertThat(ids.claim(ONE, 19_999 + padding, "Why?")).isFalse();
    assertThat(ids.claim(ONE, 0 + padding, "How?")).isTrue();
  }
}
