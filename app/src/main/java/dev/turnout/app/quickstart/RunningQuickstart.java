package dev.turnout.app.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a running quickstart is to be found, left in a small file so that commands in another
 * terminal need no addresses.
 *
 * @param pid process id, to tell a file left behind from a live one
 */
public record RunningQuickstart(
    long pid, String bootstrapServers, String registryUrl, String topicPrefix) {

  private static final Logger LOG = LoggerFactory.getLogger(RunningQuickstart.class);

  /** {@code $XDG_CACHE_HOME/turnout/quickstart.json}, by default below {@code ~/.cache}. */
  static Path file(Map<String, String> environment, String home) {
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path base = cache.isBlank() ? Path.of(home, ".cache") : Path.of(cache);
    return base.resolve("turnout").resolve("quickstart.json");
  }

  private static Path file() {
    return file(System.getenv(), System.getProperty("user.home", "."));
  }

  /** The quickstart that runs on this machine for this user, if one does. */
  public static Optional<RunningQuickstart> find() {
    Path file = file();
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    try {
      RunningQuickstart found =
          new ObjectMapper().readValue(file.toFile(), RunningQuickstart.class);
      return ProcessHandle.of(found.pid()).filter(ProcessHandle::isAlive).map(alive -> found);
    } catch (IOException e) {
      LOG.debug("{} is not readable and ignored", file, e);
      return Optional.empty();
    }
  }

  /** Leaves the file; failing to is no reason to stop. */
  void announce() {
    Path file = file();
    try {
      Files.createDirectories(file.getParent());
      new ObjectMapper().writeValue(file.toFile(), this);
    } catch (IOException e) {
      LOG.warn("{} cannot be written: other commands need --bootstrap and --registry", file, e);
    }
  }

  /** Removes the file if it is still ours. */
  void retract() {
    find()
        .filter(found -> found.pid() == pid)
        .ifPresent(
            found -> {
              try {
                Files.deleteIfExists(file());
              } catch (IOException e) {
                LOG.debug("{} cannot be deleted", file(), e);
              }
            });
  }
}
