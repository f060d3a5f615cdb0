package dev.turnout.kafka;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory for the state stores of one Kafka Streams client, which no other process uses while
 * this one has it.
 *
 * <p>All that lies there is kept in Kafka too, as changelogs: what is lost is restored at the next
 * start, which takes time and nothing else. So unless somebody chooses, it lies below the user's
 * own directory for state, {@code $XDG_STATE_HOME/turnout}, by default {@code
 * ~/.local/state/turnout}, and not in the system's temporary directory, which is emptied under a
 * process that runs for weeks. There each process of an application id on this machine takes the
 * first directory, 0, 1 and so on, that is free, and mostly the one that it had before.
 */
public final class StateDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StateDirectory.class);
  private static final int MOST_PROCESSES = 1_000;

  private final Path path;
  private final FileChannel lockFile;

  private StateDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Takes a directory until it is closed or the process ends.
   *
   * @param chosen where; empty for one of its own below the user's directory for state
   * @param applicationId of the Kafka Streams client
   * @param key of the setting that chooses, for messages
   * @throws KafkaException if the chosen one is in use or cannot be written
   */
  public static StateDirectory take(String chosen, String applicationId, String key) {
    return take(chosen, applicationId, key, System.getenv(), System.getProperty("user.home", ""));
  }

  static StateDirectory take(
      String chosen,
      String applicationId,
      String key,
      Map<String, String> environment,
      String home) {
    if (!chosen.isEmpty()) {
      StateDirectory taken = taken(Path.of(chosen), applicationId, key);
      if (taken == null) {
        throw new KafkaException(
            key
                + ": "
                + chosen
                + " is used by another process of the same application id, "
                + applicationId
                + "; give each on this machine a directory of its own, or set none and each takes"
                + " one");
      }
      return taken;
    }
    Path base = base(environment, home, key);
    for (int i = 0; i < MOST_PROCESSES; i++) {
      StateDirectory taken = taken(base.resolve(Integer.toString(i)), applicationId, key);
      if (taken != null) {
        return taken;
      }
    }
    throw new KafkaException(
        key + ": all directories below " + base + " are in use; set one of its own");
  }

  private static Path base(Map<String, String> environment, String home, String key) {
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    Path wanted =
        (state.isBlank() ? Path.of(home, ".local", "state") : Path.of(state)).resolve("turnout");
    try {
      // a user without a home may have "?" for one
      if (wanted.isAbsolute() && Files.isWritable(Files.createDirectories(wanted))) {
        return wanted;
      }
    } catch (IOException unwritable) {
      LOG.atDebug().setMessage("no directory for state").setCause(unwritable).log();
    }
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"), "turnout-state");
    LOG.atWarn()
        .setMessage(
            "state lies in the temporary directory, since the user has none that can be written;"
                + " should the system empty it, the stores fail and are restored at the next"
                + " start. Set "
                + key)
        .addKeyValue("directory", temporary)
        .addKeyValue("unwritable", wanted)
        .log();
    return temporary;
  }

  /** Null if another process has it. */
  private static @Nullable StateDirectory taken(Path directory, String applicationId, String key) {
    FileChannel file = null;
    try {
      Files.createDirectories(directory);
      file =
          FileChannel.open(
              directory.resolve("." + applicationId + ".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      FileLock lock = file.tryLock();
      if (lock == null) {
        file.close();
        return null;
      }
      return new StateDirectory(directory, file);
    } catch (OverlappingFileLockException thisProcess) {
      closed(file);
      return null;
    } catch (IOException e) {
      closed(file);
      throw new KafkaException(
          key + ": " + directory + " cannot be used for state: " + e + "; set another directory",
          e);
    }
  }

  private static void closed(@Nullable FileChannel file) {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      LOG.atDebug().setMessage("lock file does not close").setCause(e).log();
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Lets others take it. */
  @Override
  public void close() {
    closed(lockFile);
  }
}
