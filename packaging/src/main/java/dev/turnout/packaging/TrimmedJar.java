package dev.turnout.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A library without what its image never loads. The same library gives the same bytes: entries keep
 * their order, and their time is one for all.
 */
final class TrimmedJar {
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private TrimmedJar() {}

  /**
   * Copies a library; one that has nothing to leave out is copied as it is.
   *
   * @param platform machine code of others stays behind
   * @throws PackagingException if there is machine code, but none for the platform
   */
  static void copy(Path from, Path to, Platform platform) {
    try (ZipFile jar = new ZipFile(from.toFile())) {
      List<String> natives =
          jar.stream().map(ZipEntry::getName).filter(Platform::isNative).toList();
      if (natives.stream().allMatch(platform::loads)) {
        Files.copy(from, to);
      } else if (natives.stream().noneMatch(platform::loads)) {
        throw new PackagingException(
            from.getFileName()
                + " has machine code, but none for linux/"
                + platform.architecture());
      } else {
        write(jar, to, entry -> !Platform.isNative(entry) || platform.loads(entry));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(ZipFile jar, Path to, Predicate<String> wanted) throws IOException {
    try (OutputStream file = Files.newOutputStream(to);
        ZipOutputStream copy = new ZipOutputStream(file)) {
      List<? extends ZipEntry> entries =
          jar.stream().filter(entry -> wanted.test(entry.getName())).toList();
      for (ZipEntry entry : entries) {
        ZipEntry written = new ZipEntry(entry.getName());
        written.setTimeLocal(TIME);
        copy.putNextEntry(written);
        try (InputStream content = jar.getInputStream(entry)) {
          content.transferTo(copy);
        }
        copy.closeEntry();
      }
    }
  }
}
