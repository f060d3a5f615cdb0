package dev.turnout.lab.bench.gateway;

import dev.turnout.lab.bench.Quantile;
import dev.turnout.lab.bench.gateway.ChatLoad.Exchange;
import dev.turnout.lab.bench.gateway.GatewayMeasurement.Case;
import dev.turnout.lab.bench.gateway.GatewayMeasurement.Times;
import dev.turnout.router.ProcessingGuarantee;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Asks a simulated LLM directly and through gateway, router and worker, in turn in one run, so that
 * a busy machine slows both.
 */
final class GatewayBenchmark {
  private static final Duration WARM_UP = Duration.ofSeconds(5);

  /**
   * A process that serves for longer than a minute runs compiled code; before, its compiler takes
   * half of two processors.
   */
  private static final Duration FIRST_WARM_UP = Duration.ofSeconds(20);

  private static final Duration APART = Duration.ofMillis(5);
  private static final int MOST_PROBLEMS = 5;

  private final Scale scale;
  private final Consumer<String> progress;
  private final List<String> problems = new ArrayList<>();
  private long errors;

  /**
   * How much to measure.
   *
   * @param perSecond questions a second
   * @param duration of each measurement
   * @param streams streams at once; 0 leaves them out
   * @param tokens of each stream
   */
  record Scale(double perSecond, Duration duration, int streams, int tokens) {}

  GatewayBenchmark(Scale scale, Consumer<String> progress) {
    this.scale = scale;
    this.progress = progress;
  }

  GatewayMeasurement measure() throws InterruptedException {
    List<Case> cases = new ArrayList<>();
    progress.accept("starting the broker");
    try (GatewayArena arena = new GatewayArena(Math.max(16, scale.streams()), scale.tokens())) {
      for (ProcessingGuarantee guarantee :
          List.of(ProcessingGuarantee.AT_LEAST_ONCE, ProcessingGuarantee.EXACTLY_ONCE)) {
        progress.accept("starting router, worker and gateway, " + guarantee.streamsName());
        arena.route(guarantee);
        cases.add(caseOf(arena, guarantee));
        if (guarantee == ProcessingGuarantee.AT_LEAST_ONCE && scale.streams() > 0) {
          streams(arena);
        }
      }
    } catch (InterruptedException | RuntimeException failed) {
      throw failed;
    } catch (Exception failed) {
      throw new IllegalStateException("the benchmark could not close what it had started", failed);
    }
    Case first = cases.get(0);
    return new GatewayMeasurement(
        first.whole().addedP50(),
        first.whole().addedP99(),
        first.firstToken().addedP50(),
        scale.streams(),
        errors,
        List.copyOf(problems),
        List.copyOf(cases),
        scale.perSecond(),
        Runtime.getRuntime().availableProcessors());
  }

  private Case caseOf(GatewayArena arena, ProcessingGuarantee guarantee) {
    ChatLoad direct = new ChatLoad(arena.quickLlm(), "simulated");
    ChatLoad gateway = new ChatLoad(arena.gateway(), GatewayArena.QUICK);
    progress.accept("warming up");
    boolean first = guarantee == ProcessingGuarantee.AT_LEAST_ONCE;
    for (boolean stream : new boolean[] {false, true}) {
      List<Exchange> unusedDirect = direct.paced(scale.perSecond(), WARM_UP, stream);
      List<Exchange> unusedGateway =
          gateway.paced(scale.perSecond(), first ? FIRST_WARM_UP : WARM_UP, stream);
    }
    Times whole = times(direct, gateway, false, Exchange::totalMillis);
    tell(guarantee, "a whole answer", whole);
    Times firstPiece = times(direct, gateway, true, Exchange::firstMillis);
    tell(guarantee, "the first piece", firstPiece);
    return new Case(guarantee.streamsName(), whole, firstPiece);
  }

  /** In halves, taking turns, so that what changes on the machine meanwhile meets both alike. */
  private Times times(
      ChatLoad direct, ChatLoad gateway, boolean stream, ToDoubleFunction<Exchange> millis) {
    Duration half = scale.duration().dividedBy(2);
    List<Exchange> directly = new ArrayList<>();
    List<Exchange> through = new ArrayList<>();
    for (int turn = 0; turn < 2; turn++) {
      directly.addAll(direct.paced(scale.perSecond(), half, stream));
      through.addAll(gateway.paced(scale.perSecond(), half, stream));
    }
    count(through);
    double[] sortedDirect = sorted(directly.stream(), millis);
    double[] sortedThrough = sorted(through.stream(), millis);
    return new Times(
        Quantile.of(sortedThrough, 0.5),
        Quantile.of(sortedThrough, 0.99),
        Quantile.of(sortedDirect, 0.5),
        Quantile.of(sortedDirect, 0.99));
  }

  private void streams(GatewayArena arena) {
    progress.accept(scale.streams() + " streams of " + scale.tokens() + " tokens at once");
    ChatLoad gateway = new ChatLoad(arena.gateway(), GatewayArena.STEADY);
    List<Exchange> ended = gateway.streams(scale.streams(), APART);
    count(ended);
    double[] total = sorted(ended.stream(), Exchange::totalMillis);
    progress.accept(
        String.format(
            Locale.ROOT,
            "%d of %d streams ended well, in %.1f s at the median",
            total.length,
            scale.streams(),
            Quantile.of(total, 0.5) / 1_000));
  }

  private void count(List<Exchange> exchanges) {
    for (Exchange each : exchanges) {
      String problem = each.problem();
      if (problem != null) {
        errors++;
        if (problems.size() < MOST_PROBLEMS && !problems.contains(problem)) {
          problems.add(problem);
        }
      }
    }
  }

  private void tell(ProcessingGuarantee guarantee, String what, Times times) {
    progress.accept(
        String.format(
            Locale.ROOT,
            "%s, %s: p50 %.1f ms (%+.1f), p99 %.1f ms (%+.1f)",
            guarantee.streamsName(),
            what,
            times.p50(),
            times.addedP50(),
            times.p99(),
            times.addedP99()));
  }

  private static double[] sorted(Stream<Exchange> exchanges, ToDoubleFunction<Exchange> millis) {
    double[] values = exchanges.mapToDouble(millis).filter(value -> !Double.isNaN(value)).toArray();
    Arrays.sort(values);
    return values;
  }
}
