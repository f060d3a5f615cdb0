package dev.turnout.app.command;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.console.JsonLine;
import dev.turnout.app.console.ProgressOutput;
import dev.turnout.app.quickstart.Quickstart;
import dev.turnout.app.quickstart.QuickstartOptions;
import dev.turnout.app.quickstart.QuickstartReport;
import dev.turnout.app.quickstart.QuickstartSummary;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.policy.Policies;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs everything in one process. */
@Command(
    name = "quickstart",
    mixinStandardHelpOptions = true,
    description = {
      "Watch queries being routed: broker, router, LLMs, grader and API in one process.",
      "",
      "Starts an embedded Kafka broker and a schema registry, trains a first model, and"
          + " lets a sample of queries flow through the router to simulated LLMs with stated"
          + " skills, whose graded answers it learns from: within two minutes it earns more than"
          + " the best single LLM, and says which models it promotes. --data plays outcomes"
          + " recorded from real LLMs instead. On a terminal it shows a live view until Ctrl-C;"
          + " otherwise it plays the sample for two minutes, or the recorded outcomes once."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout quickstart                                a live view, until Ctrl-C",
      "  turnout quickstart --queries 500 --json           500 queries, then one JSON object",
      "  turnout quickstart --llm llama3.1=http://localhost:11434/v1   answers of your own LLM",
      "  turnout quickstart --data ../shared/data/routerdc real recorded outcomes",
      "",
      "JSON keys: published, routed, lost, duplicated, dead_lettered, reward, baselines",
      "(best_single, random, oracle), graded, seconds, model_version, first_routed_seconds,",
      "resident_mib, ... lost and duplicated are counted by reading the topics anew."
    })
public final class QuickstartCommand implements Callable<Integer> {

  private static final int DEFAULT_PORT = 9092;
  private static final int DEFAULT_REGISTRY_PORT = 8081;
  private static final int DEFAULT_GATEWAY_PORT = 8080;
  private static final int DEFAULT_CONSOLE_PORT = 8090;
  private static final int CLOSING_SECONDS = 60;
  private static final double LIVE_RATE = 60;

  /** Two minutes at the live rate. */
  private static final int PLAIN_QUERIES = 7_200;

  /** The encoders to choose from. */
  enum EncoderChoice {
    STATIC,
    TRANSFORMER,
    HYBRID;

    private EncoderSettings settings() {
      return EncoderSettings.builder().kind(EncoderSettings.Kind.valueOf(name())).build();
    }
  }

