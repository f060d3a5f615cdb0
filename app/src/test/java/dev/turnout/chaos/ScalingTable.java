package dev.turnout.chaos;

import dev.turnout.schema.Query;
import dev.turnout.serde.AvroSerdes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Measures what more routers bring on three brokers, how long a partition pauses while one of them
 * is started anew, by the way they share partitions, and how soon a learner that stands by acts.
 * Part of the profile {@code chaos} alone: {@code mvn verify -Pchaos -pl app -am
 * -Dchaos.run=ScalingTable}, with {@code -Dchaos.routers=1,2,4}, {@code -Dchaos.memberships},
 * {@code -Dchaos.queries} of a rate, {@code -Dchaos.rate} while routers start anew and {@code
 * -Dchaos.rounds}. All processes share the machine: its processors limit the rates.
 */
class ScalingTable {
  private static final List<Integer> ROUTERS =
      Stream.of(System.getProperty("chaos.routers", "1,2,4").split(","))
          .map(Integer::valueOf)
          .toList();
  private static final List<Membership> MEMBERSHIPS =
      Stream.of(System.getProperty("chaos.memberships", "classic,static,streams").split(","))
          .map(name -> Membership.valueOf(name.toUpperCase(Locale.ROOT)))
          .toList();
  private static final int PARTITIONS = 8;
  private static final int QUERIES = Integer.getInteger("chaos.queries", 100_000);
  private static final int PER_SECOND = Integer.getInteger("chaos.rate", 50);
  private static final int ROUNDS = Integer.getInteger("chaos.rounds", 3);

  /** A rate is taken between these decisions: neither the first batch nor the last is whole. */
  private static final double FROM = 0.2;

  private static final double TO = 0.95;

  /**
   * What a start sets off, a rebalance and another, is over by then and not measured as a pause.
   */
  private static final Duration SETTLED = Duration.ofSeconds(8);

  /** What was measured, printed together at the end. */
  private static final List<String> LINES = new ArrayList<>();

  /** How routers share partitions. */
  private enum Membership {
    CLASSIC("classic", false),
    /** As members that the brokers know by a name of their own. */
    STATIC("classic", true),
    STREAMS("streams", false);

    private final String protocol;
    private final boolean named;

    Membership(String protocol, boolean named) {
      this.protocol = protocol;
      this.named = named;
    }

    private Map<String, String> settings(String role) {
      if (!role.startsWith("router")) {
        return Map.of();
      }
      return named
          ? Map.of("router.group-protocol", protocol, "kafka.group.instance.id", role)
          : Map.of("router.group-protocol", protocol);
    }
  }

  @AfterAll
  static void print() {
    System.out.printf(
        "%n%d processors for everything, %d partitions%n",
        Runtime.getRuntime().availableProcessors(), PARTITIONS);
    LINES.forEach(System.out::println);
  }

