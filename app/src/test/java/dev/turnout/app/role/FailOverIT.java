package dev.turnout.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.app.quickstart.Cluster;
import dev.turnout.config.SettingValues;
import dev.turnout.encoder.EncoderId;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.grader.Grader;
import dev.turnout.grader.GraderSettings;
import dev.turnout.grader.Judgement;
import dev.turnout.kafka.CommittedReader;
import dev.turnout.kafka.RecordSender;
import dev.turnout.llm.LlmException;
import dev.turnout.router.Router;
import dev.turnout.router.RouterSettings;
import dev.turnout.schema.Attempt;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Priority;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.OutcomeId;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.worker.LlmWorker;
import dev.turnout.worker.WorkerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of queries when LLMs fail: a router, the LLMs' workers and a grader. */
@Timeout(600)
class FailOverIT {
  private static final Logger LOG = LoggerFactory.getLogger(FailOverIT.class);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** A small share of the ten thousand that {@code -Dturnout.storm=10000} sends. */
  private static final int STORM = Integer.getInteger("turnout.storm", 300);

  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(0, 0);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** Encodes every text alike: without a model, the fallback LLM takes each query. */
  private static final class PlainEncoder implements QueryEncoder {
    @Override
    public EncoderId id() {
      return new EncoderId("plain", "000000000001", 2);
    }

    @Override
    public float[][] encode(List<String> texts) {
      return texts.stream().map(text -> new float[] {1, 0}).toArray(float[][]::new);
    }

    @Override
    public void close() {}
  }

  /** A running installation whose router prefers the first LLM. */
  private static final class World implements AutoCloseable {
    final TopicCatalogue topics;
    final Map<String, MoodyLlm> llms = new HashMap<>();
    final Map<String, LlmWorker> workers = new HashMap<>();
    final RecordSender sender = RecordSender.open(cluster.settings());
    final Router router;
    final Grader grader;
    int sent;

    World(String prefix, String... ids) throws InterruptedException {
      topics = TopicCatalogue.withPrefix(prefix).withPartitions(2);
      List<LlmProfile> profiles = new ArrayList<>();
      for (String id : ids) {
        llms.put(id, new MoodyLlm());
        profiles.add(
            LlmProfile.newBuilder()
                .setId(id)
                .setTopic(topics.requests(id))
                .setStatus(LlmStatus.ACTIVE)
                .setUpdatedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                .build());
      }
      cluster.prepare(topics, profiles);
      for (String id : ids) {
        startWorker(id);
      }
      router =
          Router.start(
              RouterSettings.from(
                  values("router.fallback-llm", ids[0], "router.from", "earliest"), "test"),
              new PlainEncoder(),
              new SimpleMeterRegistry());
      grader =
          Grader.start(
              GraderSettings.from(values("grader.id", "g")),
              outcome ->
                  CompletableFuture.completedFuture(Optional.of(Judgement.of(0.5, "as ever"))),
              new SimpleMeterRegistry());
    }

    SettingValues values(String... keysAndTexts) {
      Map<String, String> texts = cluster.texts(topics);
      for (int i = 0; i < keysAndTexts.length; i += 2) {
        texts.put(keysAndTexts[i], keysAndTexts[i + 1]);
      }
      return SettingValues.of(texts);
    }

    void startWorker(String llm) {
      workers.put(
          llm,
          LlmWorker.start(
              WorkerSettings.from(
                  values("worker.llm", llm, "worker.heartbeat", "1s", "worker.patience", "5s")),
              llm(llm),
              new SimpleMeterRegistry()));
    }

    MoodyLlm llm(String id) {
      return Objects.requireNonNull(llms.get(id));
    }

    LlmWorker worker(String llm) {
      return Objects.requireNonNull(workers.get(llm));
    }

    String ask(Duration deadline) {
      return ask(deadline, Priority.INTERACTIVE);
    }

