package dev.turnout.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.chaos.StormClients.Reply;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Asks ten thousand questions of a gateway while LLMs fail in every way and their workers, real
 * processes, are killed: {@code mvn verify -Pchaos -pl app -am -Dchaos.run=Storm}, with {@code
 * -Dchaos.requests}, {@code -Dchaos.rate} and {@code -Dchaos.seed}.
 *
 * <p>What it holds to: every question has one reply, an answer or an error in words, and none after
 * its deadline; what a client was given is an answer that stands on the outcomes topic; and the
 * tenant is charged for every call once, however often it was reported.
 */
class Storm {
  private static final int REQUESTS = Integer.getInteger("chaos.requests", 10_000);
  private static final double PER_SECOND = Integer.getInteger("chaos.rate", 50);
  private static final long SEED = Long.getLong("chaos.seed", 1);
  private static final int KINDS = 12;
  private static final String TENANT = "storm";

  /** What a busy machine may take to bring an answer that was given in time. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  /** What it may take to say that there is none, which is known at the deadline only. */
  private static final Duration TOLERANCE_OF_ERRORS = Duration.ofSeconds(10);

  @Test
  void shouldGiveEachRequestOneAnswerOrOneExplainedErrorInTime() throws Exception {
    Path directory = ChaosIT.emptied(Path.of("target", "chaos", "storm-" + SEED));
    try (StormWorld world = StormWorld.start(directory, TENANT)) {
      // given
      StormClients clients =
          new StormClients(
              world.url(), TENANT, List.of("auto", "auto", "auto", "auto", "alpha", "beta"), SEED);
      Installation.await("an answer", () -> clients.ask(1, 1).stream().allMatch(Reply::isAnswer));

      // when
      Weather weather = new Weather(world);
      List<Reply> replies;
      weather.start();
      try {
        replies = clients.ask(REQUESTS, PER_SECOND);
      } finally {
        weather.end();
      }

      // then
      assertThat(weather.kills()).isPositive();
      examine(replies, world, weather);
    }
  }

  private static void examine(List<Reply> replies, StormWorld world, Weather weather)
      throws InterruptedException {
    Map<Integer, Long> statuses =
        replies.stream()
            .collect(Collectors.groupingBy(Reply::status, TreeMap::new, Collectors.counting()));
    Duration latest = latest(replies.stream());
    Duration latestAnswer = latest(replies.stream().filter(Reply::isAnswer));
    System.out.printf(
        "%d requests, %d kills of workers, %d changes of mood; replies by status %s; from its"
            + " deadline, the latest answer came %+d ms, the latest reply %+d ms%n",
        replies.size(),
        weather.kills(),
        weather.changes(),
        statuses,
        latestAnswer.toMillis(),
        latest.toMillis());

    replies.stream()
        .filter(reply -> !reply.isAnswer())
        .collect(
            Collectors.groupingBy(
                reply -> reply.status() + " " + reply.text().replaceAll("[0-9]+", "N"),
                Collectors.counting()))
        .entrySet()
        .stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(KINDS)
        .forEach(kind -> System.out.println(kind.getValue() + " x " + kind.getKey()));

    // one reply each, an answer or an error in words, in time
    assertThat(replies).hasSize(REQUESTS).allMatch(reply -> reply.status() > 0);
    assertThat(replies)
        .allSatisfy(reply -> assertThat(reply.text()).as("status %d", reply.status()).isNotBlank());
    assertThat(latestAnswer).isLessThan(TOLERANCE);
    assertThat(latest).isLessThan(TOLERANCE_OF_ERRORS);
    assertThat(statuses.getOrDefault(200, 0L)).as("answers").isPositive();

    // what was given is what stands there, and no question's answer is another's
    StormLedger ledger = StormLedger.read(world.clients(), world.topics);
    Set<String> given = new HashSet<>();
    for (Reply reply : replies) {
      if (reply.isAnswer()) {
        assertThat(given.add(reply.text())).as("%s was given twice", reply.text()).isTrue();
        assertThat(ledger.of(reply.query()))
            .filteredOn(outcome -> outcome.getStatus() == OutcomeStatus.SUCCEEDED)
            .extracting(Outcome::getAnswer)
            .anyMatch(answer -> reply.text().equals(String.valueOf(answer)));
      }
    }
    awaitCharges(world);
  }

  private static Duration latest(Stream<Reply> replies) {
    return replies.map(Reply::late).max(Duration::compareTo).orElse(Duration.ZERO);
  }

  /** The account comes to what all calls cost, each once, as soon as it has read them all. */
  private static void awaitCharges(StormWorld world) throws InterruptedException {
    Instant giveUp = Instant.now().plus(Duration.ofMinutes(1));
    StormLedger ledger = StormLedger.read(world.clients(), world.topics);
    double charged = ledger.charged(TENANT);
    while (Math.abs(charged - ledger.paid()) > 1e-9 && Instant.now().isBefore(giveUp)) {
      Thread.sleep(500);
      ledger = StormLedger.read(world.clients(), world.topics);
      charged = ledger.charged(TENANT);
    }
    System.out.printf(
        "%d reports of a call beyond its first, %d queries answered by two calls; all calls cost"
            + " %.6f USD, the tenant was charged %.6f%n",
        ledger.secondReports(), ledger.answeredTwice(), ledger.paid(), charged);
    assertThat(charged).isCloseTo(ledger.paid(), within(1e-9));
  }

  /** Changes the LLMs' moods and kills their workers, drawn by chance, until it is told to end. */
  private static final class Weather {
    private static final int MOOD_MILLIS = 3_000;
    private static final int MOODS_A_KILL = 5;

    private final StormWorld world;
    private final Random random = new Random(SEED);
    private final Thread thread = new Thread(this::run, "weather");
    private final AtomicInteger kills = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();

    Weather(StormWorld world) {
      this.world = world;
    }

    int kills() {
      return kills.get();
    }

    int changes() {
      return changes.get();
    }

    void start() {
      thread.start();
    }

    void end() throws InterruptedException {
      thread.interrupt();
      thread.join();
      StormWorld.LLMS.forEach(llm -> world.llms().set(llm, StormyLlms.Mood.WELL));
    }

    private void run() {
      StormyLlms.Mood[] moods = StormyLlms.Mood.values();
      try {
        while (true) {
          String llm = StormWorld.LLMS.get(random.nextInt(StormWorld.LLMS.size()));
          // well half of the time: a storm, and no night
          world
              .llms()
              .set(
                  llm,
                  random.nextBoolean()
                      ? StormyLlms.Mood.WELL
                      : moods[random.nextInt(moods.length)]);
          if (changes.incrementAndGet() % MOODS_A_KILL == 0) {
            ChildProcess worker = world.workers().get(random.nextInt(world.workers().size()));
            worker.kill();
            kills.incrementAndGet();
            Thread.sleep(500 + random.nextInt(2_000));
            worker.start();
          }
          Thread.sleep(MOOD_MILLIS);
        }
      } catch (InterruptedException over) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
