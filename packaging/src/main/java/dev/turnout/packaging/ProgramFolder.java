package dev.turnout.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The program and its libraries, laid out on disk as they will lie where they run. */
final class ProgramFolder {
  private ProgramFolder() {}

  /**
   * Lays the folder out anew: {@code turnout.jar} and {@code lib/}.
   *
   * @param program holds {@code turnout.jar} and {@code lib/} with every library
   * @param wanted which libraries to take, by file name
   */
  static void layOut(Path program, Path folder, Platform platform, Predicate<String> wanted) {
    delete(folder);
    try {
      Path lib = Files.createDirectories(folder.resolve("lib"));
      Files.copy(program.resolve("turnout.jar"), folder.resolve("turnout.jar"));
      for (Path library : files(program.resolve("lib"))) {
        String name = library.getFileName().toString();
        if (wanted.test(name)) {
          TrimmedJar.copy(library, lib.resolve(name), platform);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What lies in a folder, by name; nothing where there is none. */
  static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted(Comparator.comparing(file -> file.getFileName().toString())).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes of all files below a folder. */
  static long size(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a folder with all that is in it. */
  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
