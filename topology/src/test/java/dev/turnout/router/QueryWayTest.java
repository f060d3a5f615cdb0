package dev.turnout.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of files that one query passes, as docs/architecture.md has it, against the tree. */
class QueryWayTest {
  private static final Path ROUTER = Path.of("src/main/java/dev/turnout/router");
  private static final Pattern STEP = Pattern.compile("(?m)^\\d+\\. `([\\w/]+\\.java)`");

  /** In a room, but not on the way: set-up, commits, and what is told besides. */
  private static final List<String> BESIDE =
      List.of(
          "encode/PollSize.java",
          "decide/CandidateRow.java",
          "emit/AddressedReply.java",
          "emit/CommitPace.java",
          "emit/DecisionSpan.java");

  private static List<String> way() throws IOException {
    return STEP.matcher(Files.readString(Path.of("../docs/architecture.md")))
        .results()
        .map(step -> step.group(1))
        .toList();
  }

  @Test
  void shouldPassAtMostTwentyFilesFromPolledRecordToDecision() throws IOException {
    assertThat(way()).hasSizeBetween(10, 20).doesNotHaveDuplicates();
  }

  @Test
  void shouldNameEveryFileOfTheRooms() throws IOException {
    // given
    List<String> way = way();

    // when
    List<String> rooms;
    try (Stream<Path> files = Files.walk(ROUTER, 2)) {
      rooms =
          files
              .map(file -> ROUTER.relativize(file).toString().replace('\\', '/'))
              .filter(file -> file.matches("\\w+/\\w+\\.java"))
              .toList();
    }

    // then
    assertThat(way).allSatisfy(file -> assertThat(ROUTER.resolve(file)).isRegularFile());
    assertThat(rooms).filteredOn(file -> !BESIDE.contains(file)).isSubsetOf(way);
  }
}
