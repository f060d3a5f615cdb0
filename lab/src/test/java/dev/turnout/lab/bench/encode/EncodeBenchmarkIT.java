package dev.turnout.lab.bench.encode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
  void shouldMeasureEveryEncoderAndFindTheSameVectorsInSinglePrecision() throws Exception {
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
    JsonNode measured = new ObjectMapper().readTree(folder.resolve("encode.json").toFile());
    assertThat(measured.has("best_transformer")).isTrue();

    // and in single precision all find the same vectors
    assertThat(measured.path("encoders"))
        .filteredOn(encoder -> encoder.path("name").asText().endsWith("fp32"))
        .hasSize(3)
        .allMatch(encoder -> encoder.path("smallest_cosine").asDouble() > 0.99999);
  }
}
