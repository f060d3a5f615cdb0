package dev.turnout.lab.bench.route;

import dev.turnout.lab.bench.BenchmarkCommand;
import dev.turnout.lab.bench.route.RouteMeasurement.Case;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the whole path through Kafka on this machine. */
@Command(
    name = "route",
    mixinStandardHelpOptions = true,
    header = "Speed and latency of the whole path through Kafka.",
    description = {
      "Routed queries a second and added latency through an embedded broker, against a"
          + " pass-through",
      "topology with the same serdes and outputs, for both encoders and both guarantees, in",
      "interleaved rounds; takes about ten minutes on two processors."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout bench route                     a table",
      "  turnout bench route --json --out bench  and route.json, route.svg in bench/",
      "",
      "JSON keys: efficiency, cases, rounds, processors."
    })
public final class RouteBenchmarkCommand extends BenchmarkCommand<RouteMeasurement> {

  @Option(
      names = "--queries",
      paramLabel = "N",
      defaultValue = "200000",
      description = "Queries a round, static encoder and pass-through; default ${DEFAULT-VALUE}.")
  private int queries;

  @Option(
      names = "--transformer-queries",
      paramLabel = "N",
      defaultValue = "2000",
      description =
          "Queries a round with the transformer; default ${DEFAULT-VALUE}, 0 leaves it out.")
  private int transformerQueries;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Measured rounds, after one that warms up; default ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--paced-seconds",
      paramLabel = "N",
      defaultValue = "8",
      description = "Length of each latency measurement; default ${DEFAULT-VALUE}.")
  private int pacedSeconds;

  @Override
  protected void check() {
    boolean fewest = queries >= 100 && (transformerQueries >= 100 || transformerQueries == 0);
    if (!fewest || rounds < 1 || pacedSeconds < 1) {
      throw refused(
          "--queries must be at least 100, --transformer-queries 0 or at least 100, --rounds and"
              + " --paced-seconds at least 1");
    }
  }

  @Override
  protected RouteMeasurement measure(Consumer<String> progress) throws InterruptedException {
    return RouteBenchmark.run(
        new RouteBenchmark.Scale(queries, transformerQueries, rounds, pacedSeconds), progress);
  }

  @Override
  protected void draw(RouteMeasurement measurement, Path file) throws IOException {
    RouteChart.write(measurement, file);
  }

  @Override
  protected void print(PrintWriter console, RouteMeasurement measurement) {
    console.printf(
        "%-31s %9s %14s %11s %11s %18s %18s%n",
        "encoder, guarantee",
        "routed/s",
        "passed thru/s",
        "encoded/s",
        "efficiency",
        "p50 ms (added)",
        "p99 ms (added)");
    for (Case measured : measurement.cases()) {
      console.printf(
          "%-31s %9.0f %14.0f %11.0f %11.2f %18s %18s%n",
          measured.label(),
          measured.routedPerSecond(),
          measured.passThroughPerSecond(),
          measured.encodedPerSecond(),
          measured.efficiency(),
          "%.1f (%+.1f)".formatted(measured.latency().p50(), measured.latency().addedP50()),
          "%.1f (%+.1f)".formatted(measured.latency().p99(), measured.latency().addedP99()));
    }
    console.printf(
        "%nEfficiency: routed rate / 1/(1/pass-through rate + 1/encoder rate); the smallest is"
            + " %.2f.%n",
        measurement.efficiency());
  }
}
