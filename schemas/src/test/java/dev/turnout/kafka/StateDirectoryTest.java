package dev.turnout.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
  private static final String KEY = "learner.state-dir";

  @TempDir Path dir;

  private StateDirectory take(String applicationId) {
    return StateDirectory.take("", applicationId, KEY, Map.of(), dir.toString());
  }

  @Test
  void shouldGiveEachProcessOfAnApplicationIdADirectoryOfItsOwn() {
    try (StateDirectory first = take("a");
        StateDirectory second = take("a");
        StateDirectory other = take("b")) {
      Path base = dir.resolve(".local/state/turnout");
      assertThat(first.path()).isEqualTo(base.resolve("0"));
      assertThat(second.path()).isEqualTo(base.resolve("1"));
      // Kafka Streams puts a directory of the application id below it
      assertThat(other.path()).isEqualTo(base.resolve("0"));
    }
  }

  @Test
  void shouldTakeTheDirectoryAgainThatWasFreed() {
    // given
    take("a").close();

    // when
    try (StateDirectory again = take("a")) {
      // then
      assertThat(again.path()).hasFileName("0");
    }
  }

  @Test
  void shouldHeedXdgStateHome() {
    Map<String, String> environment = Map.of("XDG_STATE_HOME", dir.resolve("xdg").toString());
    try (StateDirectory taken = StateDirectory.take("", "a", KEY, environment, "/nowhere")) {
      assertThat(taken.path()).isEqualTo(dir.resolve("xdg/turnout/0"));
    }
  }

  @Test
  void shouldNameTheKeyWhenTheChosenOneIsInUse() {
    String chosen = dir.resolve("chosen").toString();
    try (StateDirectory taken = StateDirectory.take(chosen, "a", KEY, Map.of(), "")) {
      assertThat(taken.path()).isEqualTo(Path.of(chosen));
      assertThatThrownBy(() -> StateDirectory.take(chosen, "a", KEY, Map.of(), ""))
          .hasMessageContaining("learner.state-dir: " + chosen)
          .hasMessageContaining("used by another process of the same application id, a");
    }
  }

  @Test
  void shouldNameTheKeyWhenTheChosenOneCannotBeWritten() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "no directory");
    assertThatThrownBy(() -> StateDirectory.take(file.toString(), "a", KEY, Map.of(), ""))
        .hasMessageContaining("learner.state-dir: " + file)
        .hasMessageContaining("set another directory");
  }

  @Test
  void shouldFallBackToTheTemporaryDirectoryWithoutAHome() {
    try (StateDirectory taken = StateDirectory.take("", "no-home", KEY, Map.of(), "?")) {
      assertThat(taken.path().getParent())
          .isEqualTo(Path.of(System.getProperty("java.io.tmpdir"), "turnout-state"));
    }
  }
}
