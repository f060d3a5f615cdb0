package dev.turnout.lab.bench.savings;

import dev.turnout.app.command.train.RecordedOutcomesOption;
import dev.turnout.lab.bench.BenchmarkCommand;
import dev.turnout.lab.report.Svg;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.knowm.xchart.CategoryChart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how often the intervals of the savings hold the truth. */
@Command(
    name = "savings",
    mixinStandardHelpOptions = true,
    header = "How often the savings' intervals hold the truth.",
    description = {
      "Routes streams of recorded queries by Thompson sampling that learns as it goes, shows the",
      "estimate of the savings only the chosen answers, and holds its 95 % intervals against what",
      "every LLM would have cost and earned."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout bench savings --data ../shared/data/routerbench --json",
      "",
      "JSON keys: streams, queries, savings_coverage, savings_coverage_named,",
      "savings_coverage_llms, reward_coverage_llms (shares 0..1), saved_usd, width_usd,",
      "width_named_usd, rivals (means)."
    })
public final class SavingsBenchmarkCommand extends BenchmarkCommand<SavingsCoverage> {

  @Mixin private RecordedOutcomesOption data = new RecordedOutcomesOption();

  @Option(
      names = "--streams",
      paramLabel = "N",
      defaultValue = "100",
      description = "Number of streams; default ${DEFAULT-VALUE}.")
  private int streams;

  @Option(
      names = "--queries",
      paramLabel = "N",
      defaultValue = "4000",
      description = "Queries of each; default ${DEFAULT-VALUE}.")
  private int queries;

  @Option(
      names = "--cost-weight",
      paramLabel = "W",
      defaultValue = "0.5",
      description = "Reward that a US cent is worth to the policy; default ${DEFAULT-VALUE}.")
  private double costWeight;

  @Override
  protected void check() {
    if (streams < 1 || queries < 1 || !(costWeight >= 0)) {
      throw refused("--streams and --queries must be at least 1, --cost-weight not negative");
    }
  }

  @Override
  protected SavingsCoverage measure(Consumer<String> progress) {
    PricedQueries priced = PricedQueries.of(data.read(), String.valueOf(data.path()));
    return SavingsCoverage.measure(priced, streams, queries, costWeight, progress);
  }

  @Override
  protected void print(PrintWriter console, SavingsCoverage measured) {
    console.printf(
        "%d streams of %,d queries, %.1f LLMs not told from the best%n",
        measured.streams(), measured.queries(), measured.rivals());
    console.printf("%-42s %8s%n", "95 % intervals that hold the truth", "%");
    console.printf("%-42s %8.0f%n", "savings, best single LLM", 100 * measured.covered());
    console.printf("%-42s %8.0f%n", "savings, LLM taken for it", 100 * measured.coveredNamed());
    console.printf("%-42s %8.0f%n", "savings, every LLM", 100 * measured.coveredLlms());
    console.printf("%-42s %8.0f%n", "mean reward, every LLM", 100 * measured.coveredRewards());
    console.printf(
        "saved USD %.4g, interval %.4g wide, %.4g against the LLM taken for the best%n",
        measured.savedUsd(), measured.widthUsd(), measured.widthNamedUsd());
  }

  @Override
  protected void draw(SavingsCoverage measured, Path file) throws IOException {
    CategoryChart chart =
        Svg.bars(
            "95 %% intervals that hold the truth, %d streams of %,d queries"
                .formatted(measured.streams(), measured.queries()),
            "",
            "%");
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setYAxisMax(100.0);
    chart.getStyler().setLegendVisible(false);
    chart.addSeries(
        "covered",
        List.of("best single LLM", "LLM taken for it", "every LLM", "rewards"),
        List.of(
            100 * measured.covered(),
            100 * measured.coveredNamed(),
            100 * measured.coveredLlms(),
            100 * measured.coveredRewards()));
    Svg.write(chart, file);
  }
}
