package dev.turnout.gateway.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class QueryIdsTest {

  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00.123Z");

  @Test
  void shouldCarryItsTime() {
    // when
    String id = QueryIds.next(Clock.fixed(NOW, ZoneOffset.UTC));

    // then
    assertThat(UUID.fromString(id).version()).isEqualTo(7);
    assertThat(UUID.fromString(id).variant()).isEqualTo(2);
    assertThat(QueryIds.time(id)).contains(NOW);
    assertThat(id).isNotEqualTo(QueryIds.next(Clock.fixed(NOW, ZoneOffset.UTC)));
  }

  @Test
  void shouldReadTheTimeOfRfc9562sExample() {
    assertThat(QueryIds.time("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"))
        .contains(Instant.parse("2022-02-22T19:22:22Z"));
  }

  @Test
  void shouldKnowNoTimeOfAnyOtherId() {
    assertThat(QueryIds.time(UUID.randomUUID().toString())).isEmpty();
    assertThat(QueryIds.time("1-1-7-1-1")).isEmpty();
    assertThat(QueryIds.time("order 66")).isEmpty();
    assertThat(QueryIds.time("")).isEmpty();
  }
}
