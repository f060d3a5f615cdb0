package dev.turnout.lab.bench.gateway;

import dev.turnout.lab.bench.BenchmarkCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what the gateway adds to asking an LLM directly. */
@Command(
    name = "gateway",
    mixinStandardHelpOptions = true,
    header = "What the gateway adds to asking an LLM directly.",
    description = {
      "Asks a simulated LLM directly and through gateway, router and worker, in turn and in the",
      "same process: whole answers and first pieces of streams at an even pace, for both",
      "guarantees, then many streams at once; takes about four minutes on two processors."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout bench gateway                         a table",
      "  turnout bench gateway --streams 100 --json    fewer streams, one JSON object at the end",
      "",
      "JSON keys: added_p50_ms, added_p99_ms, first_token_added_p50_ms, streams, errors, problems,",
      "cases, per_second, processors."
    })
public final class GatewayBenchmarkCommand extends BenchmarkCommand<GatewayMeasurement> {

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "50",
      description = "Questions a second; default ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "Length of each measurement; default ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--streams",
      paramLabel = "N",
      defaultValue = "500",
      description = "Streams at once; default ${DEFAULT-VALUE}, 0 leaves them out.")
  private int streams;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "200",
      description = "Tokens of each stream, 20 a second; default ${DEFAULT-VALUE}.")
  private int tokens;

  @Override
  protected void check() {
    if (!(rate > 0) || seconds < 1 || streams < 0 || tokens < 1) {
      throw refused(
          "--rate must be above 0, --seconds and --tokens at least 1, --streams at least 0");
    }
  }

  @Override
  protected GatewayMeasurement measure(Consumer<String> progress) throws InterruptedException {
    return new GatewayBenchmark(
            new GatewayBenchmark.Scale(rate, Duration.ofSeconds(seconds), streams, tokens),
            progress)
        .measure();
  }

  @Override
  protected void draw(GatewayMeasurement measured, Path file) throws IOException {
    GatewayChart.write(measured, file);
  }

  @Override
  protected void print(PrintWriter console, GatewayMeasurement measured) {
    console.printf(
        "%-16s %-12s %10s %10s %12s %12s %10s %10s%n",
        "guarantee", "", "p50 ms", "p99 ms", "direct p50", "direct p99", "added p50", "added p99");
    for (GatewayMeasurement.Case each : measured.cases()) {
      row(console, each.guarantee(), "whole", each.whole());
      row(console, "", "first token", each.firstToken());
    }
    console.printf(
        "%n%d streams at once; %d errors in all.%n", measured.streams(), measured.errors());
    measured.problems().forEach(problem -> console.println("  " + problem));
  }

  private static void row(
      PrintWriter console, String guarantee, String what, GatewayMeasurement.Times times) {
    console.printf(
        "%-16s %-12s %10.1f %10.1f %12.1f %12.1f %10.1f %10.1f%n",
        guarantee,
        what,
        times.p50(),
        times.p99(),
        times.directP50(),
        times.directP99(),
        times.addedP50(),
        times.addedP99());
  }
}