    String ask(Duration deadline, Priority priority) {
      String id = "q-" + sent++;
      CompletableFuture<Void> unusedSafe =
          sender.send(
              topics.queries(),
              id,
              AvroSerdes.of(Query.class, cluster.serdeSettings()).serializer(),
              Query.newBuilder()
                  .setId(id)
                  .setText("question " + id)
                  .setPriority(priority)
                  .setDeadline(Instant.now().plus(deadline).truncatedTo(ChronoUnit.MILLIS))
                  .build());
      return id;
    }

    /** Sends a query and waits for what becomes of it. */
    Outcome outcomeOf(String id) {
      await("the outcome of " + id, () -> outcomes().containsKey(id));
      return Objects.requireNonNull(outcomes().get(id));
    }

    /** Asks until an LLM answers. */
    void askUntilAnsweredBy(String llm) {
      await(llm + " to answer", () -> outcomeOf(ask(Duration.ofSeconds(30))).getLlm().equals(llm));
    }

    <V extends SpecificRecord> List<V> read(String topic, Class<V> type) {
      var deserializer = AvroSerdes.of(type, cluster.serdeSettings()).deserializer();
      return records(topic).stream()
          .map(record -> deserializer.deserialize(topic, record.value()))
          .toList();
    }

    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      CommittedReader.readAll(cluster.clientSettings(), topic, records::add);
      return records;
    }

    Map<String, Outcome> outcomes() {
      return read(topics.outcomes(), Outcome.class).stream()
          .collect(Collectors.toMap(Outcome::getQueryId, each -> each, (first, again) -> first));
    }

    Map<String, RoutingDecision> decisions() {
      return read(topics.decisions(), RoutingDecision.class).stream()
          .collect(Collectors.toMap(RoutingDecision::getQueryId, each -> each));
    }

    Map<String, String> letters() {
      return records(topics.dlq()).stream()
          .collect(
              Collectors.toMap(
                  record -> new String(record.key(), StandardCharsets.UTF_8),
                  record ->
                      new String(
                          record.headers().lastHeader(DeadLetters.DETAIL).value(),
                          StandardCharsets.UTF_8),
                  (first, again) -> first));
    }

