package dev.turnout.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Java program in a process of its own that a fault can kill, stop for a while or ask to end, and
 * that can be started again with the same command. All its output goes to one file. Safe for use by
 * several threads.
 */
final class ChildProcess implements AutoCloseable {
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(60);

  private final String name;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path log;
  private @Nullable Process process;
  private boolean wanted;
  private int deaths;

  private ChildProcess(
      String name, List<String> command, Map<String, String> environment, Path log) {
    this.name = name;
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.log = log;
  }

  /**
   * Writes a program's settings for it.
   *
   * @param folder of the file, which is named after the program
   */
  static Path settings(Path folder, String name, Map<String, String> settings) throws IOException {
    return Files.write(
        folder.resolve(name + ".properties"),
        settings.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList());
  }

  /**
   * A Java machine.
   *
   * @param heap largest heap, e.g. {@code 256m}
   * @param quick starts quickly and takes little, where a dozen share the machine; otherwise it
   *     gets as fast as it can, to be measured
   */
  record Jvm(String heap, boolean quick) {
    static Jvm quick(String heap) {
      return new Jvm(heap, true);
    }

    private List<String> command() {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
      command.addAll(List.of("-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError"));
      if (quick) {
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
      }
      return command;
    }
  }

  /**
   * A program on this test's class path, not started yet.
   *
   * @param logs folder of its log, which is named after it
   * @param main class whose {@code main} is run
   */
  static ChildProcess of(
      String name,
      Jvm jvm,
      Path logs,
      Map<String, String> environment,
      String main,
      String... arguments) {
    List<String> command = jvm.command();
    command.addAll(List.of("-Dlogback.configurationFile=chaos-logback.xml", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(main);
    command.addAll(List.of(arguments));
    return new ChildProcess(name, command, environment, logs.resolve(name + ".log"));
  }

  /**
   * A program of its own jar.
   *
   * @param options of the Java machine
   */
  static ChildProcess ofJar(String name, Jvm jvm, Path logs, Path jar, String... options) {
    List<String> command = jvm.command();
    command.addAll(List.of(options));
    command.addAll(List.of("-jar", jar.toString()));
    return new ChildProcess(name, command, Map.of(), logs.resolve(name + ".log"));
  }

  String name() {
    return name;
  }

  /** Starts it, or starts it again. */
  synchronized void start() {
    wanted = true;
    launch("started");
  }

  private void launch(String event) {
    if (process != null && process.isAlive()) {
      return;
    }
    try {
      note(event);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      builder.environment().put("OPT_OUT_TRACKING", "true");
      builder.environment().put("MALLOC_ARENA_MAX", "2");
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " could not be started", e);
    }
  }

  /** Starts it again if it ended although nobody wanted it to, as whoever supervises it would. */
  synchronized void restartIfDead() {
    if (wanted && process != null && !process.isAlive()) {
      deaths++;
      launch("ended by itself with " + process.exitValue() + "; started again");
    }
  }

  /** How often it ended although nobody wanted it to. */
  synchronized int deaths() {
    return deaths;
  }

  synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  synchronized long pid() {
    return process == null ? -1 : process.pid();
  }

  /** SIGKILL, also of a stopped one; returns when it is gone. */
  synchronized void kill() {
    wanted = false;
    if (process != null) {
      note("SIGKILL");
      process.destroyForcibly();
      await();
    }
  }

  /** SIGTERM; returns when it has ended. */
  synchronized void terminate() {
    wanted = false;
    if (process != null) {
      note("SIGTERM");
      process.destroy();
      await();
    }
  }

  /** SIGSTOP: it stays there with all its connections, and does nothing. */
  synchronized void pause() {
    signal("STOP");
  }

  /** SIGCONT: it goes on as if no time had passed. */
  synchronized void resume() {
    signal("CONT");
  }

  private void signal(String signal) {
    if (process == null || !process.isAlive()) {
      return;
    }
    note("SIG" + signal);
    try {
      int code =
          new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
              .inheritIO()
              .start()
              .waitFor();
      if (code != 0 && process.isAlive()) {
        throw new IllegalStateException("SIG" + signal + " did not reach " + name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void await() {
    try {
      if (process != null && !process.waitFor(ENDS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        note("has not ended within " + ENDS_WITHIN + " and is killed");
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The end of its log. */
  String lastLines(int most) {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - most), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is done to it stands in its own log, between its own lines. */
  private void note(String event) {
    try {
      Files.writeString(
          log,
          "=== " + Instant.now() + " " + name + " " + event + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  @Override
  public String toString() {
    return name;
  }
}
