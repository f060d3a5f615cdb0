package dev.turnout.packaging;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FileEntry;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;

/**
 * An image as one file, as {@code docker load} and containerd take it; no engine makes it. What
 * rarely changes lies in layers of its own, below what changes with every build.
 *
 * @param base {@code tar://FILE} or the name of an image in a registry
 * @param name with its tag, e.g. {@code turnout:1.0.0}
 * @param cache where base images are kept between builds
 */
record ImageArchive(String base, String name, dev.turnout.packaging.Platform platform, Path cache) {
  static final String HOME = "/opt/turnout";
  static final String STATE = "/var/lib/turnout";

  /** Whoever runs it: known to nobody, in no group. */
  private static final String USER = "65532:65532";

  static final Instant TIME = Instant.parse("2026-11-22T00:00:00Z");

  /**
   * Writes the image.
   *
   * @param program the folder that becomes {@link #HOME}
   * @param environment variables that whoever runs it may replace
   * @return the image's digest
   */
  String write(Path program, Map<String, String> environment, Path file) {
    JibContainerBuilder image =
        onBase()
            .setCreationTime(TIME)
            .setUser(USER)
            .setWorkingDirectory(AbsoluteUnixPath.get(HOME))
            .setEntrypoint(List.of("java", "@" + HOME + "/role.args"))
            .setProgramArguments(List.of("--help"))
            .setEnvironment(new TreeMap<>(environment));
    add(image, program, "lib", library -> !library.startsWith("turnout-"));
    add(image, program, "libtorch", library -> true);
    add(image, program, "lib", library -> library.startsWith("turnout-"));
    add(image, program, "", entry -> !entry.equals(ClassArchive.NAME));
    add(image, program, "", ClassArchive.NAME::equals);
    image.addFileEntriesLayer(stateFolder(program));
    return write(image, file);
  }

  /** Writes the base image alone. */
  void write(Path file) {
    write(onBase(), file);
  }

  private JibContainerBuilder onBase() {
    try {
      JibContainerBuilder image =
          base.startsWith(Jib.TAR_IMAGE_PREFIX)
              ? Jib.from(TarImage.at(Path.of(base.substring(Jib.TAR_IMAGE_PREFIX.length()))))
              : Jib.from(base);
      return image.setPlatforms(Set.of(new Platform(platform.architecture(), "linux")));
    } catch (InvalidImageReferenceException e) {
      throw new PackagingException("-Dimage.base=" + base + " is no image: " + e.getMessage(), e);
    }
  }

  private String write(JibContainerBuilder image, Path file) {
    Path layers = null;
    try {
      // not kept: layers are looked up by their files' names and times, and those of the program's
      // libraries are always the same, so that an image would get the libraries of the build before
      layers = Files.createTempDirectory("turnout-image");
      return image
          .containerize(
              Containerizer.to(TarImage.at(file).named(name))
                  .setBaseImageLayersCache(cache)
                  .setApplicationLayersCache(layers)
                  .setAlwaysCacheBaseImage(true)
                  .setToolName("turnout"))
          .getImageId()
          .toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PackagingException("interrupted");
    } catch (InvalidImageReferenceException
        | IOException
        | RegistryException
        | CacheDirectoryCreationException
        | ExecutionException e) {
      throw new PackagingException(
          name + ": " + e.getMessage() + "; another base image is chosen by -Dimage.base", e);
    } finally {
      if (layers != null) {
        ProgramFolder.delete(layers);
      }
    }
  }

  /** Roles keep their state there where no volume is mounted; it belongs to them. */
  private static FileEntriesLayer stateFolder(Path anyFolder) {
    FileEntry folder =
        new FileEntry(
            anyFolder,
            AbsoluteUnixPath.get(STATE),
            FilePermissions.fromOctalString("755"),
            FileEntriesLayer.DEFAULT_MODIFICATION_TIME,
            USER);
    return FileEntriesLayer.builder().addEntry(folder).build();
  }

  private static void add(
      JibContainerBuilder image, Path program, String folder, Predicate<String> wanted) {
    FileEntriesLayer.Builder entries = FileEntriesLayer.builder();
    AbsoluteUnixPath target = AbsoluteUnixPath.get(HOME).resolve(folder);
    ProgramFolder.files(program.resolve(folder)).stream()
        .filter(Files::isRegularFile)
        .filter(file -> wanted.test(file.getFileName().toString()))
        .forEach(file -> entries.addEntry(file, target.resolve(file.getFileName())));
    FileEntriesLayer made = entries.build();
    if (!made.getEntries().isEmpty()) {
      image.addFileEntriesLayer(made);
    }
  }
}
