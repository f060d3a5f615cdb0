package dev.turnout.app.command.drill;

import dev.turnout.app.command.Connection;
import dev.turnout.app.command.ConnectionOptions;
import dev.turnout.app.command.WaitOption;
import dev.turnout.app.console.JsonLine;
import dev.turnout.config.SettingKind;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Asks at an even rate while something is broken on purpose, and accounts for every query. */
@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    description = {
      "Ask at an even rate, e.g. during a rolling restart, and account for every query.",
      "",
      "It publishes made-up queries, reads decisions, requests and outcomes as whoever reads only"
          + " what is committed, and says what was lost, what was doubled and how long the longest"
          + " pause of a partition was. The LLMs are asked and paid as ever."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every query has one decision, one request and an outcome",
      "1:something is lost or doubled, or it failed",
      "2:the command line was wrong"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout drill --rate 200 --for 1m",
      "  turnout drill --rate 20 --for 5m --settle 2m --json"
    })
public final class DrillCommand implements Callable<Integer> {
  private static final long MOST_QUERIES = 2_000_000;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Mixin private WaitOption wait = new WaitOption();

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Queries a second. Default: ${DEFAULT-VALUE}.")
  private double rate = 20;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      description = "How long to ask. Default: ${DEFAULT-VALUE}.")
  private String time = "30s";

  @Option(
      names = "--settle",
      paramLabel = "DURATION",
      description = "How long to wait for what is missing afterwards. Default: ${DEFAULT-VALUE}.")
  private String settle = "60s";

  @Option(names = "--json", description = "End with one JSON object of the figures.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Duration asking = duration("--for", time);
    double queries = rate * asking.toMillis() / 1_000;
    if (!(rate > 0) || !(queries >= 1 && queries <= MOST_QUERIES)) {
      throw new ParameterException(
          spec.commandLine(),
          "--rate and --for must make 1 to " + MOST_QUERIES + " queries, not " + queries);
    }
    Duration settling = duration("--settle", settle);
    Connection target = connection.open(wait.patience());
    PrintWriter out = spec.commandLine().getOut();
    DrillTally tally = new DrillTally((int) queries);
    try (Drill drill = Drill.open(target, tally)) {
      out.println("asks " + tally.size() + " queries, " + rate + " a second");
      out.flush();
      drill.run(rate, settling);
    }
    tally.words().forEach(out::println);
    if (json) {
      JsonLine.print(out, tally.figures());
    }
    out.flush();
    return tally.allOnce() ? 0 : 1;
  }

  private Duration duration(String option, String text) {
    try {
      return SettingKind.DURATION.read(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), option + " " + text + " is no duration such as 30s or 5m", e);
    }
  }
}