    @Override
    public void close() {
      router.close();
      grader.close();
      workers.values().forEach(LlmWorker::close);
      sender.close();
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    Instant end = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("waited in vain for " + what).isBefore(end);
      pause(50);
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void shouldAnswerByOthersWhatAnLlmFails() throws Exception {
    try (World world = new World("failover", "alpha", "beta")) {
      MoodyLlm alpha = world.llm("alpha");
      MoodyLlm beta = world.llm("beta");
      world.askUntilAnsweredBy("alpha");

      // when it turns to 500s under traffic
      Instant broken = Instant.now();
      alpha.mood = MoodyLlm.BROKEN;
      Set<String> asked = new HashSet<>();
      String batch = world.ask(Duration.ofSeconds(60), Priority.BATCH);
      asked.add(batch);
      for (int i = 0; i < 60; i++) {
        asked.add(world.ask(Duration.ofSeconds(60)));
        pause(100);
      }
      await("all answers", () -> world.outcomes().keySet().containsAll(asked));

      // then another answers, with the way it took, and new queries go there soon
      Map<String, Outcome> outcomes = world.outcomes();
      Map<String, RoutingDecision> decisions = world.decisions();
      assertThat(asked)
          .allSatisfy(
              id -> {
                Outcome outcome = Objects.requireNonNull(outcomes.get(id));
                assertThat(outcome.getStatus()).isEqualTo(OutcomeStatus.SUCCEEDED);
                assertThat(outcome.getLlm()).isEqualTo("beta");
              });
      List<Outcome> onward =
          outcomes.values().stream().filter(each -> each.getAttempt() > 1).toList();
      assertThat(onward)
          .isNotEmpty()
          .allSatisfy(
              each -> {
                assertThat(each.getAttempt()).isEqualTo(2);
                assertThat(each.getTrail()).hasSize(1);
                Attempt attempt = each.getTrail().get(0);
                assertThat(attempt.getLlm()).isEqualTo("alpha");
                assertThat(attempt.getStatus()).isEqualTo(OutcomeStatus.FAILED);
                assertThat(attempt.getError()).contains("HTTP 500");
              });
      // what may take its time goes on as such
      assertThat(world.read(world.topics.requests("beta", Priority.BATCH), RoutedRequest.class))
          .extracting(each -> each.getQuery().getId() + " " + each.getAttempt())
          .contains(batch + " 2");
      assertThat(world.read(world.topics.requests("beta"), RoutedRequest.class))
          .noneMatch(each -> each.getQuery().getId().equals(batch));
      Instant last =
          decisions.values().stream()
              .filter(each -> asked.contains(each.getQueryId()))
              .filter(each -> each.getLlm().equals("alpha"))
              .map(RoutingDecision::getDecidedAt)
              .max(Instant::compareTo)
              .orElse(broken);
      RoutingDecision instead =
          decisions.values().stream()
              .filter(each -> asked.contains(each.getQueryId()))
              .filter(each -> each.getLlm().equals("beta"))
              .findFirst()
              .orElseThrow();
      assertThat(instead.getReason())
          .contains("alpha would be best but is unavailable since", "HTTP 500");
      assertThat(instead.getRanking())
          .filteredOn(place -> place.getLlm().equals("alpha"))
          .singleElement()
          .satisfies(
              place -> {
                assertThat(place.getEligible()).isFalse();
                assertThat(place.getPropensity()).isZero();
                assertThat(place.getIneligibleReason()).startsWith("unavailable since");
              });
      assertThat(world.worker("alpha").health(Instant.now()).problems().toString())
          .contains("LLM alpha is unavailable since", "HTTP 500");
      // and no request was asked more often than it has attempts
      assertThat(
              alpha.since(broken).stream()
                  .collect(Collectors.groupingBy(MoodyLlm.Asked::query, Collectors.counting()))
                  .values())
          .allMatch(calls -> calls <= 3);

      // when it recovers
      Instant recovered = Instant.now();
      alpha.mood = MoodyLlm.WELL;
      await("a probe", () -> !alpha.probesSince(recovered).isEmpty());
      Instant probed = alpha.probesSince(recovered).get(0).at();
      world.askUntilAnsweredBy("alpha");

      // then that is noticed soon
      LOG.atInfo()
          .setMessage("fail-over measured")
          .addKeyValue("trafficStoppedAfterMs", Duration.between(broken, last).toMillis())
          .addKeyValue("probedAfterMs", Duration.between(recovered, probed).toMillis())
          .addKeyValue("answersAfterMs", Duration.between(recovered, Instant.now()).toMillis())
          .log();
      assertThat(Duration.between(broken, last)).isLessThan(Duration.ofSeconds(10));
      assertThat(Duration.between(recovered, probed)).isLessThan(Duration.ofSeconds(15));

      // when it takes nobody's key
      Instant locked = Instant.now();
      alpha.mood = MoodyLlm.LOCKED;
      Outcome unlocked = world.outcomeOf(world.ask(Duration.ofSeconds(30)));

      // then one call says so
      assertThat(unlocked.getLlm()).isEqualTo("beta");
      assertThat(alpha.since(locked)).hasSize(1);
      alpha.mood = MoodyLlm.WELL;
      world.askUntilAnsweredBy("alpha");

      // when it wants to be left alone for a while
      Instant busy = Instant.now();
      alpha.mood = MoodyLlm.overloaded(Duration.ofSeconds(4));
      String first = world.ask(Duration.ofSeconds(30));
      assertThat(world.outcomeOf(first).getLlm()).isEqualTo("beta");
      alpha.mood = MoodyLlm.WELL;
      world.askUntilAnsweredBy("alpha");

      // then it is, by probes too
      List<Instant> calls =
          alpha.calls.stream().map(MoodyLlm.Asked::at).filter(at -> at.isAfter(busy)).toList();
      assertThat(Duration.between(calls.get(0), calls.get(1)))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(4));

      // when all are down
      alpha.mood = MoodyLlm.BROKEN;
      beta.mood = MoodyLlm.BROKEN;
      await(
          "a refusal",
          () -> {
            String id = world.ask(Duration.ofSeconds(30));
            await("an end of " + id, () -> world.letters().containsKey(id));
            return world
                .letters()
                .getOrDefault(id, "")
                .startsWith("no LLM is available at present");
          });

      // then nothing of all that was graded
      Map<String, Outcome> all = world.outcomes();
      Set<String> answered =
          all.values().stream()
              .filter(each -> each.getStatus() == OutcomeStatus.SUCCEEDED)
              .map(Outcome::getQueryId)
              .collect(Collectors.toSet());
      assertThat(all.size()).isGreaterThan(answered.size());
      await(
          "all grades",
          () ->
              world.read(world.topics.feedback(), Grade.class).stream()
                  .map(Grade::getQueryId)
                  .collect(Collectors.toSet())
                  .equals(answered));
    }
  }

