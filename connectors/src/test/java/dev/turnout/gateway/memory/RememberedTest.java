package dev.turnout.gateway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RememberedTest {

  @Test
  void shouldForgetTheOldestBeyondTheNumber() {
    Remembered<Integer> remembered = new Remembered<>(3, Long.MAX_VALUE);

    for (int i = 0; i < 10; i++) {
      remembered.put("q" + i, i, 1);
    }

    assertThat(remembered.of("q6")).isEmpty();
    assertThat(remembered.of("q7")).contains(7);
    assertThat(remembered.of("q9")).contains(9);
  }

  @Test
  void shouldForgetTheOldestBeyondTheWeight() {
    // given
    Remembered<Integer> remembered = new Remembered<>(100, 10);
    remembered.put("small", 1, 4);
    remembered.put("newer", 2, 4);

    // when
    remembered.put("large", 3, 6);

    // then
    assertThat(remembered.of("small")).isEmpty();
    assertThat(remembered.of("newer")).contains(2);
    assertThat(remembered.of("large")).contains(3);
  }

  @Test
  void shouldNotKeepWhatIsTooHeavyByItself() {
    Remembered<Integer> remembered = new Remembered<>(100, 10);

    remembered.put("huge", 1, 11);
    remembered.put("small", 2, 10);

    assertThat(remembered.of("huge")).isEmpty();
    assertThat(remembered.of("small")).contains(2);
  }

  @Test
  void shouldWeighAQueryOnce() {
    // given
    Remembered<Integer> remembered = new Remembered<>(100, 10);
    remembered.put("other", 0, 5);

    // when
    for (int i = 1; i <= 10; i++) {
      remembered.put("again", i, 5);
    }
    remembered.forget("again");
    remembered.put("third", 3, 5);

    // then
    assertThat(remembered.of("other")).contains(0);
    assertThat(remembered.of("again")).isEmpty();
    assertThat(remembered.of("third")).contains(3);
  }
}
