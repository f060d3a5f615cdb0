package dev.turnout.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.encoder.EncoderSettings.Device;
import dev.turnout.encoder.EncoderSettings.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NativeMemoryIT {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int WINDOW = 1_000;
  private static final int WINDOWS = 4;

  /** One leaked batch of states is 800 KiB, so a leak takes 100 MiB in every window. */
  private static final long ALLOWED_GROWTH_KIB = 50 * 1024;

  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"PYTORCH", "ONNXRUNTIME"})
  void shouldNotGrowWhileEncoding(Engine engine) throws IOException {
    assumeTrue(Files.exists(STATUS), "resident size is read from " + STATUS);
    try (QueryEncoder encoder =
        Encoders.open(
            EncoderSettings.transformer().toBuilder().device(Device.CPU).engine(engine).build())) {
      // given: 200 texts have filled every pool, of arrays and of the heap
      encode(encoder, 200);

      // when
      long least = Long.MAX_VALUE;
      for (int window = 0; window < WINDOWS && least >= ALLOWED_GROWTH_KIB; window++) {
        long before = residentKib();
        encode(encoder, WINDOW);
        least = Math.min(least, residentKib() - before);
      }

      // then: heap and pools may still grow in a window; a leak grows in each of them
      assertThat(least).isLessThan(ALLOWED_GROWTH_KIB);
    }
  }

  private static void encode(QueryEncoder encoder, int texts) {
    for (int begin = 0; begin < texts; begin += 100) {
      int from = begin;
      List<String> batch =
          IntStream.range(from, from + 100)
              .mapToObj(i -> "Question " + i + ": " + "how many apples remain? ".repeat(1 + i % 9))
              .toList();
      assertThat(encoder.encode(batch)).hasNumberOfRows(100);
    }
  }

  private static long residentKib() throws IOException {
    System.gc();
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
