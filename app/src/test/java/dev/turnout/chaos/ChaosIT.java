package dev.turnout.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Breaks an installation of real processes at random while queries flow, and accounts for every
 * query and grade afterwards.
 *
 * <p>{@code mvn verify} runs {@value #SHORT} faults. {@code mvn verify -Pchaos -pl app -am
 * -Dchaos.faults=1000 -Dchaos.seed=7 -Dchaos.bound=60} is a long one, with a real Apicurio; runs of
 * several seeds may be added up. A partition that is stuck fails either, since what hangs on it is
 * never accounted for.
 */
@Tag("alone")
class ChaosIT {
  private static final int SHORT = 26;
  private static final int FAULTS = Integer.getInteger("chaos.faults", SHORT);
  private static final long SEED = Long.getLong("chaos.seed", 1);
  private static final double QUERIES_PER_SECOND = Integer.getInteger("chaos.rate", 10);

  private static final Duration SAID_EVERY = Duration.ofSeconds(20);

  /** Seconds of silence after which a partition is called stuck; none says nothing of the kind. */
  private static final int BOUND = Integer.getInteger("chaos.bound", Integer.MAX_VALUE);

  @Test
  void shouldLoseAndDoubleNothingWhateverBreaks() throws Exception {
    Path directory = emptied(Path.of("target", "chaos", "run-" + SEED));
    String again =
        "mvn verify -Pchaos -pl app -am -Dchaos.seed=%d -Dchaos.faults=%d".formatted(SEED, FAULTS);
    try (Installation installation = Installation.start(directory, Map.of(), Map.of());
        Traffic traffic = Traffic.start(installation, QUERIES_PER_SECOND);
        FaultInjector injector = new FaultInjector(installation, traffic);
        Audit audit = new Audit(installation)) {
      // given
      long begun = System.nanoTime();
      Installation.await("a decision in every partition", () -> traffic.silences().allSince(begun));
      traffic.silences().restart();

      // when
      injector.run(Fault.plan(SEED, FAULTS, installation.disk() != null));
      long over = System.nanoTime();
      Installation.await(
          "every partition goes on after the last fault", () -> traffic.silences().allSince(over));
      traffic.finishAsking();
      print(installation, traffic);

      // then
      settle(audit, traffic);
      requireEqualLearners(installation, audit);
      assertThat(traffic.silences().worst(1))
          .as("longest silence of a partition")
          .noneMatch(silence -> silence.duration().toSeconds() > BOUND);
    } catch (Exception | AssertionError broken) {
      throw new AssertionError(
          "seed "
              + SEED
              + " broke it; logs lie in "
              + directory.toAbsolutePath()
              + "; again: "
              + again,
          broken);
    }
  }

  /**
   * Waits until everything is accounted for, and says what is not when nothing more has come for
   * long: how much there is to catch up with depends on the machine.
   */
  static void settle(Audit audit, Traffic traffic) throws InterruptedException {
    long giveUp = System.nanoTime() + Installation.PATIENCE.toNanos();
    long say = System.nanoTime() + SAID_EVERY.toNanos();
    Map<String, Object> before = Map.of();
    List<String> problems;
    do {
      Thread.sleep(1_000);
      audit.read();
      problems = audit.problems(traffic);
      if (!audit.allLearnt()) {
        problems.add("samples that no posteriors rest on");
      }
      Map<String, Object> figures = audit.figures();
      if (!figures.equals(before)) {
        before = figures;
        giveUp = System.nanoTime() + Installation.PATIENCE.toNanos();
      }
      if (System.nanoTime() > say) {
        System.out.println("not yet: " + problems);
        say = System.nanoTime() + SAID_EVERY.toNanos();
      }
    } while (!problems.isEmpty() && System.nanoTime() < giveUp);
    System.out.println("in the end: " + audit.figures());
    assertThat(problems).isEmpty();
  }

  /** The learner that stood by takes over, and says the same as the one that acted. */
  private static void requireEqualLearners(Installation installation, Audit audit)
      throws Exception {
    String active = acting(installation);
    Map<String, String> before = audit.learnt(Instant.EPOCH);
    Instant handedOver = Instant.now();
    installation.role(active).terminate();
    Installation.await(
        "posteriors of the learner that takes over",
        () -> {
          audit.read();
          return audit.learnt(handedOver).keySet().stream().anyMatch(before::containsKey);
        });
    Map<String, String> after = audit.learnt(handedOver);
    after.keySet().retainAll(before.keySet());
    before.keySet().retainAll(after.keySet());
    assertThat(after).as("posteriors before and after %s handed over", active).isEqualTo(before);
    System.out.printf("learners: equal posteriors of %d models%n", after.size());
  }

  /** The learner that acts; after a rebalance it may take a while until one does. */
  static String acting(Installation installation) throws InterruptedException {
    List<String> acting = new ArrayList<>();
    Installation.await(
        "a learner that acts",
        () -> {
          acting.addAll(leaders(installation));
          return !acting.isEmpty();
        });
    return acting.get(0);
  }

  private static List<String> leaders(Installation installation) throws InterruptedException {
    String group = "chaos-learner-fold";
    try {
      ConsumerGroupDescription described =
          installation
              .admin()
              .describeConsumerGroups(List.of(group))
              .all()
              .get(30, TimeUnit.SECONDS)
              .get(group);
      return described == null
          ? List.of()
          : described.members().stream()
              .filter(member -> !member.assignment().topicPartitions().isEmpty())
              .map(MemberDescription::clientId)
              .toList();
    } catch (ExecutionException | TimeoutException notNow) {
      return List.of();
    }
  }

  private static void print(Installation installation, Traffic traffic) {
    System.out.printf(
        "%d queries, %d of them perhaps not sent; %d records that nobody can use, and %s not"
            + " taken by the brokers%n",
        traffic.queries().size() + traffic.uncertain().size(),
        traffic.uncertain().size(),
        traffic.poison().size(),
        traffic.refusedPoison());
    traffic
        .silences()
        .worst(5)
        .forEach(
            each ->
                System.out.printf(
                    "partition %d was silent for %.1f s%n",
                    each.partition(), each.duration().toMillis() / 1_000.0));
    installation.roles().stream()
        .filter(role -> role.deaths() > 0)
        .forEach(role -> System.out.printf("%s ended by itself %d times%n", role, role.deaths()));
  }

  /** A folder with nothing in it. */
  static Path emptied(Path directory) throws IOException, InterruptedException {
    SmallDisk.unmount(directory.resolve(Installation.SMALL_DISK));
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    return Files.createDirectories(directory);
  }
}