  @Test
  void shouldRouteWithMoreRouters() throws Exception {
    Path directory = ChaosIT.emptied(Path.of("target", "chaos", "scaling-rate"));
    // without workers, whose LLMs would be down as soon as they end
    try (Installation installation = start(directory, Membership.CLASSIC, Installation.LEARNERS)) {
      installation.endLearners();

      // when, then
      for (int routers : ROUTERS) {
        keep(routers, installation);
        double warmUp = rate(installation, "w" + routers);
        double[] rates = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
          rates[round] = rate(installation, "r" + routers + "-" + round);
        }
        System.out.printf(
            "%d routers: %.0f queries/s while warming up, then %s%n",
            routers, warmUp, Arrays.toString(rates));
        LINES.add(
            String.format(
                Locale.ROOT,
                "%d routers: %s queries/s",
                routers,
                Arrays.stream(rates)
                    .sorted()
                    .mapToObj(rate -> String.format(Locale.ROOT, "%.0f", rate))
                    .collect(Collectors.joining(", "))));
      }
    }
  }

  @Test
  void shouldPauseShortlyWhileARouterStartsAnew() throws Exception {
    for (Membership membership : MEMBERSHIPS) {
      Path directory =
          ChaosIT.emptied(
              Path.of("target", "chaos", "scaling-" + membership.name().toLowerCase(Locale.ROOT)));
      try (Installation installation = start(directory, membership, Installation.OTHERS);
          Traffic traffic = Traffic.start(installation, PER_SECOND)) {
        installation.endLearners();
        for (int routers : ROUTERS.stream().filter(number -> number > 1).toList()) {
          keep(routers, installation);
          List<Duration> pauses = new ArrayList<>();
          for (int round = 0; round < ROUNDS; round++) {
            pauses.add(pause(installation, traffic, installation.routers().get(round % routers)));
          }
          System.out.printf("%s, %d routers: %s%n", membership, routers, pauses);
          LINES.add(
              String.format(
                  Locale.ROOT,
                  "%s, %d routers, one of them started anew at %d queries/s, longest silence of a"
                      + " partition: %s s",
                  membership.name().toLowerCase(Locale.ROOT),
                  routers,
                  PER_SECOND,
                  pauses.stream()
                      .sorted()
                      .map(SilenceTable::seconds)
                      .collect(Collectors.joining(", "))));
        }
      }
    }
  }

  @Test
  void shouldLearnOnWhenTheLearnerThatActsIsKilled() throws Exception {
    Path directory = ChaosIT.emptied(Path.of("target", "chaos", "scaling-learner"));
    List<Duration> taken = new ArrayList<>();
    try (Installation installation = start(directory, Membership.CLASSIC, Installation.OTHERS);
        Traffic traffic = Traffic.start(installation, PER_SECOND);
        Audit audit = new Audit(installation)) {
      for (int round = 0; round < ROUNDS; round++) {
        // given
        for (String learner : Installation.LEARNERS) {
          installation.awaitReady(learner);
        }
        Thread.sleep(SETTLED.toMillis());
        ChildProcess acting = installation.role(ChaosIT.acting(installation));

        // when
        Instant killed = Instant.now();
        long begun = System.nanoTime();
        acting.kill();

        // then
        Installation.await(
            "posteriors of the learner that stood by",
            () -> {
              audit.read();
              return audit.latestLearnt().isAfter(killed);
            });
        taken.add(Duration.ofNanos(System.nanoTime() - begun));
        acting.start();
        traffic.requireNoFailure();
      }
    }
    LINES.add(
        "a learner killed, the one that stood by has published what it learnt since: "
            + taken.stream().sorted().map(SilenceTable::seconds).collect(Collectors.joining(", "))
            + " s");
  }

  private static Installation start(Path directory, Membership membership, List<String> others)
      throws Exception {
    int most = ROUTERS.stream().max(Integer::compare).orElse(1);
    return Installation.start(
        directory,
        new Installation.Layout(
            BrokerCluster.BROKERS,
            most,
            others,
            PARTITIONS,
            true,
            BrokerCluster.SOON,
            membership::settings));
  }

  /** Lets so many routers run, and no others. */
  private static void keep(int routers, Installation installation) throws InterruptedException {
    List<String> all = installation.routers();
    all.subList(routers, all.size()).forEach(router -> installation.role(router).terminate());
    all.subList(0, routers).forEach(router -> installation.role(router).start());
    for (String router : all.subList(0, routers)) {
      installation.awaitReady(router);
    }
    Thread.sleep(SETTLED.toMillis());
  }

  private static Duration pause(Installation installation, Traffic traffic, String router)
      throws InterruptedException {
    long before = System.nanoTime();
    Installation.await("every partition goes on", () -> traffic.silences().allSince(before));
    traffic.silences().restart();
    installation.role(router).terminate();
    installation.role(router).start();
    installation.awaitReady(router);
    Thread.sleep(SETTLED.toMillis());
    long after = System.nanoTime();
    Installation.await("every partition goes on", () -> traffic.silences().allSince(after));
    traffic.requireNoFailure();
    return traffic.silences().longest();
  }

  /** Queries a second while a backlog is routed, by the decisions that are committed. */
  private static double rate(Installation installation, String name) throws Exception {
    String topic = installation.topics.queries();
    try (var serializer = AvroSerdes.of(Query.class, installation.clients()).serializer();
        KafkaConsumer<byte[], byte[]> decisions = Traffic.decisionsFromNow(installation)) {
      Thread asking = new Thread(() -> ask(installation, serializer, topic, name), "scaling-ask");
      asking.start();
      long seen = 0;
      long from = 0;
      long fromAt = 0;
      double rate = 0;
      long giveUp = System.nanoTime() + Installation.PATIENCE.toNanos();
      while (seen < QUERIES) {
        int more = decisions.poll(Duration.ofMillis(100)).count();
        long now = System.nanoTime();
        seen += more;
        if (from == 0 && seen >= QUERIES * FROM) {
          from = seen;
          fromAt = now;
        } else if (rate == 0 && seen >= QUERIES * TO) {
          rate = (seen - from) / ((now - fromAt) / 1e9);
        }
        if (more > 0) {
          giveUp = now + Installation.PATIENCE.toNanos();
        } else if (now > giveUp) {
          throw new AssertionError("no decision after " + seen + " of " + QUERIES);
        }
      }
      asking.join();
      return rate;
    }
  }

  private static void ask(
      Installation installation, Serializer<Query> serializer, String topic, String name) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                installation.cluster().bootstrapServers(),
                "compression.type",
                "lz4",
                "linger.ms",
                20,
                "batch.size",
                256 << 10),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < QUERIES; i++) {
        String id = name + "-" + i;
        Future<RecordMetadata> unused =
            producer.send(
                new ProducerRecord<>(
                    topic,
                    id.getBytes(StandardCharsets.UTF_8),
                    serializer.serialize(topic, Traffic.query(id))));
      }
    }
  }
}
