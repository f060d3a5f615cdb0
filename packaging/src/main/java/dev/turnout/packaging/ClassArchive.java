package dev.turnout.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Class data sharing: the classes that roles load, parsed and verified while the image is built.
 *
 * <p>Java 17 does not write the same archive twice (the order of what it lays down hangs on
 * addresses), so this is the one file of an image that a second build does not repeat; given the
 * archive of the first, it repeats the image to the byte.
 */
final class ClassArchive {
  static final String NAME = "turnout.jsa";

  /** As Jib sets it in images; an archive is valid only for libraries of the same time. */
  private static final FileTime TIME = FileTime.from(Instant.ofEpochSecond(1));

  private static final String OWN = "dev.turnout.";

  private ClassArchive() {}

  /**
   * Writes the archive beside the program.
   *
   * @param program the folder as it will lie in the image
   */
  static void create(BaseImage base, Path program, Path work) {
    try {
      for (Path library : libraries(program)) {
        Files.setLastModifiedTime(library, TIME);
      }
      Path list = Files.write(work.resolve("classes.txt"), classes(program));
      Path log = work.resolve("classes.log");
      Process dump =
          new ProcessBuilder(
                  base.java().toAbsolutePath().toString(),
                  "-Xshare:dump",
                  "-Xmx1g",
                  "-XX:+UseG1GC",
                  "-XX:SharedClassListFile=" + list.toAbsolutePath(),
                  "-XX:SharedArchiveFile=" + program.resolve(NAME).toAbsolutePath(),
                  "-cp",
                  "turnout.jar")
              .directory(program.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (dump.waitFor() != 0 || !Files.exists(program.resolve(NAME))) {
        throw new PackagingException(
            "no archive of classes was made; "
                + log
                + " says why, and -Dimage.classes=none does"
                + " without");
      }
      program.resolve(NAME).toFile().setReadable(true, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PackagingException("interrupted");
    }
  }

  private static List<Path> libraries(Path program) {
    return Stream.concat(
            Stream.of(program.resolve("turnout.jar")),
            ProgramFolder.files(program.resolve("lib")).stream())
        .toList();
  }

  /** Every class of the packages that roles use much, and all of the program's own. */
  private static Set<String> classes(Path program) throws IOException {
    Set<String> packages = packages();
    Set<String> classes = new TreeSet<>();
    try (FileSystem runtime = FileSystems.newFileSystem(URI.create("jrt:/"), Map.of());
        Stream<Path> files = Files.walk(runtime.getPath("/modules"))) {
      files
          .filter(file -> file.getNameCount() > 2)
          .map(file -> file.subpath(2, file.getNameCount()).toString())
          .filter(file -> isWanted(file, packages))
          .forEach(file -> classes.add(name(file)));
    }
    for (Path library : libraries(program)) {
      try (ZipFile jar = new ZipFile(library.toFile())) {
        jar.stream()
            .map(ZipEntry::getName)
            .filter(file -> isWanted(file, packages))
            .forEach(file -> classes.add(name(file)));
      }
    }
    return classes;
  }

  private static String name(String file) {
    return file.substring(0, file.length() - ".class".length());
  }

  private static boolean isWanted(String file, Set<String> packages) {
    int end = file.lastIndexOf('/');
    if (end < 0 || !file.endsWith(".class")) {
      return false;
    }
    String name = file.substring(0, end).replace('/', '.');
    return packages.contains(name) || (name + ".").startsWith(OWN);
  }

  private static Set<String> packages() throws IOException {
    try (InputStream list = ClassArchive.class.getResourceAsStream("packages.txt")) {
      if (list == null) {
        throw new PackagingException("packages.txt is missing");
      }
      return new String(list.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .collect(Collectors.toSet());
    }
  }
}
