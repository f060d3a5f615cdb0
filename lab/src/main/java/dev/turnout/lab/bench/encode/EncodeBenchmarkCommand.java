package dev.turnout.lab.bench.encode;

import dev.turnout.lab.bench.BenchmarkCommand;
import dev.turnout.lab.bench.encode.EncodeMeasurement.Contender;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the encoders on this machine. */
@Command(
    name = "encode",
    mixinStandardHelpOptions = true,
    header = "Speed of the encoders against plain ONNX Runtime.",
    description = {
      "Queries a second of each encoder and engine against plain ONNX Runtime fp32, on the same",
      "weights and queries, in interleaved rounds; takes about two minutes on two processors."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout bench encode                     a table",
      "  turnout bench encode --json --out bench  and encode.json, encode.svg in bench/",
      "",
      "JSON keys: ratio_vs_onnxruntime, pytorch_ratio, static_ratio, best_transformer, encoders,",
      "queries, mean_tokens, rounds, processors."
    })
public final class EncodeBenchmarkCommand extends BenchmarkCommand<EncodeMeasurement> {

  @Option(
      names = "--queries",
      paramLabel = "N",
      defaultValue = "600",
      description = "Queries a round; default ${DEFAULT-VALUE}.")
  private int queries;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Measured rounds; default ${DEFAULT-VALUE}.")
  private int rounds;

  @Override
  protected void check() {
    if (queries < 8 || rounds < 1) {
      throw refused("--queries must be at least 8 and --rounds at least 1");
    }
  }

  @Override
  protected EncodeMeasurement measure(Consumer<String> progress) {
    return EncodeBenchmark.run(queries, rounds, progress);
  }

  @Override
  protected void draw(EncodeMeasurement measurement, Path file) throws IOException {
    EncodeChart.write(measurement, file);
  }

  @Override
  protected void print(PrintWriter console, EncodeMeasurement measurement) {
    console.printf(
        "%-26s %12s %21s %12s%n", "encoder", "queries/s", "slowest..fastest", "min. cosine");
    for (Contender contender : measurement.encoders()) {
      console.printf(
          "%-26s %12.0f %21s %12s%n",
          contender.name(),
          contender.queriesPerSecond(),
          "%.0f..%.0f".formatted(contender.slowest(), contender.fastest()),
          Double.isNaN(contender.smallestCosine())
              ? "-"
              : "%.5f".formatted(contender.smallestCosine()));
    }
    console.printf(
        "%n%s is %.2f x plain ONNX Runtime fp32; PyTorch bf16 %.2f x; static %.0f x %s.%n",
        measurement.bestTransformer(),
        measurement.ratioVsOnnxruntime(),
        measurement.pytorchRatio(),
        measurement.staticRatio(),
        measurement.bestTransformer());
  }
}
