package dev.turnout.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process whose clock is wrong, by libfaketime where that is installed: Java cannot set its own
 * clock, and a clock that only Turnout believed would not be one.
 */
final class SkewedClock {
  /** Its clock is ahead. */
  static final String PROCESS = "router-2";

  private static final String AHEAD = "+90s";
  private static final List<Path> PLACES =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/lib64/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/lib/faketime/libfaketimeMT.so.1"));

  private SkewedClock() {}

  /** Environment of the process; empty, with a line that says so, where there is no libfaketime. */
  static Map<String, String> environment() {
    Optional<Path> library = PLACES.stream().filter(Files::exists).findFirst();
    if (library.isEmpty()) {
      System.out.println("skipped: no skewed clock, since libfaketime is not installed");
      return Map.of();
    }
    return Map.of(
        "LD_PRELOAD",
        library.get().toString(),
        "FAKETIME",
        AHEAD,
        // waits are by the monotonic clock, which is right everywhere
        "DONT_FAKE_MONOTONIC",
        "1");
  }
}
