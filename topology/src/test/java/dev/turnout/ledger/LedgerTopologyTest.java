package dev.turnout.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.budget.BudgetSettings;
import dev.turnout.budget.BudgetSnapshot;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetMovement;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LedgerTopologyTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Map<String, Object> SERDES = Map.of("schema.registry.url", "mock://ledger");
  private final TopicCatalogue topics = TopicCatalogue.standard();
  private final TenantBudgets budgets =
      new TenantBudgets(
          // 0.001 USD a second
          Map.of("acme", new BudgetSettings(3.6, 1, 0.5, 100)), Duration.ofSeconds(30));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final BudgetAgreement agreement =
      new BudgetAgreement(budgets, Clock.fixed(START, ZoneOffset.UTC), meters);
  private final TopologyTestDriver driver = driver();

  private TopologyTestDriver driver() {
    Properties config = new Properties();
    config.put("application.id", "ledger");
    config.put("bootstrap.servers", "nowhere:9092");
    return new TopologyTestDriver(
        LedgerTopology.of(budgets, agreement, topics, SERDES), config, START);
  }

  @AfterEach
  void close() {
    driver.close();
  }

  private <T extends SpecificRecord> void send(String topic, String key, Class<T> type, T value) {
    driver
        .createInputTopic(topic, new StringSerializer(), AvroSerdes.of(type, SERDES).serializer())
        .pipeInput(new TestRecord<>(key, value, START));
  }

  private void moved(String id, BudgetMovement kind, @Nullable Double usd, int second) {
    moved("acme", budgets.digest(), id, kind, usd, second);
  }

  private void moved(
      String tenant, String by, String id, BudgetMovement kind, @Nullable Double usd, int second) {
    send(
        topics.budgetEvents(),
        tenant,
        BudgetEvent.class,
        BudgetEvent.newBuilder()
            .setTenant(tenant)
            .setQueryId(id)
            .setLlm("l")
            .setKind(kind)
            .setUsd(usd)
            .setAt(START.plusSeconds(second))
            .setBudgets(by)
            .build());
  }

  private double disagreements() {
    return meters.get("turnout.budget.disagreements").gauge().value();
  }

  private void ended(
      String id, String tenant, OutcomeStatus status, @Nullable Double usd, int second) {
    send(
        topics.outcomes(),
        id,
        Outcome.class,
        Outcome.newBuilder()
            .setQueryId(id)
            .setTenant(tenant)
            .setLlm("l")
            .setStatus(status)
            .setCostUsd(usd)
            .setFinishedAt(START.plusSeconds(second))
            .build());
  }

  private List<BudgetState> told() {
    driver.advanceWallClockTime(Duration.ofMillis(250));
    return driver
        .createOutputTopic(
            topics.budgets(),
            new StringDeserializer(),
            AvroSerdes.of(BudgetState.class, SERDES).deserializer())
        .readValuesToList();
  }

  @Test
  void shouldSayByWhichBudgetsTheAccountIsKept() {
    moved("q", BudgetMovement.RESERVED, 0.4, 0);

    assertThat(told().get(0).getBudgets()).isEqualTo(budgets.digest());
  }

  @Test
  void shouldNoticeASpenderWithOtherBudgetsAndCountItsMoneyAllTheSame() {
    // given what agrees, an outcome's charge among it
    moved("q", BudgetMovement.RESERVED, 0.4, 0);
    ended("q", "acme", OutcomeStatus.SUCCEEDED, 0.3, 0);
    assertThat(disagreements()).isZero();

    // when
    moved("acme", "theirs", "r", BudgetMovement.RESERVED, 0.2, 0);

    // then
    assertThat(disagreements()).isEqualTo(1);
    assertThat(told().get(0).getReservedUsd()).isEqualTo(0.2);
  }

  @Test
  void shouldNoticeASpenderOfATenantThatHasNoBudgetHere() {
    moved("stranger", "theirs", "q", BudgetMovement.RESERVED, 0.4, 0);

    assertThat(disagreements()).isEqualTo(1);
    assertThat(told()).isEmpty();
  }

  @Test
  void shouldSayByWhichBudgetsAnOutcomeIsCharged() {
    ended("q", "acme", OutcomeStatus.SUCCEEDED, 0.3, 0);

    BudgetEvent charge =
        driver
            .createOutputTopic(
                topics.budgetEvents(),
                new StringDeserializer(),
                AvroSerdes.of(BudgetEvent.class, SERDES).deserializer())
            .readValue();
    assertThat(charge.getBudgets()).isEqualTo(budgets.digest());
  }

  @Test
  void shouldReserveAtTheDecisionAndSettleWithTheOutcome() {
    // given
    moved("q", BudgetMovement.RESERVED, 0.4, 0);
    BudgetState reserved = told().get(0);
    assertThat(reserved.getReservedUsd()).isEqualTo(0.4);
    assertThat(reserved.getFreeUsd()).isCloseTo(0.6, within(1e-9));

    // when
    ended("q", "acme", OutcomeStatus.SUCCEEDED, 0.3, 0);

    // then
    BudgetState settled = told().get(0);
    assertThat(settled.getSpentUsd()).isEqualTo(0.3);
    assertThat(settled.getReservedUsd()).isZero();
    assertThat(settled.getFreeUsd()).isCloseTo(0.7, within(1e-9));
    assertThat(settled.getPrice()).isPositive();
  }

  @Test
  void shouldNotRefillForAnOutcomeFromTheFuture() {
    moved("q", BudgetMovement.RESERVED, 0.4, 0);

    ended("q", "acme", OutcomeStatus.SUCCEEDED, 0.3, 3_600);

    assertThat(told().get(0).getFreeUsd()).isCloseTo(0.7, within(1e-9));
  }

  @Test
  void shouldReleaseWhatFailedAndSettleUnknownCostsAsReserved() {
    // given
    moved("failed", BudgetMovement.RESERVED, 0.2, 0);
    moved("unknown", BudgetMovement.RESERVED, 0.1, 0);

    // when
    ended("failed", "acme", OutcomeStatus.FAILED, null, 0);
    ended("unknown", "acme", OutcomeStatus.SUCCEEDED, null, 0);
    ended("stranger", "other", OutcomeStatus.SUCCEEDED, 5.0, 0);

    // then
    BudgetState state = told().get(0);
    assertThat(state.getSpentUsd()).isEqualTo(0.1);
    assertThat(state.getReservedUsd()).isZero();
  }

  @Test
  void shouldReleaseWhatNoOutcomeComesFor() {
    // given
    moved("lost", BudgetMovement.RESERVED, 0.5, 0);

    // when the window of 30 s has passed
    moved("next", BudgetMovement.RESERVED, 0.1, 31);

    // then
    assertThat(told().get(0).getReservedUsd()).isEqualTo(0.1);
  }

  @Test
  void shouldRaiseThePriceWithRefusals() {
    // when
    moved("q", BudgetMovement.RESERVED, 0.9, 0);
    moved("r", BudgetMovement.REFUSED, 5.0, 0);
    double once = told().get(0).getPrice();
    moved("s", BudgetMovement.REFUSED, 5.0, 0);

    // then
    assertThat(told().get(0).getPrice()).isGreaterThan(once);
  }

  @Test
  void shouldKeepABudgetToTheBit() {
    // given
    BudgetSnapshot kept =
        new BudgetSnapshot(
            0.1 + 0.2,
            Math.PI,
            1e-300,
            START.plusNanos(123_456_789),
            List.of(new BudgetSnapshot.Reservation("q\u0000l", 1.0 / 3, START)));

    // when, then
    assertThat(BudgetSnapshotBytes.read(BudgetSnapshotBytes.write(kept))).isEqualTo(kept);
  }
}
