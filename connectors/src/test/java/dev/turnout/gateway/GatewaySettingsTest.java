package dev.turnout.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.ConfigException;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.SettingValues;
import dev.turnout.topic.TopicCatalogue;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewaySettingsTest {

  private static GatewaySettings settings(String aliases) {
    Map<String, String> texts =
        ConnectionSettings.texts("localhost:1", "http://localhost:1", TopicCatalogue.standard());
    texts.put("gateway.aliases", aliases);
    return GatewaySettings.from(SettingValues.of(texts));
  }

  @Test
  void shouldReadAliases() {
    assertThat(settings("gpt-4o=auto, fast = acme/small").aliases())
        .isEqualTo(Map.of("gpt-4o", "auto", "fast", "acme/small"));
    assertThat(settings("").aliases()).isEmpty();
  }

  @Test
  void shouldRefuseAliasesThatMeanNothing() {
    assertThatThrownBy(() -> settings("gpt-4o"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("gateway.aliases")
        .hasMessageContaining("name=model");
    assertThatThrownBy(() -> settings("a=b,b=auto")).hasMessageContaining("alias itself");
  }
}
