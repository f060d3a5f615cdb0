package dev.turnout.app.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory that goes when its user goes. */
public final class TemporaryDirectory {

  private static final Logger LOG = LoggerFactory.getLogger(TemporaryDirectory.class);

  private TemporaryDirectory() {}

  /**
   * Makes one.
   *
   * @throws UncheckedIOException if there is no room for it
   */
  public static Path create(String prefix) {
    try {
      return Files.createTempDirectory(prefix);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no temporary directory can be made; is there room in java.io.tmpdir?", e);
    }
  }

  /** Deletes the directory with all it holds; what cannot be deleted stays. */
  public static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.atWarn()
          .setMessage("temporary directory stays behind")
          .addKeyValue("directory", directory)
          .setCause(e)
          .log();
    }
  }
}