  @Option(
      names = "--queries",
      paramLabel = "N",
      description = "End after N queries; the sample repeats when N is larger.")
  private @Nullable Integer queries;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Train on DIR/train and play DIR/test: outcomes recorded from real LLMs (RouterDC's JSON"
              + " folders, or outcomes.jsonl).")
  private @Nullable Path data;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description =
          "Queries a second. Default: 60 in the live view and when the sample plays for two"
              + " minutes, else as fast as they are routed.")
  private @Nullable Double rate;

  @Option(
      names = "--encoder",
      description =
          "static (default; no transformer), transformer (all-MiniLM-L6-v2), or hybrid (both).")
  private EncoderChoice encoder = EncoderChoice.STATIC;

  @Option(
      names = "--policy",
      description = "Selection policy. Default: thompson, which explores; argmax with --no-learn.")
  private @Nullable String policy;

  @Option(
      names = "--port",
      description = "Port of the broker; a free one if it is taken. Default: ${DEFAULT-VALUE}.")
  private int port = DEFAULT_PORT;

  @Option(
      names = "--registry-port",
      description = "Port of the schema registry, likewise. Default: ${DEFAULT-VALUE}.")
  private int registryPort = DEFAULT_REGISTRY_PORT;

  @Option(
      names = "--gateway-port",
      description = "Port of the HTTP API, likewise. Default: ${DEFAULT-VALUE}.")
  private int gatewayPort = DEFAULT_GATEWAY_PORT;

  @Option(
      names = "--console-port",
      description = "Port of the web console, likewise. Default: ${DEFAULT-VALUE}.")
  private int consolePort = DEFAULT_CONSOLE_PORT;

  @Option(
      names = "--llm",
      paramLabel = "ID=URL",
      description = {
        "A real LLM in the place of a simulated one: its model name and the base URL of its",
        "OpenAI-compatible server, e.g. llama3.1=http://localhost:11434/v1; may be repeated.",
        "With it only your own queries are routed, unless --queries says how many of the sample."
      })
  private Map<String, URI> endpoints = new LinkedHashMap<>();

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description = "Sample queries graded beforehand to train on. Default: ${DEFAULT-VALUE}.")
  private int warmUp = 240;

  @Option(
      names = "--no-learn",
      description = "Keep to the first model: grades change nothing, nothing is explored.")
  private boolean noLearn;

  @Option(names = "--seed", description = "Seed of all chance. Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    QuickstartOptions options = options();
    CountDownLatch closed = new CountDownLatch(1);
    try (Quickstart quickstart =
        new Quickstart(options, ProgressOutput.of(spec.commandLine(), json))) {
      Thread onSignal =
          new Thread(
              () -> {
                quickstart.stop();
                try {
                  boolean clean = closed.await(CLOSING_SECONDS, TimeUnit.SECONDS);
                  if (!clean) {
                    spec.commandLine().getErr().println("turnout: not everything closed in time");
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              },
              "turnout-stop");
      Runtime.getRuntime().addShutdownHook(onSignal);
      QuickstartSummary summary;
      try {
        summary = quickstart.run();
      } finally {
        quickstart.close();
        forget(onSignal);
      }
      QuickstartReport.print(out, summary);
      if (json) {
        JsonLine.print(out, summary);
      }
      out.flush();
      return summary.lost() == 0 && summary.duplicated() == 0 ? 0 : 1;
    } finally {
      closed.countDown();
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // Ctrl-C has already started it; it waits for us.
      Thread.onSpinWait();
    }
  }

  private void requireEndpoint(String llm, URI url) {
    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (llm.isBlank() || !http || url.getHost() == null) {
      throw new ParameterException(
          spec.commandLine(),
          // without the URL, which may hold a secret
          "--llm "
              + llm
              + "=… has no base URL of a server; expected e.g. llama3.1=http://localhost:11434/v1");
    }
  }

  private QuickstartOptions options() {
    if ((queries != null && queries <= 0) || (rate != null && !(rate > 0))) {
      throw new ParameterException(
          spec.commandLine(), "--queries and --rate must be positive numbers");
    }
    if (data != null && !Files.isDirectory(data)) {
      throw new CommandFailure(
          "--data " + data + " is not a directory; give the folder that holds train and test");
    }
    endpoints.forEach(this::requireEndpoint);
    String chosen = policy != null ? policy : noLearn ? "argmax" : "thompson";
    if (!Policies.names().contains(chosen)) {
      throw new ParameterException(
          spec.commandLine(), "--policy " + chosen + " is not one of " + Policies.names());
    }
    boolean terminal = Boolean.getBoolean("turnout.terminal") && !json;
    boolean plain = !terminal && data == null;
    boolean paced = terminal || (queries == null && plain);
    int unlimited =
        !endpoints.isEmpty()
            ? QuickstartOptions.SERVE_ONLY
            : terminal ? Integer.MAX_VALUE : plain ? PLAIN_QUERIES : 0;
    double wished = rate != null ? rate : paced ? LIVE_RATE : Double.POSITIVE_INFINITY;
    return new QuickstartOptions(
        data,
        endpoints,
        queries != null ? queries : unlimited,
        wished,
        port,
        registryPort,
        gatewayPort,
        consolePort,
        encoder.settings(),
        chosen,
        warmUp,
        !noLearn,
        seed,
        terminal);
  }
}
