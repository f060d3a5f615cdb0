package dev.turnout.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.ConfigException;
import dev.turnout.learner.LearnerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnerSettingsTest {
  @TempDir Path dir;

  private LearnerSettings settings(String yaml) throws IOException {
    Path file = Files.writeString(dir.resolve("t.yaml"), yaml);
    return LearnerSettings.from(Configuration.read(file, Map.of(), Map.of()));
  }

  @Test
  void shouldTakeGateStagesAndRollBackFromTheFile() throws IOException {
    // when
    LearnerSettings settings =
        settings(
            """
            learner:
              stages: [shadow, 0.1, 1]
              stage-grades: 500
              gate-margin: 0.02
              gate-confidence: 0.9
              rollback: false
              rollback-margin: 0.05
              half-life: 5000
              training-limit: 30s
            """);

    // then
    assertThat(settings.stages().shares()).isEqualTo(List.of(0.0, 0.1, 1.0));
    assertThat(settings.stages().grades()).isEqualTo(500);
    assertThat(settings.gate().margin()).isEqualTo(0.02);
    assertThat(settings.gate().confidence()).isEqualTo(0.9);
    assertThat(settings.rollback().watchesPromoted()).isFalse();
    assertThat(settings.rollback().margin()).isEqualTo(0.05);
    assertThat(settings.learning().halfLife()).isEqualTo(5_000);
    assertThat(settings.trainingLimit()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void shouldRefuseStagesThatDoNotClimbAndAWatchThatIsTooShort() {
    assertThatThrownBy(() -> settings("learner: {stages: '0.5, 0.1, 1'}\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("learner.stages is \"0.5, 0.1, 1\", expected rising stages");
    assertThatThrownBy(() -> settings("learner: {stages: 'shadow, 0.1'}\n"))
        .hasMessageContaining("learner.stages");
    assertThatThrownBy(() -> settings("learner: {rollback-fewest: 100, rollback-watch: 50}\n"))
        .hasMessageContaining("learner.rollback-watch")
        .hasMessageContaining("less than learner.rollback-fewest");
  }
}
