package dev.turnout.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.kafka.TopicOffsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.Test;

/**
 * Sends a million records that nobody can use while a few good queries flow, and prints what each
 * role holds before and after: {@code mvn verify -Pchaos -pl app -am -Dchaos.run=MalformedFlood},
 * with {@code -Dchaos.records}.
 */
class MalformedFlood {
  private static final int RECORDS = Integer.getInteger("chaos.records", 1_000_000);

  /** What classes, compiled code and caches need is there after so many. */
  private static final int WARM_UP = 50_000;

  /** So many records that are megabytes large, which are rare. */
  private static final int HUGE_EVERY = 10_000;

  /** Records under way at most, so that what is measured is not what waits. */
  private static final int MOST_AHEAD = 50_000;

  private static final Duration OBSERVED = Duration.ofSeconds(40);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final double MIB = 1 << 20;
  private static final List<Poison> HUGE =
      List.of(Poison.HUGE_TEXT_QUERY, Poison.HUGE_METADATA_QUERY, Poison.LONG_ID_QUERY);
  private static final List<Poison> SMALL =
      Arrays.stream(Poison.values()).filter(kind -> !HUGE.contains(kind)).toList();

  /**
   * What a role holds.
   *
   * @param heap least MiB in use while it was looked at, which is what a collection leaves
   */
  private record Held(double heap, long openFiles, double threads) {}

  private long letters;

  @Test
  void shouldHoldNoMoreAfterAMillionRecordsThatNobodyCanUse() throws Exception {
    Path directory = ChaosIT.emptied(Path.of("target", "chaos", "flood"));
    try (Installation installation =
            Installation.start(directory, BrokerCluster.SOON, Map.of("learner.patience", "10s"));
        Traffic traffic = Traffic.start(installation, 5)) {
      // given
      ProcessProbe probe = new ProcessProbe(installation);
      long begun = System.nanoTime();
      Installation.await("a decision in every partition", () -> traffic.silences().allSince(begun));
      send(installation, traffic, 0, WARM_UP);
      Map<String, Held> before = held(installation, probe);

      // when
      long start = System.nanoTime();
      send(installation, traffic, WARM_UP, WARM_UP + RECORDS);
      long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
      Map<String, Held> after = held(installation, probe);

      // then
      System.out.printf("%,d records in %d s%n", RECORDS, seconds);
      print(before, after);
      long over = System.nanoTime();
      Installation.await("every partition goes on", () -> traffic.silences().allSince(over));
      assertThat(installation.roles()).allMatch(role -> role.deaths() == 0);
      for (ChildProcess role : installation.roles()) {
        assertThat(probe.metric(role, "turnout_thread_replaced_total")).as(role.name()).isZero();
      }
    }
  }

  private void send(Installation installation, Traffic traffic, int from, int to)
      throws InterruptedException {
    for (int i = from; i < to; i++) {
      Poison kind =
          i % HUGE_EVERY == 0
              ? HUGE.get(i / HUGE_EVERY % HUGE.size())
              : SMALL.get(i % SMALL.size());
      traffic.poison(kind, i);
      letters += kind.endsInDeadLetter() ? 1 : 0;
      if (i % 5_000 == 0) {
        long most = letters - MOST_AHEAD;
        awaitLetters(installation, most);
      }
      if (i % 100_000 == 0) {
        System.out.printf("%,d of %,d records%n", i, to);
      }
    }
    awaitLetters(installation, letters - traffic.refusedPoison().size());
  }

  private static void awaitLetters(Installation installation, long most)
      throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (lettersOf(installation) < most) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "waited in vain for " + most + " dead letters; there are " + lettersOf(installation));
      }
      Thread.sleep(200);
    }
  }

  /** Offsets of the topic count its transactions' ends too, so this is a little too many. */
  private static long lettersOf(Installation installation) throws InterruptedException {
    try {
      Set<String> dlq = Set.of(installation.topics.dlq());
      return TopicOffsets.of(
              installation.admin(),
              TopicOffsets.partitions(installation.admin(), dlq, Duration.ofSeconds(30)),
              OffsetSpec.latest(),
              IsolationLevel.READ_COMMITTED,
              Duration.ofSeconds(30))
          .values()
          .stream()
          .mapToLong(Long::longValue)
          .sum();
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Held> held(Installation installation, ProcessProbe probe)
      throws Exception {
    Map<String, Held> least = new TreeMap<>();
    long end = System.nanoTime() + OBSERVED.toNanos();
    while (System.nanoTime() < end) {
      for (ChildProcess role : installation.roles()) {
        Held now =
            new Held(
                probe.heap(role) / MIB,
                probe.openFiles(role),
                probe.metric(role, "jvm_threads_live_threads"));
        least.merge(
            role.name(),
            now,
            (a, b) -> new Held(Math.min(a.heap(), b.heap()), b.openFiles(), b.threads()));
      }
      Thread.sleep(500);
    }
    return least;
  }

  private static void print(Map<String, Held> before, Map<String, Held> after) {
    System.out.println("| role | heap MiB before, after | open files | threads |");
    System.out.println("|---|---|---|---|");
    before.forEach(
        (role, was) -> {
          Held is = Objects.requireNonNull(after.get(role), role);
          System.out.printf(
              "| %s | %.0f, %.0f | %d, %d | %.0f, %.0f |%n",
              role,
              was.heap(),
              is.heap(),
              was.openFiles(),
              is.openFiles(),
              was.threads(),
              is.threads());
        });
  }
}
