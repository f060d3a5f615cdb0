package dev.turnout.lab.bench.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.lab.bench.encode.EncodeMeasurement.Contender;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EncodeBenchmarkIT {
  @TempDir Path folder;

  @Test
  void shouldMeasureEveryEncoderAndEndWithTheRatios() throws Exception {
    // given
    StringWriter printed = new StringWriter();
    CommandLine command =
        new CommandLine(new EncodeBenchmarkCommand()).setOut(new PrintWriter(printed, true));

    // when
    int exit =
        command.execute("--queries", "32", "--rounds", "1", "--json", "--out", folder.toString());

    // then
    assertThat(exit).isZero();
    String last = printed.toString().strip().lines().reduce((first, second) -> second).orElse("");
    assertThat(last)
        .startsWith("{\"ratio_vs_onnxruntime\":")
        .contains("\"pytorch_ratio\":", "\"static_ratio\":", "\"queries_per_second\":");
    assertThat(Files.readString(folder.resolve("encode.svg"))).contains("<svg");
    assertThat(Files.readString(folder.resolve("encode.json"))).contains("best_transformer");
  }

  @Test
  void shouldFindTheSameVectorsInSinglePrecision() {
    EncodeMeasurement measurement = EncodeBenchmark.run(16, 1, step -> {});

    assertThat(measurement.encoders())
        .filteredOn(contender -> contender.name().endsWith("fp32"))
        .hasSize(3)
        .extracting(Contender::smallestCosine)
        .allMatch(cosine -> cosine > 0.99999);
  }
}
