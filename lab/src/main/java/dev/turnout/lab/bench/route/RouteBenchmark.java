package dev.turnout.lab.bench.route;

import dev.turnout.app.quickstart.Await;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.encoder.TransformerEncoder;
import dev.turnout.lab.bench.Median;
import dev.turnout.lab.bench.encode.BenchmarkQueries;
import dev.turnout.lab.bench.route.RouteMeasurement.Case;
import dev.turnout.lab.bench.route.RouteMeasurement.Latency;
import dev.turnout.router.ProcessingGuarantee;
import dev.turnout.router.Router;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Routed queries a second and added latency through a real broker, against a pass-through topology
 * with the same serdes and outputs, in the same run, round by round in turn. The first round warms
 * up and is left out.
 */
public final class RouteBenchmark {
  private static final int STATIC_POLL = 512;
  private static final int TRANSFORMER_POLL = 64;
  private static final int GPU_POLL = 512;
  private static final double HIGHEST_PACE = 500;
  private static final double PACE_SHARE = 0.5;
  private static final Duration SETTLED_WITHIN = Duration.ofMinutes(2);

  private final Scale scale;
  private final Consumer<String> progress;

  /**
   * How much to measure.
   *
   * @param queries queries in a round with the static encoder and of the pass-through topology
   * @param transformerQueries queries in a round with the transformer; 0 leaves it out
   * @param rounds measured rounds
   * @param pacedSeconds length of a latency measurement
   */
  public record Scale(int queries, int transformerQueries, int rounds, int pacedSeconds) {}

  private RouteBenchmark(Scale scale, Consumer<String> progress) {
    this.scale = scale;
    this.progress = progress;
  }

  /**
   * Measures; takes some minutes.
   *
   * @param progress told of each step, in words
   */
  public static RouteMeasurement run(Scale scale, Consumer<String> progress)
      throws InterruptedException {
    return new RouteBenchmark(scale, progress).measure();
  }

  /** One encoder with the topics its queries wait on. */
  private record Contender(
      String name, QueryEncoder encoder, int poll, List<String> texts, TopicCatalogue topics) {}

  /** Rates of one contender under one guarantee, a value a round. */
  private record Rates(List<Throughput> routed, List<Throughput> passed, List<Throughput> encoded) {
    Rates() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  private RouteMeasurement measure() throws InterruptedException {
    List<Case> cases = new ArrayList<>();
    progress.accept("starting the broker and opening the encoders");
    try (RouteArena arena = new RouteArena();
        QueryEncoder fixed = Encoders.open(EncoderSettings.staticEncoder())) {
      Contender quick = contender(arena, "static", fixed, STATIC_POLL, scale.queries());
      cases.addAll(casesOf(arena, quick, quick));
      if (scale.transformerQueries() > 0) {
        try (QueryEncoder transformer = Encoders.open(EncoderSettings.transformer())) {
          Contender slow =
              contender(
                  arena,
                  "transformer",
                  transformer,
                  TransformerEncoder.hasGpu() ? GPU_POLL : TRANSFORMER_POLL,
                  scale.transformerQueries());
          cases.addAll(casesOf(arena, slow, quick));
        }
      }
    }
    return new RouteMeasurement(
        cases.stream().mapToDouble(Case::efficiency).min().orElse(Double.NaN),
        List.copyOf(cases),
        scale.rounds(),
        Runtime.getRuntime().availableProcessors());
  }

  private Contender contender(
      RouteArena arena, String name, QueryEncoder encoder, int poll, int queries)
      throws InterruptedException {
    progress.accept("putting " + queries + " queries on the topic for the " + name + " encoder");
    TopicCatalogue topics = arena.topics("bench-" + name, encoder.id());
    List<String> distinct = BenchmarkQueries.of(Math.min(queries, 2_000));
    List<String> texts = new ArrayList<>(queries);
    for (int i = 0; i < queries; i++) {
      texts.add(distinct.get(i % distinct.size()));
    }
    arena.preload(topics, texts);
    return new Contender(name, encoder, poll, texts, topics);
  }

  private List<Case> casesOf(RouteArena arena, Contender contender, Contender longest)
      throws InterruptedException {
    Map<ProcessingGuarantee, Rates> rates = new EnumMap<>(ProcessingGuarantee.class);
    for (ProcessingGuarantee guarantee : ProcessingGuarantee.values()) {
      rates.put(guarantee, new Rates());
    }
    for (int round = 0; round <= scale.rounds(); round++) {
      for (ProcessingGuarantee guarantee : ProcessingGuarantee.values()) {
        // The pass-through rate knows no encoder; the longer topic gives the steadier figure.
        Throughput passed = drainPassThrough(arena, longest, guarantee);
        Throughput encoded =
            Throughput.of(contender.encoder(), contender.texts(), contender.poll());
        Throughput routed = drainRouter(arena, contender, guarantee);
        progress.accept(
            String.format(
                Locale.ROOT,
                "%s, %s, %s: %.0f routed/s, %.0f passed through/s, %.0f encoded/s; CPU per query:"
                    + " %.0f, %.0f, %.0f us",
                round == 0 ? "warm-up" : "round " + round,
                contender.name(),
                guarantee.streamsName(),
                routed.perSecond(),
                passed.perSecond(),
                encoded.perSecond(),
                routed.cpuMicros(),
                passed.cpuMicros(),
                encoded.cpuMicros()));
        Rates collected = rates.get(guarantee);
        if (round > 0 && collected != null) {
          collected.passed().add(passed);
          collected.encoded().add(encoded);
          collected.routed().add(routed);
        }
      }
    }
    List<Case> cases = new ArrayList<>();
    for (Map.Entry<ProcessingGuarantee, Rates> entry : rates.entrySet()) {
      cases.add(caseOf(arena, contender, entry.getKey(), entry.getValue()));
    }
    return cases;
  }

