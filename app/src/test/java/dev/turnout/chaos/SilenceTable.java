package dev.turnout.chaos;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Measures how long a partition is silent when something fails: three brokers, two routers, ten
 * queries a second. Part of the profile {@code chaos} alone, since a busy machine tells nothing:
 * {@code mvn verify -Pchaos -pl app -am -Dchaos.run=SilenceTable}, with {@code
 * -Dchaos.protocol=streams} for the other group protocol, {@code -Dchaos.brokers=default} for
 * brokers as Kafka ships them and {@code -Dchaos.rounds} for how often each is done.
 */
class SilenceTable {
  private static final int ROUNDS = Integer.getInteger("chaos.rounds", 3);
  private static final String PROTOCOL = System.getProperty("chaos.protocol", "classic");
  private static final boolean TUNED = !"default".equals(System.getProperty("chaos.brokers"));
  private static final double QUERIES_PER_SECOND = 10;

  /** Longer than anything is to take, so that the end of the silence lies within. */
  private static final Duration AWAY = Duration.ofSeconds(20);

  private static final Duration SETTLED = Duration.ofSeconds(8);

  private enum Failure {
    SIGTERM("a router is told to end", 2),
    SIGKILL("a router is killed", 8),
    SIGSTOP("a router is stopped, and goes on later", 10),
    BROKER_KILLED("a broker is killed", 8),
    ROUTERS_KILLED("both routers are killed, from their restart on", 12);

    private final String words;
    private final int goalSeconds;

    Failure(String words, int goalSeconds) {
      this.words = words;
      this.goalSeconds = goalSeconds;
    }
  }

  @Test
  void shouldGoOnAfterEachFailure() throws Exception {
    Path directory = ChaosIT.emptied(Path.of("target", "chaos", "silence-" + PROTOCOL));
    Map<Failure, List<Duration>> silences = new TreeMap<>();
    try (Installation installation =
            Installation.start(
                directory,
                TUNED ? BrokerCluster.SOON : Map.of(),
                Map.of("router.group-protocol", PROTOCOL));
        Traffic traffic = Traffic.start(installation, QUERIES_PER_SECOND)) {
      // given
      installation.endLearners();

      // when, then
      for (int round = 0; round < ROUNDS; round++) {
        for (Failure failure : Failure.values()) {
          awaitCalm(installation, traffic);
          Duration longest = silence(failure, round, installation, traffic);
          silences.computeIfAbsent(failure, first -> new ArrayList<>()).add(longest);
          System.out.printf(
              "%s: %s s, load %.1f%n",
              failure.words,
              seconds(longest),
              ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        }
      }
    }
    System.out.printf(
        "%n%s group protocol, %s brokers, %d rounds, %d processors%n",
        PROTOCOL, TUNED ? "tuned" : "default", ROUNDS, Runtime.getRuntime().availableProcessors());
    System.out.println("| failure | longest silence of a partition | goal |\n|---|---|---|");
    silences.forEach(
        (failure, each) ->
            System.out.printf(
                "| %s | %s s | %d s |%n",
                failure.words,
                each.stream().sorted().map(SilenceTable::seconds).collect(Collectors.joining(", ")),
                failure.goalSeconds));
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1_000.0);
  }

  private static void awaitCalm(Installation installation, Traffic traffic) throws Exception {
    traffic.requireNoFailure();
    if (!installation.cluster().awaitInSync(installation.admin(), Installation.PATIENCE)) {
      throw new AssertionError("the brokers are not in sync");
    }
    for (String router : Installation.ROUTERS) {
      installation.awaitReady(router);
    }
    Thread.sleep(SETTLED.toMillis());
    long now = System.nanoTime();
    Installation.await("every partition goes on", () -> traffic.silences().allSince(now));
  }

  private static Duration silence(
      Failure failure, int round, Installation installation, Traffic traffic) throws Exception {
    ChildProcess router =
        installation.role(Installation.ROUTERS.get(round % Installation.ROUTERS.size()));
    ChildProcess broker = installation.cluster().broker(round % BrokerCluster.BROKERS);
    traffic.silences().restart();
    long begun = System.nanoTime();
    switch (failure) {
      case SIGTERM -> {
        router.terminate();
        Thread.sleep(AWAY.toMillis());
        router.start();
      }
      case SIGKILL -> {
        router.kill();
        Thread.sleep(AWAY.toMillis());
        router.start();
      }
      case SIGSTOP -> {
        router.pause();
        Thread.sleep(AWAY.multipliedBy(2).toMillis());
        router.resume();
      }
      case BROKER_KILLED -> {
        broker.kill();
        Thread.sleep(AWAY.toMillis());
        broker.start();
      }
      case ROUTERS_KILLED -> {
        Installation.ROUTERS.forEach(each -> installation.role(each).kill());
        Thread.sleep(1_000);
        Installation.ROUTERS.forEach(each -> installation.role(each).start());
        traffic.silences().restart();
        begun = System.nanoTime();
      }
    }
    for (String each : Installation.ROUTERS) {
      installation.awaitReady(each);
    }
    Thread.sleep(SETTLED.toMillis());
    long since = begun;
    Installation.await("every partition goes on", () -> traffic.silences().allSince(since));
    return traffic.silences().longest();
  }
}
