package dev.turnout.lab.bench.worker;

import dev.turnout.lab.bench.BenchmarkCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how well a worker keeps its LLM busy. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    header = "How well a worker keeps its LLM busy.",
    description = {
      "Has a worker answer a backlog through an embedded broker, by a share group and by a"
          + " consumer",
      "group. The LLM is in the same process; its latencies are log-normal, up to 20 times the",
      "median, 1.6 times the median in the mean. Utilisation is the share of the slots' time in",
      "which a call was under way, from when as many had begun as there are slots until the"
          + " backlog",
      "was gone; slots that are refilled at once reach 1. The steady one ends when a tenth of the",
      "requests is left: a member of a share group sees some of the partitions alone, so that slots",
      "stay free while the last ones run dry. Takes about 90 seconds."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout bench worker --json",
      "  turnout bench worker --concurrency 64 --requests 1500",
      "",
      "JSON keys: utilisation (the lower of both), requests, concurrency, medianMillis,"
          + " meanMillis,",
      "deliveries (delivery, utilisation, steadyUtilisation, requestsPerSecond, idealPerSecond,",
      "rampUpSeconds, askedAgain)."
    })
public final class WorkerBenchmarkCommand extends BenchmarkCommand<WorkerMeasurement> {

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "400",
      description = "Requests of each delivery; default ${DEFAULT-VALUE}.")
  private int requests;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "16",
      description = "Requests in flight; default ${DEFAULT-VALUE}.")
  private int concurrency;

  @Option(
      names = "--median",
      paramLabel = "MS",
      defaultValue = "1000",
      description = "Median latency of the LLM in milliseconds; default ${DEFAULT-VALUE}.")
  private double median;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "6",
      description = "Partitions of the request topic; default ${DEFAULT-VALUE}.")
  private int partitions;

  @Override
  protected void check() {
    if (concurrency < 1 || median <= 0 || partitions < 1 || requests < 10 * concurrency) {
      throw refused(
          "--concurrency and --partitions must be at least 1, --median above 0, and --requests at"
              + " least ten times --concurrency, or there is no backlog to measure");
    }
  }

  @Override
  protected WorkerMeasurement measure(Consumer<String> progress) throws InterruptedException {
    return WorkerBenchmark.run(
        new WorkerBenchmark.Scale(requests, concurrency, median, partitions), progress);
  }

  @Override
  protected void draw(WorkerMeasurement measurement, Path file) throws IOException {
    WorkerChart.write(measurement, file);
  }

  @Override
  protected void print(PrintWriter console, WorkerMeasurement measurement) {
    console.printf(
        "%-16s %12s %8s %10s %10s %10s %12s%n",
        "delivery", "utilisation", "steady", "asked/s", "ideal/s", "ramp-up s", "asked again");
    for (WorkerMeasurement.Case each : measurement.deliveries()) {
      console.printf(
          "%-16s %12.3f %8.3f %10.1f %10.1f %10.1f %12d%n",
          each.delivery(),
          each.utilisation(),
          each.steadyUtilisation(),
          each.requestsPerSecond(),
          each.idealPerSecond(),
          each.rampUpSeconds(),
          each.askedAgain());
    }
  }
}