  private Case caseOf(
      RouteArena arena, Contender contender, ProcessingGuarantee guarantee, Rates rates)
      throws InterruptedException {
    double[] efficiencies = new double[rates.routed().size()];
    for (int i = 0; i < efficiencies.length; i++) {
      efficiencies[i] =
          rates.routed().get(i).perSecond()
              * (1 / rates.passed().get(i).perSecond() + 1 / rates.encoded().get(i).perSecond());
    }
    double routed = Throughput.median(rates.routed(), Throughput::perSecond);
    double pace = Math.min(HIGHEST_PACE, PACE_SHARE * routed);
    Latency latency = latency(arena, contender, guarantee, pace);
    progress.accept(
        String.format(
            Locale.ROOT,
            "%s, %s at %.0f queries/s: p50 %.1f ms (%+.1f), p99 %.1f ms (%+.1f)",
            contender.name(),
            guarantee.streamsName(),
            pace,
            latency.p50(),
            latency.addedP50(),
            latency.p99(),
            latency.addedP99()));
    return new Case(
        contender.name(),
        guarantee.streamsName(),
        Median.of(efficiencies),
        routed,
        Throughput.median(rates.passed(), Throughput::perSecond),
        Throughput.median(rates.encoded(), Throughput::perSecond),
        Throughput.median(rates.routed(), Throughput::cpuMicros),
        Throughput.median(rates.passed(), Throughput::cpuMicros),
        Throughput.median(rates.encoded(), Throughput::cpuMicros),
        contender.poll(),
        contender.texts().size(),
        latency);
  }

  private Latency latency(
      RouteArena arena, Contender contender, ProcessingGuarantee guarantee, double pace)
      throws InterruptedException {
    // Topics of their own for each, so that nothing waits on them when the pacing starts.
    String prefix = "-" + contender.name() + "-" + guarantee.streamsName();
    TopicCatalogue passing = arena.topics("passed" + prefix, contender.encoder().id());
    TopicCatalogue routing = arena.topics("routed" + prefix, contender.encoder().id());
    List<String> texts =
        contender
            .texts()
            .subList(0, Math.min(contender.texts().size(), (int) (pace * scale.pacedSeconds())));
    PacedLatency passed;
    try (PassThrough pass = startPassThrough(arena, contender, passing, guarantee)) {
      settle(arena, passing, "warm-pass", pass::passed);
      passed = PacedLatency.measure(arena, passing, "pass", pace, texts);
    }
    PacedLatency routed;
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (Router router =
        Router.start(
            arena.settings(routing, guarantee, contender.poll()), contender.encoder(), meters)) {
      settle(arena, routing, "warm-route", () -> routed(meters));
      routed = PacedLatency.measure(arena, routing, "route", pace, texts);
    }
    return new Latency(
        pace,
        routed.p50Millis(),
        routed.p99Millis(),
        passed.p50Millis(),
        passed.p99Millis(),
        routed.p50Millis() - passed.p50Millis(),
        routed.p99Millis() - passed.p99Millis());
  }

  /** Waits until a topology works: its first query is through. */
  private static void settle(RouteArena arena, TopicCatalogue topics, String id, LongSupplier done)
      throws InterruptedException {
    arena.send(topics, id, "Is anybody there?");
    if (!Await.until(() -> done.getAsLong() > 0, SETTLED_WITHIN)) {
      throw new IllegalStateException("no query came through within " + SETTLED_WITHIN);
    }
  }

  private static PassThrough startPassThrough(
      RouteArena arena, Contender contender, TopicCatalogue topics, ProcessingGuarantee guarantee) {
    return PassThrough.start(
        arena.settings(topics, guarantee, contender.poll()),
        arena.clientConfig(),
        contender.poll(),
        contender.encoder().id().dimension());
  }

  private static Throughput drainPassThrough(
      RouteArena arena, Contender contender, ProcessingGuarantee guarantee)
      throws InterruptedException {
    try (PassThrough pass = startPassThrough(arena, contender, contender.topics(), guarantee)) {
      return Throughput.of(pass::passed, contender.texts().size());
    }
  }

  private static Throughput drainRouter(
      RouteArena arena, Contender contender, ProcessingGuarantee guarantee)
      throws InterruptedException {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (Router router =
        Router.start(
            arena.settings(contender.topics(), guarantee, contender.poll()),
            contender.encoder(),
            meters)) {
      return Throughput.of(() -> routed(meters), contender.texts().size());
    }
  }

  private static long routed(SimpleMeterRegistry meters) {
    return (long)
        meters.find("turnout.routed").counters().stream().mapToDouble(Counter::count).sum();
  }
}
