package dev.turnout.lab.eval;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds the recorded outcomes that are not part of the project. */
final class SharedData {
  private SharedData() {}

  /** The folder; the test is skipped with a message where it is missing. */
  static Path folder(String name) {
    Path folder = find(name);
    assumeTrue(
        folder != null,
        "skipped: no folder shared/data/"
            + name
            + " beside the project; TURNOUT_SHARED may name it");
    return Objects.requireNonNull(folder);
  }

  private static @Nullable Path find(String name) {
    String named = System.getProperty("turnout.shared", System.getenv("TURNOUT_SHARED"));
    if (named != null) {
      Path folder = Path.of(named, "data", name);
      return Files.isDirectory(folder) ? folder : null;
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path folder = at.resolve("shared/data").resolve(name);
      if (Files.isDirectory(folder)) {
        return folder;
      }
    }
    return null;
  }
}
