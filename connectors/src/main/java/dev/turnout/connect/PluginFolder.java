package dev.turnout.connect;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The folder by which a Connect worker finds Turnout's connectors and its converter: the jars that
 * hold them and what they need, out of those that this program runs with. What a worker brings
 * itself, Kafka's classes and the logging API, is not among them.
 */
public final class PluginFolder {

  /** Something out of each jar. */
  private static final List<String> NEEDED =
      List.of(
          "dev/turnout/connect/PluginFolder.class",
          "META-INF/services/org.apache.kafka.connect.sink.SinkConnector",
          "dev/turnout/schema/Query.class",
          "dev/turnout/serde/AvroSerdes.class",
          "org/apache/avro/Schema.class",
          "com/fasterxml/jackson/core/JsonFactory.class",
          "com/fasterxml/jackson/databind/ObjectMapper.class",
          "com/fasterxml/jackson/annotation/JsonProperty.class",
          "com/github/benmanes/caffeine/cache/Caffeine.class",
          "dev/failsafe/Failsafe.class",
          "org/apache/commons/csv/CSVFormat.class",
          "org/apache/commons/io/IOUtils.class",
          "org/apache/commons/codec/binary/Base64.class",
          "org/apache/parquet/avro/AvroParquetWriter.class",
          "org/apache/parquet/hadoop/ParquetWriter.class",
          "org/apache/parquet/column/ColumnDescriptor.class",
          "org/apache/parquet/column/values/bitpacking/ByteBitPackingLE.class",
          "org/apache/parquet/Preconditions.class",
          "org/apache/parquet/format/Util.class",
          "org/apache/parquet/variant/Variant.class",
          "shaded/parquet/com/fasterxml/jackson/databind/ObjectMapper.class",
          "org/locationtech/jts/io/ParseException.class",
          "com/github/luben/zstd/Zstd.class",
          "org/jspecify/annotations/Nullable.class");

  private PluginFolder() {}

  /**
   * Writes the folder; files of the same names are replaced.
   *
   * @return the files that are in it
   * @throws IllegalStateException if this program lacks a library, naming it
   * @throws UncheckedIOException if the folder cannot be written
   */
  public static List<Path> write(Path folder) {
    Set<Path> roots = new LinkedHashSet<>();
    NEEDED.forEach(name -> roots.add(root(name)));
    List<Path> written = new ArrayList<>();
    try {
      Files.createDirectories(folder);
      for (Path root : roots) {
        if (Files.isDirectory(root)) {
          Path jar = folder.resolve("turnout-classes-" + written.size() + ".jar");
          pack(root, jar);
          written.add(jar);
        } else {
          Path jar = folder.resolve(root.getFileName().toString());
          Files.copy(root, jar, StandardCopyOption.REPLACE_EXISTING);
          written.add(jar);
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException("the plugin folder " + folder + " cannot be written", failed);
    }
    return written;
  }

  /** The jar or folder that something on the class path lies in. */
  private static Path root(String name) {
    URL found = PluginFolder.class.getClassLoader().getResource(name);
    if (found == null) {
      throw new IllegalStateException(
          name + " is not on the class path; take the connectors from a whole release of Turnout");
    }
    try {
      URLConnection connection = found.openConnection();
      if (connection instanceof JarURLConnection jar) {
        return Path.of(jar.getJarFileURL().toURI());
      }
      Path within = Path.of(name);
      String path = Path.of(found.toURI()).toString();
      return Path.of(path.substring(0, path.length() - within.toString().length()));
    } catch (IOException | URISyntaxException odd) {
      throw new IllegalStateException(found + " leads to no file", odd);
    }
  }

  /** Classes that no jar holds yet, as in a build. */
  private static void pack(Path root, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file);
        Stream<Path> all = Files.walk(root)) {
      for (Path each : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        zip.putNextEntry(new ZipEntry(root.relativize(each).toString()));
        Files.copy(each, zip);
        zip.closeEntry();
      }
    }
  }
}
