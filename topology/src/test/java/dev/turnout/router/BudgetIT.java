package dev.turnout.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.control.tenant.TenantPublisher;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.Tenant;
import dev.turnout.serde.AvroSerdes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two routers share one tenant's budget on a real broker. */
class BudgetIT {
  private static final Duration PATIENCE = RealKafka.PATIENCE;
  private static final double BURST = 0.03;
  private static final double USD_PER_SECOND = 0.0005;

  /** About 0.000515 USD: 256 tokens of answer and a short prompt at the tiny models' prices. */
  private static final double LARGEST_COST = 0.00053;

  private final Set<String> answered = new HashSet<>();

  private static Router start(RealKafka kafka, String id, Path dir) {
    return start(kafka, id, dir, new SimpleMeterRegistry());
  }

  private static Router start(RealKafka kafka, String id, Path dir, MeterRegistry meters) {
    return Router.start(
        kafka.settings("router.id", id, "kafka.state.dir", dir.resolve(id).toString()),
        new TinyEncoder(),
        meters);
  }

  private static void setBudget(RealKafka kafka) throws InterruptedException {
    try (TenantPublisher tenants =
        TenantPublisher.open(kafka.topics.tenants(), kafka.clientConfig())) {
      tenants.publish(
          Tenant.newBuilder()
              .setTenant("acme")
              .setBudgetUsdPerHour(3_600 * USD_PER_SECOND)
              .setBurstUsd(BURST)
              .setUpdatedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
              .build());
    }
  }

  private static void flood(RealKafka kafka, int from, int to) {
    for (int i = from; i < to; i++) {
      kafka.send(
          "q-" + i,
          kafka.bytes(
              Query.newBuilder()
                  .setId("q-" + i)
                  .setTenant("acme")
                  .setText("question number " + i)
                  .build()));
    }
  }

