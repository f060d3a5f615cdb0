package dev.turnout.lab.bench.encode;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.turnout.app.console.JsonLine;
import dev.turnout.lab.bench.encode.EncodeMeasurement.Contender;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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
      "  turnout bench encode --json --out bench  and encode.json, encode.svg in bench/"
    })
public final class EncodeBenchmarkCommand implements Callable<Integer> {

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

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write encode.json and the chart encode.svg into this folder.")
  private @Nullable Path out;

  @Option(
      names = "--json",
      description =
          "End with one JSON object: ratio_vs_onnxruntime, pytorch_ratio, static_ratio, encoders.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (queries < 8 || rounds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--queries must be at least 8 and --rounds at least 1");
    }
    PrintWriter console = spec.commandLine().getOut();
    PrintWriter progress = spec.commandLine().getErr();
    EncodeMeasurement measurement =
        EncodeBenchmark.run(
            queries,
            rounds,
            step -> {
              progress.println("bench encode: " + step);
              progress.flush();
            });
    print(console, measurement);
    if (out != null) {
      Files.createDirectories(out);
      EncodeChart.write(measurement, out.resolve("encode.svg"));
      JsonMapper.builder()
          .build()
          .writerWithDefaultPrettyPrinter()
          .writeValue(out.resolve("encode.json").toFile(), measurement);
      console.println("Written: " + out.resolve("encode.json") + ", " + out.resolve("encode.svg"));
    }
    if (json) {
      JsonLine.print(console, measurement);
    }
    console.flush();
    return 0;
  }

  private static void print(PrintWriter console, EncodeMeasurement measurement) {
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
