package dev.turnout.app.quickstart.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentValuesTest {

  @Test
  void shouldForgetWhatIsOlderThanItsSize() {
    // given
    RecentValues values = new RecentValues(3);

    // when
    for (int i = 1; i <= 5; i++) {
      values.add(i);
    }

    // then
    assertThat(values.size()).isEqualTo(3);
    assertThat(values.mean()).isEqualTo(4);
    assertThat(values.percentile(0)).isEqualTo(3);
    assertThat(values.percentile(50)).isEqualTo(4);
    assertThat(values.percentile(100)).isEqualTo(5);
  }

  @Test
  void shouldHaveNoMeanWhileEmpty() {
    assertThat(new RecentValues(3).mean()).isNaN();
    assertThat(new RecentValues(3).percentile(99)).isNaN();
  }
}
