package dev.turnout.grader.code;

import dev.turnout.topic.BoundedText;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs a program in a process of its own, with bounds.
 *
 * <p>What holds: the process has an empty folder of its own, an environment of {@code PATH}, {@code
 * HOME} and {@code LANG} alone, no input, and bounds on its time, and by {@code ulimit} on the
 * processor time, the memory and the size of files of each of its processes; what it started is
 * killed with it. What does <em>not</em> hold: it is the grader's own user, so it reads what the
 * grader may read, reaches the network, and may start many processes; one that detaches itself
 * outlives the run until its processor time is up. Whoever runs answers of strangers puts the whole
 * grader, or the command, into a container or virtual machine without a network.
 */
public final class Sandbox {
  private static final String PROGRAM = "program";
  private static final String OUTPUT = "output";
  private static final int OUTPUT_KIB = 1_024;
  private static final int TOLD = 1_000;
  private static final Duration KILLED_WITHIN = Duration.ofSeconds(10);

  private final List<String> command;
  private final Duration timeout;
  private final int memoryMib;

  /**
   * What became of a program.
   *
   * @param end exit status, or in words why it was ended
   * @param passed whether it ended by itself with exit status 0
   * @param output the end of what it wrote
   */
  public record Run(String end, boolean passed, String output) {}

  /**
   * @param command what runs a program; the file is added
   * @param timeout longest run
   * @param memoryMib most memory of each process
   */
  public Sandbox(List<String> command, Duration timeout, int memoryMib) {
    this.command = List.copyOf(command);
    this.timeout = timeout;
    this.memoryMib = memoryMib;
  }

  /**
   * Runs a program.
   *
   * @throws IllegalStateException if it cannot be started; it says what to set
   */
  public Run run(String program) throws InterruptedException {
    Path folder = null;
    try {
      folder = Files.createTempDirectory("turnout-grader-");
      Files.writeString(folder.resolve(PROGRAM), program);
      return run(folder);
    } catch (IOException e) {
      throw new IllegalStateException(
          "grader.code.command: " + command + " cannot be started: " + e.getMessage(), e);
    } finally {
      if (folder != null) {
        delete(folder);
      }
    }
  }

  private Run run(Path folder) throws IOException, InterruptedException {
    long seconds = Math.max(1, timeout.toSeconds() + 1);
    String limits =
        "ulimit -c 0; ulimit -t %d; ulimit -f %d; ulimit -v %d; exec \"$@\""
            .formatted(seconds, 2 * OUTPUT_KIB, 1_024L * memoryMib);
    List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", limits, "sh"));
    line.addAll(command);
    line.add(folder.resolve(PROGRAM).toString());
    Path output = folder.resolve(OUTPUT);
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(Path.of("/dev/null").toFile());
    Map<String, String> environment = builder.environment();
    String path = environment.getOrDefault("PATH", "/usr/bin:/bin");
    environment.clear();
    environment.putAll(Map.of("PATH", path, "HOME", folder.toString(), "LANG", "C.UTF-8"));
    Process process = builder.start();
    try {
      if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        int exit = process.exitValue();
        return new Run("exit status " + exit, exit == 0, tail(output));
      }
      return new Run("stopped after " + timeout, false, tail(output));
    } finally {
      kill(process);
    }
  }

  private static void kill(Process process) throws InterruptedException {
    List<ProcessHandle> started = process.descendants().toList();
    process.destroyForcibly();
    started.forEach(ProcessHandle::destroyForcibly);
    boolean unusedEnded = process.waitFor(KILLED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static String tail(Path output) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "r")) {
      file.seek(Math.max(0, file.length() - TOLD));
      byte[] bytes = new byte[TOLD];
      int read = Math.max(0, file.read(bytes));
      return BoundedText.cut(new String(bytes, 0, read, StandardCharsets.UTF_8).strip(), 3 * TOLD);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException | UncheckedIOException left) {
      folder.toFile().deleteOnExit();
    }
  }
}
