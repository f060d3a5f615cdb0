package dev.turnout.app.quickstart.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.app.quickstart.scenario.StreamIds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningQuickstartTest {

  private static final long DEAD = Long.MAX_VALUE;

  @TempDir private Path folder;

  @Test
  void shouldLieInTheUsersCache() {
    assertThat(RunningQuickstart.folder(Map.of(), "/home/u"))
        .isEqualTo(Path.of("/home/u/.cache/turnout"));
    assertThat(RunningQuickstart.folder(Map.of("XDG_CACHE_HOME", "/c"), "/home/u"))
        .isEqualTo(Path.of("/c/turnout"));
  }

  @Test
  void shouldFindTheNewestThatIsAlive() throws Exception {
    // given
    Process other = new ProcessBuilder("sleep", "60").start();
    try {
      RunningQuickstart older = quickstart(other.pid());
      RunningQuickstart newer = quickstart(ProcessHandle.current().pid());
      older.announce(folder);
      newer.announce(folder);
      age(older, 2);
      age(newer, 1);
      Files.writeString(folder.resolve("quickstart-7.json"), "cut sho");

      // then
      assertThat(RunningQuickstart.find(folder)).hasValue(newer);

      // and when it ends, the other is still found
      newer.retract(folder);
      assertThat(RunningQuickstart.find(folder)).hasValue(older);
    } finally {
      other.destroyForcibly().waitFor();
    }

    // and one that died without a word is not
    assertThat(RunningQuickstart.find(folder)).isEmpty();
  }

  @Test
  void shouldClearAwayWhatTheDeadLeft() {
    // given
    quickstart(DEAD).announce(folder);
    RunningQuickstart living = quickstart(ProcessHandle.current().pid());

    // when
    living.announce(folder);

    // then
    assertThat(folder.toFile().list()).containsExactly("quickstart-" + living.pid() + ".json");
  }

  @Test
  void shouldFindNothingWhereNoneEverRan() {
    assertThat(RunningQuickstart.find(folder.resolve("none"))).isEmpty();
  }

  private static RunningQuickstart quickstart(long pid) {
    return new RunningQuickstart(pid, "localhost:" + pid, "http://localhost:8081", "turnout.");
  }

  private void age(RunningQuickstart quickstart, int minutes) throws Exception {
    Files.setLastModifiedTime(
        folder.resolve("quickstart-" + quickstart.pid() + ".json"),
        FileTime.from(Instant.now().minus(Duration.ofMinutes(minutes))));
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