  /** Answers every request once, at what the decision expected. */
  private void answer(RealKafka kafka) throws Exception {
    var outcomes = AvroSerdes.of(Outcome.class, kafka.serdes).serializer();
    String topic = kafka.topics.outcomes();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (String llm : TinyModels.LLMS) {
        for (RoutedRequest request :
            kafka.committed(kafka.topics.requests(llm), RoutedRequest.class)) {
          String id = request.getQuery().getId();
          if (answered.add(id)) {
            Outcome outcome =
                Outcome.newBuilder()
                    .setQueryId(id)
                    .setTenant("acme")
                    .setLlm(llm)
                    .setStatus(OutcomeStatus.SUCCEEDED)
                    .setCostUsd(cost(request.getDecision()))
                    .setFinishedAt(Instant.now())
                    .build();
            producer
                .send(
                    new ProducerRecord<>(
                        topic,
                        id.getBytes(StandardCharsets.UTF_8),
                        outcomes.serialize(topic, outcome)))
                .get();
          }
        }
      }
    }
  }

  private void answerOrThrow(RealKafka kafka) {
    try {
      answer(kafka);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static double cost(RoutingDecision decision) {
    return decision.getRanking().stream()
        .filter(score -> score.getLlm().equals(decision.getLlm()))
        .mapToDouble(score -> score.getExpectedCostUsd())
        .sum();
  }

  private static double admitted(RealKafka kafka) {
    return kafka.committed(kafka.topics.decisions(), RoutingDecision.class).stream()
        .mapToDouble(BudgetIT::cost)
        .sum();
  }

  private static int settled(RealKafka kafka) {
    return kafka.committed(List.of(kafka.topics.decisions())).size()
        + kafka.committed(List.of(kafka.topics.dlq())).size();
  }

  private static BudgetState state(RealKafka kafka) {
    List<BudgetState> states = kafka.committed(kafka.topics.budgets(), BudgetState.class);
    return states.isEmpty()
        ? BudgetState.newBuilder()
            .setTenant("acme")
            .setSpentUsd(0)
            .setReservedUsd(0)
            .setFreeUsd(BURST)
            .setPrice(0)
            .setAt(Instant.EPOCH)
            .build()
        : states.get(states.size() - 1);
  }

  /** Answers until the owner has counted every cost. */
  private void awaitSpent(RealKafka kafka, double usd) throws InterruptedException {
    RealKafka.await(
        "the owner to have counted " + usd,
        PATIENCE,
        () -> {
          answerOrThrow(kafka);
          return Math.abs(state(kafka).getSpentUsd() - usd) < 1e-9;
        });
  }

  @Test
  void shouldNotLetTwoRoutersOverspendNorForgetAfterARestart(@TempDir Path dir) throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("budget")) {
      // given
      kafka.publishLlms();
      kafka.publishModel("m1");
      setBudget(kafka);
      Instant begun = Instant.now();
      double afterFirst;

      // when two routers are flooded with ten times what the budget pays for
      try (Router one = start(kafka, "one", dir);
          Router two = start(kafka, "two", dir)) {
        // money that was drawn while partitions move is not known to who gets them
        RealKafka.await(
            "both routers to have their partitions", PATIENCE, () -> settledMembers(kafka) == 2);
        flood(kafka, 0, 600);
        RealKafka.await("600 settled", PATIENCE, () -> settled(kafka) >= 600);
        assertThat(one.status().live() && two.status().live()).isTrue();

        // then no more than the burst and what flowed in meanwhile is admitted
        afterFirst = admitted(kafka);
        double flowed =
            USD_PER_SECOND * Duration.between(begun, Instant.now()).toMillis() / 1_000.0;
        assertThat(afterFirst).isLessThanOrEqualTo(BURST + flowed + LARGEST_COST);
        assertThat(afterFirst).isGreaterThan(0.5 * BURST);

        // when every request is answered
        awaitSpent(kafka, afterFirst);

        // then nothing stays reserved
        assertThat(state(kafka).getReservedUsd()).isZero();
      }

      // when both have gone, and another comes with state of its own and is flooded
      try (Router three = start(kafka, "three", dir)) {
        flood(kafka, 600, 1_200);
        RealKafka.await("1,200 settled", PATIENCE, () -> settled(kafka) >= 1_200);
        assertThat(three.status().live()).isTrue();
        double afterSecond = admitted(kafka);
        awaitSpent(kafka, afterSecond);

        // then it has not begun with a full budget: all in all no more than flowed in is spent
        double flowed =
            USD_PER_SECOND * Duration.between(begun, Instant.now()).toMillis() / 1_000.0;
        assertThat(afterSecond).isGreaterThan(afterFirst);
        assertThat(afterSecond).isLessThanOrEqualTo(BURST + flowed + LARGEST_COST);
        assertThat(state(kafka).getPrice()).isPositive();
      }
      assertThat(settled(kafka)).isEqualTo(1_200);
    }
  }

  /** Routers with partitions, once none of them moves any more; else 0. */
  private static int settledMembers(RealKafka kafka) {
    String group = kafka.topics.prefix() + "router";
    try (Admin admin = Admin.create(kafka.clientConfig())) {
      ConsumerGroupDescription found =
          Objects.requireNonNull(
                  admin.describeConsumerGroups(List.of(group)).describedGroups().get(group), group)
              .get();
      return found.groupState() == GroupState.STABLE
              && found.members().stream()
                  .noneMatch(member -> member.assignment().topicPartitions().isEmpty())
          ? found.members().size()
          : 0;
    } catch (ExecutionException notYet) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static boolean knows(SimpleMeterRegistry router) {
    return router.find("turnout.budget.free.usd").tag("tenant", "acme").gauge() != null;
  }

  private static double spent(SimpleMeterRegistry router) {
    return router.get("turnout.budget.spent.usd").tag("tenant", "acme").gauge().value();
  }

  @Test
  void shouldGoByABudgetThatIsSetAndRemovedWhileTwoRoutersRun(@TempDir Path dir) throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("budget-set")) {
      // given two routers and no tenant with a budget
      kafka.publishLlms();
      kafka.publishModel("m1");
      SimpleMeterRegistry first = new SimpleMeterRegistry();
      SimpleMeterRegistry second = new SimpleMeterRegistry();
      try (Router one = start(kafka, "one", dir, first);
          Router two = start(kafka, "two", dir, second)) {
        flood(kafka, 0, 200);
        RealKafka.await("200 settled", PATIENCE, () -> settled(kafka) >= 200);
        double unbounded = admitted(kafka);
        answer(kafka);
        assertThat(kafka.committed(List.of(kafka.topics.dlq()))).isEmpty();

        // when it gets one
        Instant set = Instant.now();
        setBudget(kafka);
        RealKafka.await("both to know", PATIENCE, () -> knows(first) && knows(second));
        flood(kafka, 200, 600);
        RealKafka.await("600 settled", PATIENCE, () -> settled(kafka) >= 600);

        // then it holds on both, and what was answered before it is not charged
        double bounded = admitted(kafka) - unbounded;
        double flowed = USD_PER_SECOND * Duration.between(set, Instant.now()).toMillis() / 1_000.0;
        assertThat(bounded).isLessThanOrEqualTo(BURST + flowed + LARGEST_COST);
        assertThat(kafka.committed(List.of(kafka.topics.dlq()))).isNotEmpty();
        assertThat(one.status().live() && two.status().live()).isTrue();
        RealKafka.await(
            "both to have the same account",
            PATIENCE,
            () -> {
              answerOrThrow(kafka);
              return Math.abs(spent(first) - bounded) < 1e-9 && spent(first) == spent(second);
            });

        // when it is removed
        try (TenantPublisher tenants =
            TenantPublisher.open(kafka.topics.tenants(), kafka.clientConfig())) {
          tenants.remove("acme");
        }
        RealKafka.await("both to forget", PATIENCE, () -> !knows(first) && !knows(second));
        int refused = kafka.committed(List.of(kafka.topics.dlq())).size();
        flood(kafka, 600, 800);
        RealKafka.await("800 settled", PATIENCE, () -> settled(kafka) >= 800);

        // then it spends as it likes again
        assertThat(kafka.committed(List.of(kafka.topics.dlq()))).hasSize(refused);
      }
    }
  }
}
