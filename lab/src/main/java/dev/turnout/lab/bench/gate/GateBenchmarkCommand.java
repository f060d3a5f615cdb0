package dev.turnout.lab.bench.gate;

import dev.turnout.app.command.train.RecordedOutcomesOption;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.lab.bench.BenchmarkCommand;
import dev.turnout.lab.replay.ReplayData;
import dev.turnout.lab.simulation.PlantedTrials;
import dev.turnout.offpolicy.GateSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how often the gate promotes candidates whose true improvement is known. */
@Command(
    name = "gate",
    mixinStandardHelpOptions = true,
    header = "How often the gate promotes candidates of known improvement.",
    description = {
      "The gate's power on recorded outcomes: the share of planted candidates that it promotes, by",
      "true improvement, number of held-out grades and exploration; takes some minutes."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout bench gate --data ../shared/data/routerdc",
      "  turnout bench gate --data DIR --grades 5000 --trials 100 --out bench --json",
      "",
      "The chart shows the largest number of grades.",
      "",
      "JSON keys: trials, points (exploration, grades, improvement, promoted)."
    })
public final class GateBenchmarkCommand extends BenchmarkCommand<GatePower> {

  @Mixin private RecordedOutcomesOption data = new RecordedOutcomesOption();

  @Option(
      names = "--grades",
      split = ",",
      paramLabel = "N",
      defaultValue = "1000,2500,5000",
      description = "Numbers of held-out grades; default ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private List<Integer> grades;

  @Option(
      names = "--trials",
      paramLabel = "N",
      defaultValue = "50",
      description = "Candidates of every point; default ${DEFAULT-VALUE}.")
  private int trials;

  @Override
  protected void check() {
    if (trials < 1 || grades.stream().anyMatch(number -> number < 1)) {
      throw refused("--trials and --grades must be at least 1");
    }
  }

  @Override
  protected GatePower measure(Consumer<String> progress) {
    return GatePower.measure(read(), grades, trials, progress);
  }

  @Override
  protected void draw(GatePower power, Path file) throws IOException {
    GateChart.write(power, Collections.max(grades), file);
  }

  private PlantedTrials read() {
    try (QueryEncoder encoder = Encoders.open(EncoderSettings.staticEncoder())) {
      ReplayData outcomes = ReplayData.of(data.read(), encoder);
      if (outcomes.train().isEmpty()) {
        throw new CommandFailure(
            data.path() + " holds no training queries that all LLMs were graded on");
      }
      return new PlantedTrials(
          encoder.id(), outcomes.llms(), outcomes.train(), GateSettings.defaults());
    }
  }

  @Override
  protected void print(PrintWriter console, GatePower power) {
    console.printf("Promoted, %%, by true improvement in points (%d trials a point)%n", trials);
    console.printf("%-14s %8s", "exploration", "grades");
    GatePower.bands().forEach(band -> console.printf(" %8s", band));
    console.println();
    List<String> explorations =
        power.points().stream().map(GatePower.Point::exploration).distinct().toList();
    for (String exploration : explorations) {
      for (int number : grades) {
        console.printf("%-14s %,8d", exploration, number);
        power
            .row(exploration, number)
            .forEach(point -> console.printf(" %8.0f", 100 * point.promoted()));
        console.println();
      }
    }
  }
}
