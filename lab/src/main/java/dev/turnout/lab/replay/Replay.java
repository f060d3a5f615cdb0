package dev.turnout.lab.replay;

import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.quickstart.Cluster;
import dev.turnout.app.quickstart.TemporaryDirectory;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.lab.replay.result.BaselineRewards;
import dev.turnout.lab.replay.result.ReplayResult;
import dev.turnout.lab.replay.result.ReplaySummary;
import dev.turnout.lab.replay.result.ScenarioFigures;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleConsumer;

/** Runs the replays one after the other on one embedded broker, each under its own topics. */
public record Replay(ReplayOptions options, OutcomeDataset dataset, PrintWriter progress) {

  /** Runs them all. */
  public ReplaySummary run() throws InterruptedException {
    Path stateDir = TemporaryDirectory.create("turnout-replay-");
    try (QueryEncoder encoder = Encoders.open(options.encoder());
        Cluster cluster = Cluster.start(0, 0)) {
      say("encoding the recorded queries with " + encoder.id());
      ReplayData data = ReplayData.of(dataset, encoder);
      Map<String, Object> config = cluster.settings();
      List<ReplayResult> results = new ArrayList<>();
      for (int s = 0; s < options.seeds(); s++) {
        long seed = options.firstSeed() + s;
        List<ReplayResult> twins = new ArrayList<>();
        for (int t = 0; t < options.twins(); t++) {
          twins.add(
              replay(
                  new ReplayRun(
                      options.undisturbed(),
                      data,
                      encoder,
                      seed,
                      seed + "-twin-" + t,
                      config,
                      stateDir),
                  "undisturbed, seed " + seed));
        }
        ReplayRun run =
            new ReplayRun(options, data, encoder, seed, Long.toString(seed), config, stateDir);
        ReplayResult played = replay(run, "seed " + seed);
        Map<String, Double> scenario = ScenarioFigures.of(options, played, twins);
        scenario.forEach(
            (figure, value) ->
                say(String.format(Locale.ROOT, "seed %d: %s %.3f", seed, figure, value)));
        results.add(played.withScenario(scenario));
      }
      return new ReplaySummary(data.llms(), results);
    } finally {
      TemporaryDirectory.delete(stateDir);
    }
  }

  private ReplayResult replay(ReplayRun run, String what) throws InterruptedException {
    try (run) {
      ReplayResult result = run.run(new Steps(what));
      say(
          String.format(
              Locale.ROOT,
              "%s: mean reward %.2f (best single %.2f), final ID %.2f, OOD %.2f,"
                  + " %d promoted, %d rejected, %.0f s",
              what,
              100 * result.meanReward(),
              100 * result.baseline(BaselineRewards.BEST_SINGLE),
              100 * result.finalId(),
              100 * result.finalOod(),
              result.promotions(),
              result.rejections(),
              result.seconds()));
      return result;
    }
  }

  private void say(String line) {
    progress.println(line);
    progress.flush();
  }

  private final class Steps implements DoubleConsumer {
    private final String what;
    private int said;

    Steps(String what) {
      this.what = what;
    }

    @Override
    public void accept(double done) {
      int tenths = (int) (10 * done);
      if (tenths > said) {
        said = tenths;
        say(what + ": " + 10 * tenths + " % of the stream");
      }
    }
  }
}
