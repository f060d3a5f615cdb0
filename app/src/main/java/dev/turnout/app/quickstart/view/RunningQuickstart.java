package dev.turnout.app.quickstart.view;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a running quickstart is to be found, left in a small file of its own so that commands in
 * another terminal need no addresses. Where several run, commands take the one started last.
 *
 * @param pid process id, to tell a file left behind from a live one
 */
public record RunningQuickstart(
    long pid, String bootstrapServers, String registryUrl, String topicPrefix) {

  private static final Logger LOG = LoggerFactory.getLogger(RunningQuickstart.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Note(FileTime written, Path file, RunningQuickstart quickstart) {
    boolean isAlive() {
      return ProcessHandle.of(quickstart.pid()).filter(ProcessHandle::isAlive).isPresent();
    }
  }

  /** {@code $XDG_CACHE_HOME/turnout}, by default below {@code ~/.cache}. */
  static Path folder(Map<String, String> environment, String home) {
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path base = cache.isBlank() ? Path.of(home, ".cache") : Path.of(cache);
    return base.resolve("turnout");
  }

  private static Path folder() {
    return folder(System.getenv(), System.getProperty("user.home", "."));
  }

  /** The quickstart started last of those that run on this machine for this user. */
  public static Optional<RunningQuickstart> find() {
    return find(folder());
  }

  static Optional<RunningQuickstart> find(Path folder) {
    return notes(folder).stream()
        .filter(Note::isAlive)
        .max(Comparator.comparing(Note::written))
        .map(Note::quickstart);
  }

  /** Leaves the file and clears away those of the dead; failing to is no reason to stop. */
  public void announce() {
    announce(folder());
  }

  void announce(Path folder) {
    try {
      Files.createDirectories(folder);
      JSON.writeValue(file(folder).toFile(), this);
    } catch (IOException e) {
      LOG.atWarn()
          .setMessage("address cannot be left: other commands need --bootstrap and --registry")
          .addKeyValue("file", file(folder))
          .setCause(e)
          .log();
    }
    notes(folder).stream().filter(note -> !note.isAlive()).forEach(note -> delete(note.file()));
  }

  /** Removes the file. */
  public void retract() {
    retract(folder());
  }

  void retract(Path folder) {
    delete(file(folder));
  }

  private Path file(Path folder) {
    return folder.resolve("quickstart-" + pid + ".json");
  }

  private static List<Note> notes(Path folder) {
    List<Note> notes = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return notes;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "quickstart-*.json")) {
      for (Path file : files) {
        note(file).ifPresent(notes::add);
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.atDebug()
          .setMessage("folder cannot be listed")
          .addKeyValue("folder", folder)
          .setCause(e)
          .log();
    }
    return notes;
  }

  private static Optional<Note> note(Path file) {
    try {
      return Optional.of(
          new Note(
              Files.getLastModifiedTime(file),
              file,
              JSON.readValue(file.toFile(), RunningQuickstart.class)));
    } catch (IOException e) {
      LOG.atDebug()
          .setMessage("address cannot be read and is ignored")
          .addKeyValue("file", file)
          .setCause(e)
          .log();
      return Optional.empty();
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.atDebug()
          .setMessage("address cannot be deleted")
          .addKeyValue("file", file)
          .setCause(e)
          .log();
    }
  }
}
