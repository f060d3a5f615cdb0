package dev.turnout.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.SettingValues;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterSettingsTest {

  private static RouterSettings settings(String key, String text) {
    return RouterSettings.from(SettingValues.of(Map.of(key, text)), "test");
  }

  @Test
  void shouldNameTheWrongKeyAndTheRemedy() {
    assertThatThrownBy(() -> settings("router.policy", "oracle"))
        .hasMessageContaining("router.policy is \"oracle\"")
        .hasMessageContaining("argmax");
    assertThatThrownBy(() -> settings("router.shadow-share", "1.5"))
        .hasMessageContaining("router.shadow-share is \"1.5\"");
    assertThatThrownBy(() -> settings("router.thompson-temper", "-1"))
        .hasMessageContaining("router.thompson-temper is \"-1\"");
    assertThatThrownBy(() -> settings("topics.prefix", "a b"))
        .hasMessageContaining("topics.prefix is \"a b\"");
  }

  @Test
  void shouldLeaveToThePolicyWhatIsNotSet() {
    // when
    RouterSettings settings = settings("router.id", "r");

    // then
    assertThat(settings.explorationFloor()).isNaN();
    assertThat(settings.fallbackLlm()).isNull();
  }
}