  @Test
  void shouldGiveEveryQueryOneAnswerOrOneExplainedError() throws Exception {
    // given three LLMs that fail in every way, and workers that come and go
    Random random = new Random(7);
    String[] ids = {"alpha", "beta", "gamma"};
    try (World world = new World("storm", ids)) {
      List<MoodyLlm.Mood> moods =
          List.of(
              MoodyLlm.WELL,
              MoodyLlm.WELL,
              MoodyLlm.BROKEN,
              MoodyLlm.LOCKED,
              MoodyLlm.SILENT,
              MoodyLlm.overloaded(Duration.ofSeconds(1)),
              query ->
                  query.hashCode() % 3 == 0
                      ? MoodyLlm.failing(LlmException.Kind.REJECTED, 400, null)
                      : MoodyLlm.later(Duration.ofMillis(20)));
      world.askUntilAnsweredBy("alpha");
      Map<String, Instant> deadlines = new HashMap<>();
      int restart = STORM / 5;
      for (int i = 0; i < STORM; i++) {
        if (i % 25 == 0) {
          MoodyLlm llm = world.llm(ids[random.nextInt(ids.length)]);
          llm.mood = moods.get(random.nextInt(moods.size()));
        }
        if (i % restart == restart - 1) {
          String llm = ids[random.nextInt(ids.length)];
          world.worker(llm).close();
          world.startWorker(llm);
        }
        Duration deadline = Duration.ofMillis(2_000 + random.nextInt(6_000));
        deadlines.put(world.ask(deadline), Instant.now().plus(deadline));
        pause(random.nextInt(20));
      }

      // when all have come to their ends
      await(
          "an end of each",
          () -> {
            Set<String> ended = new HashSet<>(world.outcomes().keySet());
            ended.addAll(world.letters().keySet());
            return ended.containsAll(deadlines.keySet());
          });

      // then each has one
      List<Outcome> outcomes = world.read(world.topics.outcomes(), Outcome.class);
      Map<String, String> letters = world.letters();
      Map<String, Set<OutcomeId>> calls = new HashMap<>();
      for (Outcome outcome : outcomes) {
        calls
            .computeIfAbsent(outcome.getQueryId(), id -> new HashSet<>())
            .add(OutcomeId.of(outcome));
        if (outcome.getStatus() != OutcomeStatus.SUCCEEDED) {
          assertThat(outcome.getError()).isNotBlank();
        }
        Instant deadline = deadlines.get(outcome.getQueryId());
        if (deadline != null && outcome.getStatus() == OutcomeStatus.SUCCEEDED) {
          assertThat(outcome.getFinishedAt()).isBefore(deadline.plusSeconds(1));
        }
      }
      assertThat(deadlines.keySet())
          .allSatisfy(
              id -> {
                if (calls.containsKey(id)) {
                  assertThat(calls.get(id)).as(id).hasSize(1);
                } else {
                  assertThat(letters.get(id)).isNotBlank();
                }
              });
      LOG.atInfo()
          .setMessage("storm measured")
          .addKeyValue("queries", deadlines.size())
          .addKeyValue(
              "outcomes",
              outcomes.stream()
                  .collect(Collectors.groupingBy(Outcome::getStatus, Collectors.counting())))
          .addKeyValue(
              "refused", deadlines.keySet().stream().filter(id -> !calls.containsKey(id)).count())
          .addKeyValue("onward", outcomes.stream().filter(each -> each.getAttempt() > 1).count())
          .log();
    }
  }
}
