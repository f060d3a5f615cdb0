package dev.turnout.lab.command;

import dev.turnout.app.command.train.OutcomeOptions;
import dev.turnout.app.command.train.RecordedOutcomesOption;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.console.JsonLine;
import dev.turnout.app.console.ProgressOutput;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.Split;
import dev.turnout.lab.replay.Replay;
import dev.turnout.lab.replay.ReplayOptions;
import dev.turnout.lab.replay.result.ReplayReport;
import dev.turnout.lab.replay.result.ReplaySummary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Plays recorded outcomes as a live stream in which only the chosen LLM is graded. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Watch the feedback loop learn from recorded outcomes, nothing known beforehand.",
      "",
      "Training queries flow through the real topics of an embedded broker; only the chosen LLM's"
          + " score is revealed. Router, learner, trainer and gate run; at the end the learnt"
          + " router is judged on the untouched test queries."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout replay --data ../shared/data/routerdc --json",
      "  turnout replay --data DIR --adversarial 0.1 --delay 200 --loss 0.2",
      "  turnout replay --data DIR --drift --report report/",
      "  turnout replay --data ../shared/data/llmrouter --cost-weight 5",
      "",
      "JSON keys, in percent, means over the seeds: mean_reward, final_id, final_ood, promotions,",
      "rejections, estimators (error and coverage of ips, snips, dr), baselines, scenario, seeds;",
      "where costs are known net_reward, of the router, the best and the cheapest LLM.",
      "--adversarial, --new-llm and --restart also play each stream undisturbed (--restart twice,",
      "for the noise from run to run); scenario has the differences in points and shares of 1."
    })
public final class ReplayCommand implements Callable<Integer> {

  @Mixin private RecordedOutcomesOption data = new RecordedOutcomesOption();

  @Option(
      names = "--queries",
      paramLabel = "N",
      description = "Length of the stream. Default: ${DEFAULT-VALUE}.")
  private int queries = 8_000;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Replays with different streams. Default: ${DEFAULT-VALUE}.")
  private int seeds = 1;

  @Option(names = "--seed", description = "Seed of the first. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--encoder",
      paramLabel = "KIND",
      description = "static or transformer. Default: ${DEFAULT-VALUE}.")
  private String encoder = "static";

  @Option(
      names = "--cost-weight",
      paramLabel = "W",
      description =
          "Reward that a US cent is worth, where the data has prices or costs. Default:"
              + " ${DEFAULT-VALUE}.")
  private double costWeight;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description = "Most queries on their way to a decision. Default: ${DEFAULT-VALUE}.")
  private int inFlight = 16;

  @Option(
      names = "--delay",
      paramLabel = "N",
      description = "Queries between a decision and its grade. Default: ${DEFAULT-VALUE}.")
  private int delay;

  @Option(names = "--loss", paramLabel = "SHARE", description = "Share of grades that never come.")
  private double loss;

  @Option(
      names = "--duplication",
      paramLabel = "SHARE",
      description = "Share of grades that come twice.")
  private double duplication;

  @Option(
      names = "--adversarial",
      paramLabel = "SHARE",
      description = "Share of grades that a hostile grader turns around.")
  private double adversarial;

  @Option(names = "--drift", description = "The favourite LLM degrades half-way.")
  private boolean drift;

  @Option(names = "--new-llm", description = "The best LLM appears only half-way.")
  private boolean newLlm;

  @Option(
      names = "--restart",
      description = "A second router joins; router and learner are restarted half-way.")
  private boolean restart;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Also write DIR/replay.html with the curves.")
  private @Nullable Path report;

  @Option(names = "--json", description = "Print one JSON object as the last line.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    check();
    PrintWriter out = spec.commandLine().getOut();
    ReplaySummary summary =
        new Replay(options(), dataset(), ProgressOutput.of(spec.commandLine(), json)).run();
    if (report != null) {
      out.println("report: " + ReplayReport.write(summary, report));
    }
    if (json) {
      JsonLine.print(out, summary.json());
    }
    out.flush();
    return summary.results().stream().allMatch(result -> result.lost() == 0) ? 0 : 1;
  }

  private ReplayOptions options() {
    return new ReplayOptions(
        data.path(),
        queries,
        seeds,
        seed,
        OutcomeOptions.encoderSettings(encoder),
        costWeight,
        inFlight,
        delay,
        loss,
        duplication,
        adversarial,
        drift,
        newLlm,
        restart);
  }

  private void check() {
    for (double share : new double[] {loss, duplication, adversarial}) {
      if (!(share >= 0 && share < 1)) {
        throw new CommandFailure(
            "--loss, --duplication and --adversarial are shares from 0 to 1, not " + share);
      }
    }
    if (!(costWeight >= 0 && Double.isFinite(costWeight))) {
      throw new CommandFailure("--cost-weight must be a number from 0, not " + costWeight);
    }
    if (queries < 100 || seeds < 1 || inFlight < 1 || delay < 0) {
      throw new CommandFailure(
          "--queries must be at least 100, --seeds and --in-flight at least 1, --delay not"
              + " negative");
    }
  }

  private OutcomeDataset dataset() {
    OutcomeDataset dataset = data.read();
    if (dataset.split(Split.TRAIN).isEmpty() || dataset.split(Split.TEST).isEmpty()) {
      throw new CommandFailure(data.path() + ": a replay needs training and test queries");
    }
    return dataset;
  }
}
