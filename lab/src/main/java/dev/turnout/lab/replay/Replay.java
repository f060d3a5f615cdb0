package dev.turnout.lab.replay;

import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.lab.replay.result.ReplayResult;
import dev.turnout.lab.replay.result.ReplaySummary;
import dev.turnout.lab.replay.result.ScenarioFigures;
import dev.turnout.local.broker.EmbeddedBroker;
import dev.turnout.local.registry.InProcessRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Runs the replays one after the other on one embedded broker, each under its own topics. */
public final class Replay {
  private final ReplayOptions options;
  private final OutcomeDataset dataset;
  private final PrintWriter progress;

  public Replay(ReplayOptions options, OutcomeDataset dataset, PrintWriter progress) {
    this.options = options;
    this.dataset = dataset;
    this.progress = progress;
  }

  /** Runs them all. */
  public ReplaySummary run() throws InterruptedException {
    Path stateDir = temporary();
    try (QueryEncoder encoder = Encoders.open(options.encoder());
        InProcessRegistry registry = InProcessRegistry.start(0, null);
        EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.Settings.temporary())) {
      say("encoding the recorded queries with " + encoder.id());
      ReplayData data = ReplayData.of(dataset, encoder);
      Map<String, Object> config =
          Map.of(
              "bootstrap.servers", broker.bootstrapServers(),
              "schema.registry.url", registry.url());
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
        Map<String, Double> scenario = ScenarioFigures.of(options, run.truth(), played, twins);
        scenario.forEach(
            (figure, value) ->
                say(String.format(Locale.ROOT, "seed %d: %s %.3f", seed, figure, value)));
        results.add(played.withScenario(scenario));
      }
      return new ReplaySummary(data.llms(), results);
    } finally {
      delete(stateDir);
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
              100 * result.baselines().bestSingle(),
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

  private final class Steps implements java.util.function.DoubleConsumer {
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

  private static Path temporary() {
    try {
      return Files.createTempDirectory("turnout-replay");
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary directory can be made; set TMPDIR", e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                boolean gone = path.toFile().delete();
                if (!gone) {
                  path.toFile().deleteOnExit();
                }
              });
    } catch (IOException e) {
      folder.toFile().deleteOnExit();
    }
  }
}
