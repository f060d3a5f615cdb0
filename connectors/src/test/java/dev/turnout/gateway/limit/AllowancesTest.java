package dev.turnout.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.gateway.limit.Exceeded.What;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AllowancesTest {
  private static final TrafficLimits NONE = TrafficLimits.NONE;

  private final AtomicLong now = new AtomicLong(1_000_000);
  private final Allowances allowances = new Allowances(now::get);

  private static TrafficLimits limits(
      @Nullable Integer requests, @Nullable Integer tokens, @Nullable Integer concurrency) {
    return new TrafficLimits(
        requests == null ? null : requests.longValue(),
        tokens == null ? null : tokens.longValue(),
        concurrency);
  }

  private Lease granted(String key, TrafficLimits ofKey, TrafficLimits ofTenant) {
    Admission admission = allowances.enter(key, ofKey, "acme", ofTenant);
    assertThat(admission).isInstanceOf(Admission.Granted.class);
    return ((Admission.Granted) admission).lease();
  }

  private Exceeded refused(String key, TrafficLimits ofKey, TrafficLimits ofTenant) {
    Admission admission = allowances.enter(key, ofKey, "acme", ofTenant);
    assertThat(admission).isInstanceOf(Admission.Refused.class);
    return ((Admission.Refused) admission).why();
  }

  @Test
  void shouldLetSoManyInAtATime() {
    // given
    TrafficLimits two = limits(null, null, 2);
    Lease first = granted("a", two, NONE);
    Lease second = granted("a", two, NONE);

    // when, then
    assertThat(refused("a", two, NONE).words())
        .isEqualTo("key \"a\" has used up its limit of 2 open requests");
    Lease ofAnother = granted("b", two, NONE);
    first.close();
    first.close();
    Lease third = granted("a", two, NONE);
    assertThat(refused("a", two, NONE).what()).isEqualTo(What.CONCURRENCY);
    second.close();
    third.close();
    ofAnother.close();
  }

  @Test
  void shouldCountAllKeysOfATenantTogether() {
    // given
    TrafficLimits perMinute = limits(3, null, null);
    for (String key : new String[] {"a", "b", "c"}) {
      granted(key, limits(10, null, null), perMinute).close();
    }

    // when
    Exceeded exceeded = refused("a", limits(10, null, null), perMinute);

    // then it says when, and the key has lost nothing by it
    assertThat(exceeded.words()).contains("tenant \"acme\"", "3 requests a minute");
    assertThat(exceeded.retryAfterMillis()).isBetween(60_000L, 61_000L);
    now.addAndGet(exceeded.retryAfterMillis());
    Lease lease = granted("a", limits(10, null, null), perMinute);
    assertThat(lease.remaining().headers())
        .containsEntry("x-ratelimit-limit-requests", "3")
        .containsEntry("x-ratelimit-remaining-requests", "2")
        .containsEntry("x-ratelimit-reset-requests", "61.000s")
        .doesNotContainKey("x-ratelimit-limit-tokens");
  }

  @Test
  void shouldPutUsedTokensInThePlaceOfEstimatedOnes() {
    // given
    TrafficLimits thousand = limits(null, 1_000, null);
    Lease first = granted("a", thousand, NONE);
    Lease second = granted("a", thousand, NONE);
    assertThat(first.takeTokens(800)).isNull();
    Exceeded exceeded = second.takeTokens(300);
    assertThat(exceeded).isNotNull();
    assertThat(exceeded.what()).isEqualTo(What.TOKENS);

    // when the first used less than was thought
    first.settle(600);
    first.settle(0);

    // then the second fits in
    assertThat(second.takeTokens(300)).isNull();
    assertThat(second.remaining().headers()).containsEntry("x-ratelimit-remaining-tokens", "100");

    // and what it used more is counted
    second.settle(900);
    Lease third = granted("a", thousand, NONE);
    assertThat(third.takeTokens(1)).isNotNull();
    assertThat(third.remaining().headers()).containsEntry("x-ratelimit-remaining-tokens", "0");
  }

  @Test
  void shouldLetALargeRequestInOnceItIsAlone() {
    // given
    TrafficLimits hundred = limits(null, 100, null);
    Lease small = granted("a", hundred, NONE);
    assertThat(small.takeTokens(1)).isNull();
    Lease large = granted("a", hundred, NONE);

    // when
    Exceeded exceeded = large.takeTokens(5_000);

    // then
    assertThat(exceeded).isNotNull();
    now.addAndGet(exceeded.retryAfterMillis());
    assertThat(large.takeTokens(5_000)).isNull();
    large.settle(0);
    assertThat(large.remaining().headers()).containsEntry("x-ratelimit-remaining-tokens", "100");
  }

  @Test
  void shouldGiveTheKeyItsTokensBackWhenTheTenantHasNone() {
    // given
    TrafficLimits ofKey = limits(null, 1_000, null);
    TrafficLimits ofTenant = limits(null, 100, null);
    Lease first = granted("a", ofKey, ofTenant);
    assertThat(first.takeTokens(90)).isNull();
    Lease second = granted("a", ofKey, ofTenant);

    // when
    Exceeded exceeded = second.takeTokens(50);

    // then
    assertThat(exceeded).isNotNull();
    assertThat(exceeded.whose()).isEqualTo("tenant \"acme\"");
    Lease ofKeyAlone = granted("a", ofKey, NONE);
    assertThat(ofKeyAlone.remaining().headers())
        .containsEntry("x-ratelimit-remaining-tokens", "910");
  }

  @Test
  void shouldForgetKeysThatAreNoMore() {
    // given
    TrafficLimits one = limits(1, null, null);
    granted("a", one, NONE).close();
    granted("b", one, NONE).close();

    // when
    allowances.retainKeys(Set.of("b"));

    // then
    granted("a", one, NONE).close();
    assertThat(refused("b", one, NONE).what()).isEqualTo(What.REQUESTS);
  }
}
