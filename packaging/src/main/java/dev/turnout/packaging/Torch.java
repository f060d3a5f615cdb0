package dev.turnout.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * PyTorch's own libraries, unpacked: DJL would unpack 450 MB into every container's /tmp.
 *
 * @param source DJL's archive of them, or a folder that holds them
 * @param version of PyTorch, e.g. {@code 2.7.1}
 * @param flavor in DJL's words, e.g. {@code cpu} or {@code cu128}
 */
record Torch(Path source, String version, String flavor) {
  private static final String PART = "pytorch-";
  private static final String NATIVE = "pytorch-native-";

  /** Whether a library of the program is DJL's PyTorch. */
  static boolean isPart(String library) {
    return library.startsWith(PART);
  }

  /** Whether it is the archive that is unpacked, and so not needed itself. */
  static boolean isNative(String library) {
    return library.startsWith(NATIVE);
  }

  /** What DJL reads to find them. */
  Map<String, String> environment(String folder) {
    return Map.of(
        "PYTORCH_LIBRARY_PATH", folder, "PYTORCH_VERSION", version, "PYTORCH_FLAVOR", flavor);
  }

  void unpack(Path folder) throws IOException {
    if (Files.isDirectory(source)) {
      try (Stream<Path> files = Files.list(source)) {
        for (Path file : files.filter(name -> Platform.isNative(name.toString())).toList()) {
          Files.copy(file, folder.resolve(file.getFileName()));
        }
      }
    } else {
      try (ZipFile archive = new ZipFile(source.toFile())) {
        archive.stream()
            .filter(entry -> Platform.isNative(entry.getName()))
            .forEach(entry -> unpack(archive, entry, folder));
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      if (files.findAny().isEmpty()) {
        throw new PackagingException(source + " holds no library of PyTorch");
      }
    }
  }

  private static void unpack(ZipFile archive, ZipEntry entry, Path folder) {
    try (InputStream content = archive.getInputStream(entry)) {
      Files.copy(content, folder.resolve(Path.of(entry.getName()).getFileName()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
