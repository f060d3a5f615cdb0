package dev.turnout.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BoundedCacheTest {

  @Test
  void shouldNeverHoldMoreThanItsCapacity() {
    BoundedCache<Integer, String> cache = new BoundedCache<>(10);

    for (int i = 0; i < 1_000; i++) {
      assertThat(cache.get(i, key -> "v" + key)).isEqualTo("v" + i);
      assertThat(cache.size()).isLessThanOrEqualTo(10);
    }
  }

  @Test
  void shouldLoadAKnownKeyOnce() {
    BoundedCache<String, Integer> cache = new BoundedCache<>(10);
    int[] loads = {0};

    for (int i = 0; i < 3; i++) {
      cache.get("key", key -> ++loads[0]);
    }

    assertThat(loads[0]).isEqualTo(1);
  }
}
