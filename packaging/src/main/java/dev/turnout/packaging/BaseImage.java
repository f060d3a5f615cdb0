package dev.turnout.packaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The Java runtime of an image, unpacked: an archive of classes is valid for that very runtime
 * only, so it is this one that makes it.
 *
 * @param java the runtime's {@code java}
 */
record BaseImage(Path java) {

  /**
   * Unpacks the runtime of an image.
   *
   * @param image as {@link ImageArchive} writes it
   * @throws PackagingException if the image says by no {@code JAVA_HOME} where its runtime is
   */
  static BaseImage unpack(Path image, Path folder) {
    ProgramFolder.delete(folder);
    try {
      Map<String, JsonNode> json = new LinkedHashMap<>();
      each(
          Files.newInputStream(image),
          (entry, content) -> {
            if (entry.getName().endsWith(".json")) {
              json.put(entry.getName(), new ObjectMapper().readTree(content.readAllBytes()));
            }
          });
      JsonNode manifest = json.getOrDefault("manifest.json", new ObjectMapper().nullNode()).path(0);
      String home = home(json.get(manifest.path("Config").asText()), image);
      String runtime = home.substring(1) + "/";
      for (JsonNode layer : manifest.path("Layers")) {
        each(
            Files.newInputStream(image),
            (entry, content) -> {
              if (entry.getName().equals(layer.asText())) {
                each(unzipped(content), (file, bytes) -> unpack(file, bytes, runtime, folder));
              }
            });
      }
      return new BaseImage(folder.resolve("bin/java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String home(@Nullable JsonNode config, Path image) {
    if (config != null) {
      for (JsonNode variable : config.path("config").path("Env")) {
        if (variable.asText().startsWith("JAVA_HOME=/")) {
          return variable.asText().substring("JAVA_HOME=".length());
        }
      }
    }
    throw new PackagingException(
        image
            + " does not say by JAVA_HOME where its Java is; -Dimage.classes=none does without"
            + " class data sharing");
  }

  private static void unpack(
      TarArchiveEntry entry, InputStream content, String runtime, Path folder) throws IOException {
    String name = entry.getName().startsWith("./") ? entry.getName().substring(2) : entry.getName();
    Path file = folder.resolve(name.startsWith(runtime) ? name.substring(runtime.length()) : ".");
    if (!name.startsWith(runtime) || entry.isDirectory() || !file.normalize().startsWith(folder)) {
      return;
    }
    Files.createDirectories(file.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
    } else if (entry.isFile()) {
      Files.copy(content, file);
      if ((entry.getMode() & 0100) != 0) {
        file.toFile().setExecutable(true);
      }
    }
  }

  /** Takes one file of an archive. */
  private interface Taker {
    void take(TarArchiveEntry entry, InputStream content) throws IOException;
  }

  private static void each(InputStream archive, Taker taker) throws IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(archive);
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      taker.take(entry, tar);
    }
  }

  private static InputStream unzipped(InputStream content) throws IOException {
    BufferedInputStream layer = new BufferedInputStream(content);
    layer.mark(2);
    boolean zipped = layer.read() == 0x1f && layer.read() == 0x8b;
    layer.reset();
    return zipped ? new GZIPInputStream(layer) : layer;
  }
}
