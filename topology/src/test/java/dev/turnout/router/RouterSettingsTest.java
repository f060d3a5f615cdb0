package dev.turnout.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterSettingsTest {

  @Test
  void shouldHaveTheseDefaults() {
    RouterSettings settings = RouterSettings.builder("localhost:9092").routerId("r").build();
    assertThat(settings.applicationId()).isEqualTo("turnout-router");
    assertThat(settings.guarantee()).isEqualTo(ProcessingGuarantee.EXACTLY_ONCE);
    assertThat(settings.groupProtocol()).isEqualTo(GroupProtocol.CLASSIC);
    assertThat(settings.threads()).isEqualTo(1);
    assertThat(settings.pollRecords()).isZero();
    assertThat(settings.transactionTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(settings.policy()).isEqualTo("argmax");
    assertThat(settings.costWeight()).isZero();
    assertThat(settings.latencyWeight()).isZero();
    assertThat(settings.explorationFloor()).isNaN();
    assertThat(settings.thompsonTemper()).isEqualTo(1);
    assertThat(settings.shadowShare()).isZero();
    assertThat(settings.fallbackLlm()).isNull();
    assertThat(settings.maxTextBytes()).isEqualTo(1_048_576);
    assertThat(settings.threadReplacements()).isEqualTo(5);
  }

  @Test
  void shouldNameTheWrongSettingAndTheRemedy() {
    assertThatThrownBy(() -> RouterSettings.builder("b:1").policy("oracle").build())
        .hasMessageContaining("oracle")
        .hasMessageContaining("argmax");
    assertThatThrownBy(() -> RouterSettings.builder("b:1").shadowShare(1.5).build())
        .hasMessageContaining("shadowShare is 1.5");
    assertThatThrownBy(() -> RouterSettings.builder("b:1").thompsonTemper(-1).build())
        .hasMessageContaining("thompsonTemper is -1");
    assertThatThrownBy(() -> RouterSettings.builder(" ").build()).hasMessageContaining("host:port");
  }

  @Test
  void shouldKnowTheFloorOfATenant() {
    RouterSettings settings =
        RouterSettings.builder("b:1")
            .explorationFloor(0.03)
            .tenantExplorationFloors(Map.of("cautious", 0.0))
            .build();
    assertThat(settings.explorationFloorOf("cautious")).isZero();
    assertThat(settings.explorationFloorOf("other")).isEqualTo(0.03);
  }
}
