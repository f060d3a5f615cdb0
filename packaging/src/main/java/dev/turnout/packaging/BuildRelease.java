package dev.turnout.packaging;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Makes {@code turnout-VERSION.tar.gz}: launcher, program and libraries, to run without Maven. */
public final class BuildRelease {
  private static final long MEBIBYTE = 1 << 20;
  private static final int PROGRAM = 0755;

  private BuildRelease() {}

  /**
   * Builds.
   *
   * @param arguments {@code root=} (the project's folder), {@code out=}, {@code version=}, {@code
   *     platform=}, {@code torch=} (DJL's archive of libtorch)
   */
  public static void main(String[] arguments) {
    BuildOptions options = BuildOptions.parse(arguments);
    Platform platform = Platform.named(options.text("platform"));
    Path root = options.path("root");
    Path lab = root.resolve("lab/target");
    String suffix = platform == Platform.AMD64 ? "" : "-" + platform.architecture();
    String name = "turnout-" + options.text("version") + suffix;
    Path folder = options.path("out").resolve(name);
    Path archive = options.path("out").resolve(name + ".tar.gz");
    try {
      ProgramFolder.layOut(
          root.resolve("app/target"), folder, platform, library -> !Torch.isNative(library));
      Files.copy(lab.resolve("turnout-lab.jar"), folder.resolve("turnout-lab.jar"));
      for (Path library : ProgramFolder.files(lab.resolve("lib"))) {
        Files.copy(library, folder.resolve("lib").resolve(library.getFileName()));
      }
      Path torch = options.path("torch");
      Files.copy(torch, folder.resolve("lib").resolve(torch.getFileName()));
      for (String file : new String[] {"turnout", "LICENSE", "README.md"}) {
        Files.copy(root.resolve(file), folder.resolve(file));
      }
      write(folder, name, archive);
      System.out.printf("%s: %d MiB%n", archive, Files.size(archive) / MEBIBYTE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ProgramFolder.delete(folder);
  }

  private static void write(Path folder, String name, Path archive) throws IOException {
    try (OutputStream file = Files.newOutputStream(archive);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(file))) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      add(tar, folder, name);
      add(tar, folder.resolve("lib"), name + "/lib");
    }
  }

  private static void add(TarArchiveOutputStream tar, Path folder, String name) throws IOException {
    for (Path file : ProgramFolder.files(folder)) {
      if (Files.isRegularFile(file)) {
        TarArchiveEntry entry = new TarArchiveEntry(name + "/" + file.getFileName());
        entry.setSize(Files.size(file));
        if (file.endsWith("turnout")) {
          entry.setMode(PROGRAM);
        }
        entry.setModTime(ImageArchive.TIME.toEpochMilli());
        tar.putArchiveEntry(entry);
        Files.copy(file, tar);
        tar.closeArchiveEntry();
      }
    }
  }
}
