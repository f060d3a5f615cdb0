package dev.turnout.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Lets an installation work for half an hour without faults, with grades, training and roll-outs,
 * and prints what each role's memory and the latency of decisions do meanwhile: {@code mvn verify
 * -Pchaos -pl app -am -Dchaos.run=Soak}, with {@code -Dchaos.minutes}, {@code -Dchaos.rate} and,
 * where three brokers are more than the machine can run beside all the rest, {@code
 * -Dchaos.brokers=1}.
 */
class Soak {
  private static final int MINUTES = Integer.getInteger("chaos.minutes", 30);
  private static final double QUERIES_PER_SECOND = Integer.getInteger("chaos.rate", 200);
  private static final int BROKERS = Integer.getInteger("chaos.brokers", BrokerCluster.BROKERS);
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final double MIB = 1 << 20;

  /**
   * A role in one minute.
   *
   * @param resident bytes of memory that the process holds
   * @param heap least bytes in use on its heap, which is what a collection leaves
   */
  private record Memory(double resident, double heap) {}

  @Test
  void shouldNeitherGrowNorSlowDown() throws Exception {
    Path directory = ChaosIT.emptied(Path.of("target", "chaos", "soak"));
    Map<String, List<Memory>> memory = new TreeMap<>();
    List<Duration> latencies = new ArrayList<>();
    Map<String, String> settings =
        Map.of(
            "learner.stages", "shadow, 0.1, 1",
            "learner.stage-grades", "500",
            "learner.train-after-grades", "5000");
    Installation.Layout layout =
        new Installation.Layout(
            BROKERS,
            Installation.ROUTERS.size(),
            Installation.OTHERS,
            4,
            false,
            BrokerCluster.SOON,
            role -> {
              Map<String, String> ofRole = new TreeMap<>(settings);
              // half an hour's state does not fit on the small disk that faults fill
              ofRole.put("learner.state-dir", directory.resolve(role + "-state").toString());
              return ofRole;
            });
    try (Installation installation = Installation.start(directory, layout);
        Traffic traffic = Traffic.start(installation, QUERIES_PER_SECOND);
        Audit audit = new Audit(installation)) {
      // given
      ProcessProbe probe = new ProcessProbe(installation);
      long begun = System.nanoTime();
      Installation.await("a decision in every partition", () -> traffic.silences().allSince(begun));

      // when
      for (int minute = 1; minute <= MINUTES; minute++) {
        Map<String, Memory> now = memoryOfAMinute(installation, probe);
        now.forEach(
            (role, each) -> memory.computeIfAbsent(role, first -> new ArrayList<>()).add(each));
        latencies.add(traffic.latencies().takeQuantile(0.99));
        traffic.requireNoFailure();
        System.out.printf(
            "minute %d: p99 %d ms; resident MiB: %s%n",
            minute,
            latencies.get(latencies.size() - 1).toMillis(),
            now.entrySet().stream()
                .map(each -> each.getKey() + " " + Math.round(each.getValue().resident() / MIB))
                .collect(Collectors.joining(", ")));
      }
      traffic.finishAsking();
      print(memory, latencies);

      // then
      ChaosIT.settle(audit, traffic);
      assertThat(installation.roles()).allMatch(role -> role.deaths() == 0);
    }
  }

  private Map<String, Memory> memoryOfAMinute(Installation installation, ProcessProbe probe)
      throws Exception {
    Map<String, Memory> least = new TreeMap<>();
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (System.nanoTime() < end) {
      for (ChildProcess role : installation.roles()) {
        Memory now = new Memory(probe.resident(role), probe.heap(role));
        least.merge(
            role.name(),
            now,
            (a, b) ->
                new Memory(Math.max(a.resident(), b.resident()), Math.min(a.heap(), b.heap())));
      }
      Thread.sleep(EVERY.toMillis());
    }
    return least;
  }

  private static void print(Map<String, List<Memory>> memory, List<Duration> latencies) {
    System.out.println("| role | resident MiB | slope MiB/h | heap MiB | slope MiB/h |");
    System.out.println("|---|---|---|---|---|");
    memory.forEach(
        (role, minutes) -> {
          List<Memory> warm = warm(minutes);
          double[] resident = warm.stream().mapToDouble(each -> each.resident() / MIB).toArray();
          double[] heap = warm.stream().mapToDouble(each -> each.heap() / MIB).toArray();
          System.out.printf(
              "| %s | %.0f | %+.1f | %.0f | %+.1f |%n",
              role,
              resident[resident.length - 1],
              slopePerHour(resident),
              heap[heap.length - 1],
              slopePerHour(heap));
        });
    double[] millis = warm(latencies).stream().mapToDouble(Duration::toMillis).toArray();
    System.out.printf(
        "p99 of a decision %.0f to %.0f ms, slope %+.0f ms/h%n",
        Arrays.stream(millis).min().orElse(0),
        Arrays.stream(millis).max().orElse(0),
        slopePerHour(millis));
  }

  /** Without the first third, which warms up: classes, compiled code, caches. */
  private static <T> List<T> warm(List<T> minutes) {
    return minutes.subList(minutes.size() / 3, minutes.size());
  }

  /** By least squares over values a minute apart; 0 for fewer than two. */
  private static double slopePerHour(double[] values) {
    double middle = (values.length - 1) / 2.0;
    double mean = Arrays.stream(values).average().orElse(0);
    double up = 0;
    double down = 0;
    for (int i = 0; i < values.length; i++) {
      up += (i - middle) * (values[i] - mean);
      down += (i - middle) * (i - middle);
    }
    return down == 0 ? 0 : 60 * up / down;
  }
}
