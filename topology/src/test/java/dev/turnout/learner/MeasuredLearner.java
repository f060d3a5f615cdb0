package dev.turnout.learner;

import dev.turnout.config.SettingValues;
import dev.turnout.encoder.EncoderId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A learner in a process of its own, of which the operating system tells what it takes. */
public final class MeasuredLearner implements AutoCloseable {
  static final EncoderId ENCODER = new EncoderId("measured", "0123456789ab", 384);

  private final Process process;

  private MeasuredLearner(Process process) {
    this.process = process;
  }

  /** Arguments: keys and texts of settings, e.g. {@code learner.window=1h}. */
  public static void main(String[] args) throws InterruptedException {
    Map<String, String> texts = new HashMap<>();
    for (String each : args) {
      int equals = each.indexOf('=');
      texts.put(each.substring(0, equals), each.substring(equals + 1));
    }
    Learner learner =
        Learner.start(
            LearnerSettings.from(SettingValues.of(texts)), ENCODER, new SimpleMeterRegistry());
    Runtime.getRuntime().addShutdownHook(new Thread(learner::close));
    new CountDownLatch(1).await();
  }

  /**
   * Starts one on this test's class path.
   *
   * @param heap as {@code -Xmx} takes it, e.g. 1g
   */
  static MeasuredLearner start(Map<String, String> texts, String heap) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-cp", System.getProperty("java.class.path")));
    command.add(MeasuredLearner.class.getName());
    texts.forEach((key, text) -> command.add(key + "=" + text));
    return new MeasuredLearner(new ProcessBuilder(command).inheritIO().start());
  }

  /** The most memory that the process had so far, heap and all else, in MiB. */
  long peakMebibytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new IOException("no VmHWM of process " + process.pid() + "; this runs on Linux only");
  }

  /** Ends it as an operator does, and waits for its end. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
