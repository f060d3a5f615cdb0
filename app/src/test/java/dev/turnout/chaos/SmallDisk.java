package dev.turnout.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file system of its own in memory, which can be filled up. Needs the right to mount. */
final class SmallDisk implements AutoCloseable {
  private static final String SIZE = "384m";

  private final Path directory;

  private SmallDisk(Path directory) {
    this.directory = directory;
  }

  /** Takes away what a run that was cut off left mounted, so that its folder can be deleted. */
  static void unmount(Path directory) throws IOException, InterruptedException {
    // lazily: processes of that run may still be about to end
    if (Files.exists(directory)) {
      run("umount", "-l", directory.toString());
    }
  }

  /** Mounts one; empty, with a line that says so, where that is not permitted. */
  static Optional<SmallDisk> mount(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    int code = run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", directory.toString());
    if (code != 0) {
      System.out.println("skipped: no full disk, since this user may not mount a tmpfs");
      return Optional.empty();
    }
    return Optional.of(new SmallDisk(directory));
  }

  Path directory() {
    return directory;
  }

  /** Takes all the space there is. */
  void fill() throws IOException {
    byte[] block = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(filler())) {
      while (directory.toFile().getUsableSpace() > 0) {
        out.write(block, 0, (int) Math.min(block.length, directory.toFile().getUsableSpace()));
      }
    } catch (IOException full) {
      if (directory.toFile().getUsableSpace() > 0) {
        throw full;
      }
    }
  }

  void free() throws IOException {
    Files.deleteIfExists(filler());
  }

  private Path filler() {
    return directory.resolve("filler");
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  @Override
  public void close() throws Exception {
    if (run("umount", directory.toString()) != 0) {
      run("umount", "-l", directory.toString());
    }
  }
}
