package dev.turnout.app.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Memory of this process as the operating system counts it, the native libraries included. */
public final class ResidentMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
  private static final double KIB_PER_MIB = 1024;

  private ResidentMemory() {}

  /** Peak resident memory in MiB; NaN where the system does not say (not Linux). */
  public static double peakMib() {
    if (!Files.isReadable(STATUS)) {
      return Double.NaN;
    }
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .map(PEAK::matcher)
          .filter(Matcher::matches)
          .findFirst()
          .map(found -> Double.parseDouble(found.group(1)) / KIB_PER_MIB)
          .orElse(Double.NaN);
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
