package dev.turnout.lab.command;

import dev.turnout.lab.bench.encode.EncodeBenchmarkCommand;
import dev.turnout.lab.bench.gate.GateBenchmarkCommand;
import dev.turnout.lab.bench.gateway.GatewayBenchmarkCommand;
import dev.turnout.lab.bench.route.RouteBenchmarkCommand;
import dev.turnout.lab.bench.savings.SavingsBenchmarkCommand;
import dev.turnout.lab.bench.worker.WorkerBenchmarkCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Parent of the benchmarks. */
@Command(
    name = "bench",
    subcommands = {
      EncodeBenchmarkCommand.class,
      RouteBenchmarkCommand.class,
      GateBenchmarkCommand.class,
      SavingsBenchmarkCommand.class,
      WorkerBenchmarkCommand.class,
      GatewayBenchmarkCommand.class
    },
    mixinStandardHelpOptions = true,
    description =
        "Measure the encoders (encode), the whole path through Kafka (route), the gate's power"
            + " (gate), the intervals of the savings (savings), how well workers keep their LLM busy (worker) or what the gateway adds (gateway).",
    synopsisSubcommandLabel = "BENCHMARK",
    commandListHeading = "%nBenchmarks:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout bench encode --json    queries a second of each encoder and engine",
      "  turnout bench route --json     rate and latency against a pass-through topology",
      "  turnout bench gate --data DIR  candidates promoted by true improvement",
      "  turnout bench savings --data DIR  how often the savings' intervals hold the truth",
      "  turnout bench worker --json    utilisation of an LLM's slots by both deliveries",
      "  turnout bench gateway --json   added latency, first token, many streams at once"
    })
public final class BenchCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
