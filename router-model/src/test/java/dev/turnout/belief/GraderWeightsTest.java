package dev.turnout.belief;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GraderWeightsTest {

  @Test
  void shouldWeighByTheFirstRuleThatNamesAGrader() {
    GraderWeights weights = GraderWeights.parse("implicit-chat=0.3, implicit*=0.1, a=b=0.5,mute=0");

    assertThat(weights.of("implicit-chat")).isEqualTo(0.3);
    assertThat(weights.of("implicit")).isEqualTo(0.1);
    assertThat(weights.of("implicit-code")).isEqualTo(0.1);
    assertThat(weights.of("a=b")).isEqualTo(0.5);
    assertThat(weights.of("mute")).isZero();
    assertThat(weights.of("judge")).isEqualTo(1);
    assertThat(GraderWeights.parse(weights.toString())).isEqualTo(weights);
    assertThat(GraderWeights.NONE.of("implicit")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "judge", "judge=", "=1", "judge=2", "judge=-1", "judge=NaN", "a=1,"})
  void shouldRefuseWhatIsNoWeight(String text) {
    assertThatThrownBy(() -> GraderWeights.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
