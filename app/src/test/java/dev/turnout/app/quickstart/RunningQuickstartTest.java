package dev.turnout.app.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunningQuickstartTest {

  @Test
  void shouldLieInTheUsersCache() {
    assertThat(RunningQuickstart.file(Map.of(), "/home/u"))
        .isEqualTo(Path.of("/home/u/.cache/turnout/quickstart.json"));
    assertThat(RunningQuickstart.file(Map.of("XDG_CACHE_HOME", "/c"), "/home/u"))
        .isEqualTo(Path.of("/c/turnout/quickstart.json"));
  }

  @Test
  void shouldKnowItsOwnIdsOnly() {
    // given
    StreamIds ids = new StreamIds("q1");

    // then
    assertThat(ids.position(ids.of(17))).hasValue(17);
    assertThat(ids.position("q10-000017")).isEmpty();
    assertThat(ids.position("q1-seventeen")).isEmpty();
    assertThat(ids.position("cli-1")).isEmpty();
  }
}
