package dev.turnout.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.budget.BudgetSnapshot;
import dev.turnout.budget.Reservation;
import dev.turnout.schema.Attempt;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetMovement;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Tenant;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.streams.FailureHandling;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTopologyTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Map<String, Object> SERDES = Map.of("schema.registry.url", "mock://ledger");
  private final TopicCatalogue topics = TopicCatalogue.standard();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final TopologyTestDriver driver = driver();

  private TopologyTestDriver driver() {
    Properties config = new Properties();
    config.put("application.id", "ledger");
    config.put("bootstrap.servers", "nowhere:9092");
    return new TopologyTestDriver(
        LedgerTopology.of(
            Duration.ofSeconds(30),
            topics,
            3,
            SERDES,
            meters,
            FailureHandling.unobserved(topics.dlq())),
        config,
        START);
  }

  /** A bucket of 1 USD that fills by 0.001 USD a second. */
  @BeforeEach
  void openAccount() {
    set("acme", 3.6, 1.0);
  }

  @AfterEach
  void close() {
    driver.close();
  }

  private <T extends SpecificRecord> TestInputTopic<String, T> input(String topic, Class<T> type) {
    return driver.createInputTopic(
        topic, new StringSerializer(), AvroSerdes.of(type, SERDES).serializer());
  }

  private void set(String tenant, @Nullable Double usdPerHour, @Nullable Double burstUsd) {
    input(topics.tenants(), Tenant.class)
        .pipeInput(
            tenant,
            Tenant.newBuilder()
                .setTenant(tenant)
                .setBudgetUsdPerHour(usdPerHour)
                .setBurstUsd(burstUsd)
                .setUpdatedAt(START)
                .build(),
            START);
  }

  private static BudgetEvent movement(
      String id, BudgetMovement kind, @Nullable Double usd, int second) {
    return BudgetEvent.newBuilder()
        .setTenant("acme")
        .setQueryId(id)
        .setLlm("l")
        .setKind(kind)
        .setUsd(usd)
        .setAt(START.plusSeconds(second))
        .build();
  }

  private void moved(String id, BudgetMovement kind, @Nullable Double usd, int second) {
    input(topics.budgetEvents(), BudgetEvent.class)
        .pipeInput("acme", movement(id, kind, usd, second), START);
  }

  private void ended(
      String id, String tenant, OutcomeStatus status, @Nullable Double usd, int second) {
    ended(id, id, tenant, 1, status, usd, second);
  }

  private void ended(
      @Nullable String key,
      String id,
      String tenant,
      int attempt,
      OutcomeStatus status,
      @Nullable Double usd,
      int second) {
    input(topics.outcomes(), Outcome.class)
        .pipeInput(
            key,
            Outcome.newBuilder()
                .setQueryId(id)
                .setAttempt(attempt)
                .setTenant(tenant)
                .setLlm("l")
                .setStatus(status)
                .setCostUsd(usd)
                .setFinishedAt(START.plusSeconds(second))
                .build(),
            START);
  }

  private List<KeyValue<String, BudgetState>> words() {
    driver.advanceWallClockTime(Duration.ofMillis(250));
    return driver
        .createOutputTopic(
            topics.budgets(),
            new StringDeserializer(),
            AvroSerdes.of(BudgetState.class, SERDES).deserializer())
        .readKeyValuesToList();
  }

  /** The account of acme as the ledger last told. */
  private BudgetState told() {
    List<KeyValue<String, BudgetState>> words = words();
    return words.get(words.size() - 1).value;
  }

  private double refused(String what) {
    return meters.get("turnout.budget.refused").tag("what", what).counter().count();
  }

  @Test
  void shouldChargeNobodyWhoseNameIsTooLong() {
    // given
    String tenant = "t".repeat(257);

    // when
    set(tenant, 3.6, 1.0);
    input(topics.outcomes(), Outcome.class)
        .pipeInput(
            "q",
            Outcome.newBuilder()
                .setQueryId("q")
                .setLlm("m")
                .setTenant(tenant)
                .setStatus(OutcomeStatus.SUCCEEDED)
                .setFinishedAt(START)
                .build());

    // then
    assertThat(meters.get("turnout.budget.refused").tag("what", "tenant").counter().count())
        .isEqualTo(1);
    assertThat(meters.get("turnout.budget.refused").tag("what", "movement").counter().count())
        .isEqualTo(1);
  }

  @Test
  void shouldChargeEveryCallOfAFailOverOnceAndFreeWhatWasReserved() {
    // given money reserved for the LLM that then failed twice: once in vain, once for a price
    moved("q", BudgetMovement.RESERVED, 0.25, 0);
    assertThat(told().getReservedUsd()).isEqualTo(0.25);
    Outcome answer =
        Outcome.newBuilder()
            .setQueryId("q")
            .setTenant("acme")
            .setLlm("n")
            .setAttempt(3)
            .setStatus(OutcomeStatus.SUCCEEDED)
            .setCostUsd(0.5)
            .setTrail(List.of(attempt("l", null), attempt("m", 0.125)))
            .setFinishedAt(START)
            .build();

    // when the answer is reported twice
    input(topics.outcomes(), Outcome.class).pipeInput("q", answer, START);
    input(topics.outcomes(), Outcome.class).pipeInput("q", answer, START);

    // then
    BudgetState account = told();
    assertThat(account.getReservedUsd()).isZero();
    assertThat(account.getSpentUsd()).isEqualTo(0.625);
  }

  private static Attempt attempt(String llm, @Nullable Double costUsd) {
    return Attempt.newBuilder()
        .setLlm(llm)
        .setStatus(OutcomeStatus.FAILED)
        .setCostUsd(costUsd)
        .setFinishedAt(START)
        .build();
  }

  @Test
  void shouldTellOfAnAccountAsSoonAsItsBudgetIsSet() {
    // given
    assertThat(told().getFreeUsd()).isEqualTo(1);

    // when
    set("beta", 20.0, null);

    // then it has six minutes' worth, and acme has no news
    assertThat(words())
        .singleElement()
        .satisfies(
            word -> {
              assertThat(word.key).isEqualTo("beta");
              assertThat(word.value.getFreeUsd()).isEqualTo(2);
            });
  }

  @Test
  void shouldGoByAnotherBudgetFromItsChangeOn() {
    // given 100 s at 0.001 USD a second
    moved("q", BudgetMovement.SETTLED, 0.9, 0);
    moved("none", BudgetMovement.RELEASED, null, 100);

    // when 100 s at tenfold that
    set("acme", 36.0, 10.0);
    moved("none", BudgetMovement.RELEASED, null, 200);

    // then what was spent stays spent
    BudgetState state = told();
    assertThat(state.getFreeUsd()).isCloseTo(0.1 + 0.1 + 1, within(1e-9));
    assertThat(state.getSpentUsd()).isEqualTo(0.9);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldCloseTheAccountOfATenantWithoutABudget(boolean tenantStays) {
    // given
    moved("q", BudgetMovement.RESERVED, 0.4, 0);
    words();

    // when
    if (tenantStays) {
      set("acme", null, null);
    } else {
      input(topics.tenants(), Tenant.class).pipeInput("acme", null, START);
    }
    ended("q", "acme", OutcomeStatus.SUCCEEDED, 0.3, 0);

    // then
    assertThat(words()).containsExactly(KeyValue.pair("acme", null));
    assertThat(entries(BudgetAccountProcessor.ACCOUNTS)).isEmpty();
    assertThat(entries(BudgetAccountProcessor.RESERVATIONS)).isEmpty();

    // when it gets one again, it begins anew
    set("acme", 3.6, 1.0);
    assertThat(told().getFreeUsd()).isEqualTo(1);
  }

  private <V> List<KeyValue<String, V>> entries(String store) {
    List<KeyValue<String, V>> found = new ArrayList<>();
    try (var all = driver.<String, V>getKeyValueStore(store).all()) {
      all.forEachRemaining(found::add);
    }
    return found;
  }

  @Test
  void shouldKeepTheBudgetWhenItsRecordCannotBe() {
    // when
    set("acme", Double.NaN, 1.0);
    set("acme", null, 1.0);
    moved("q", BudgetMovement.RESERVED, 0.4, 0);

    // then
    assertThat(told().getFreeUsd()).isCloseTo(0.6, within(1e-9));
    assertThat(refused("tenant")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-5, Double.NaN, Double.POSITIVE_INFINITY, 1e300})
  void shouldChargeNoCostThatCannotBe(double usd) {
    // given
    moved("answered", BudgetMovement.RESERVED, 0.2, 0);
    moved("failed", BudgetMovement.RESERVED, 0.3, 0);

    // when
    ended("answered", "acme", OutcomeStatus.SUCCEEDED, usd, 0);
    ended("failed", "acme", OutcomeStatus.FAILED, usd, 0);
    moved("straight", BudgetMovement.SETTLED, usd, 0);

    // then it counts as unknown: an answer costs what was reserved for it
    BudgetState state = told();
    assertThat(state.getSpentUsd()).isEqualTo(0.2);
    assertThat(state.getReservedUsd()).isZero();
    assertThat(state.getFreeUsd()).isCloseTo(0.8, within(1e-9));
    assertThat(refused("cost")).isEqualTo(3);
  }

  @Test
  void shouldChargeACallOnceHoweverOftenItIsReported() {
    // given
    moved("q", BudgetMovement.RESERVED, 0.2, 0);

    // when a worker gave up, another answered, and both report once more
    ended("q", "acme", OutcomeStatus.TIMED_OUT, null, 1);
    ended("q", "acme", OutcomeStatus.SUCCEEDED, 0.15, 2);
    ended("q", "acme", OutcomeStatus.SUCCEEDED, 0.16, 3);
    ended("q", "acme", OutcomeStatus.TIMED_OUT, null, 4);

    // then
    assertThat(told().getSpentUsd()).isEqualTo(0.15);
    assertThat(refused("repeated")).isEqualTo(1);

    // when another attempt is made, and when the router decides anew on the same id
    ended("q", "q", "acme", 2, OutcomeStatus.SUCCEEDED, 0.25, 5);
    moved("q", BudgetMovement.RESERVED, 0.2, 6);
    ended("q", "acme", OutcomeStatus.SUCCEEDED, 0.5, 7);

    // then both are calls of their own
    assertThat(told().getSpentUsd()).isCloseTo(0.15 + 0.25 + 0.5, within(1e-12));
    assertThat(refused("repeated")).isEqualTo(1);
  }

  @Test
  void shouldRememberChargesForAnHourAndNoLonger() {
    // given
    ended("q", "acme", OutcomeStatus.SUCCEEDED, 0.1, 0);
    driver.advanceWallClockTime(Duration.ofMinutes(59));
    ended("q", "acme", OutcomeStatus.SUCCEEDED, 0.1, 0);
    assertThat(told().getSpentUsd()).isEqualTo(0.1);
    assertThat(entries(Settlements.STORE)).hasSize(1);

    // when
    driver.advanceWallClockTime(Duration.ofMinutes(2));

    // then
    assertThat(entries(Settlements.STORE)).isEmpty();
    assertThat(entries(Settlements.STORE + "-by-time")).isEmpty();
  }

  @Test
  void shouldCountMovementsWhateverTheirKeysAndPartitions() {
    // when neither a reservation nor its outcome has the key that our own producers give it
    input(topics.budgetEvents(), BudgetEvent.class)
        .pipeInput(null, movement("q", BudgetMovement.RESERVED, 0.4, 0), START);
    ended(null, "q", "acme", 1, OutcomeStatus.SUCCEEDED, 0.3, 0);

    // then
    List<KeyValue<String, BudgetState>> words = words();
    assertThat(words).extracting(word -> word.key).containsOnly("acme");
    assertThat(words.get(words.size() - 1).value.getSpentUsd()).isEqualTo(0.3);
    assertThat(words.get(words.size() - 1).value.getReservedUsd()).isZero();
  }

  @Test
  void shouldSurviveMomentsThatNoClockShows() {
    // given a tenant that was set before there were people
    input(topics.tenants(), Tenant.class)
        .pipeInput(
            "old",
            Tenant.newBuilder()
                .setTenant("old")
                .setBudgetUsdPerHour(3.6)
                .setBurstUsd(1.0)
                .setUpdatedAt(Instant.ofEpochMilli(Long.MIN_VALUE))
                .build(),
            START);

    // when
    ended("q", "old", OutcomeStatus.SUCCEEDED, 0.25, 0);
    ended("r", "old", OutcomeStatus.SUCCEEDED, 1e300, 0);

    // then
    assertThat(told().getSpentUsd()).isEqualTo(0.25);
    assertThat(refused("cost")).isEqualTo(1);
  }

  @Test
  void shouldNotChargeWhatWasAnsweredBeforeTheBudgetBegan() {
    // when a ledger that is new reads old outcomes
    ended("old", "acme", OutcomeStatus.SUCCEEDED, 0.5, -3_600);
    ended("new", "acme", OutcomeStatus.SUCCEEDED, 0.25, 0);

    // then
    assertThat(told().getSpentUsd()).isEqualTo(0.25);
  }

  @Test
  void shouldKeepOneSmallEntryForEachRequestHoweverManyAreInFlight() {
    // given ids as long as they may be
    String longest = "q".repeat(1_018);
    TestInputTopic<String, BudgetEvent> movements = input(topics.budgetEvents(), BudgetEvent.class);

    // when
    for (int i = 0; i < 20_000; i++) {
      movements.pipeInput("acme", movement(longest + i, BudgetMovement.RESERVED, 0.001, 0), START);
    }

    // then no record is larger than the id and a few bytes
    assertThat(told().getReservedUsd()).isCloseTo(20, within(1e-6));
    List<KeyValue<String, Reservation>> kept = entries(BudgetAccountProcessor.RESERVATIONS);
    assertThat(kept).hasSize(20_000).allMatch(entry -> entry.key.length() < 1_040);
    assertThat(
            BudgetSerdes.snapshot()
                .serializer()
                .serialize(
                    "",
                    driver
                        .<String, BudgetSnapshot>getKeyValueStore(BudgetAccountProcessor.ACCOUNTS)
                        .get("acme")))
        .hasSizeLessThan(128);

    // when all of them are answered
    for (int i = 0; i < 20_000; i++) {
      movements.pipeInput("acme", movement(longest + i, BudgetMovement.SETTLED, null, 0), START);
    }

    // then
    assertThat(told().getReservedUsd()).isZero();
    assertThat(entries(BudgetAccountProcessor.RESERVATIONS)).isEmpty();
  }

  @Test
  void shouldReserveAtTheDecisionAndSettleWithTheOutcome() {
    // given
    moved("q", BudgetMovement.RESERVED, 0.4, 0);
    BudgetState reserved = told();
    assertThat(reserved.getReservedUsd()).isEqualTo(0.4);
    assertThat(reserved.getFreeUsd()).isCloseTo(0.6, within(1e-9));

    // when
    ended("q", "acme", OutcomeStatus.SUCCEEDED, 0.3, 0);

    // then
    BudgetState settled = told();
    assertThat(settled.getSpentUsd()).isEqualTo(0.3);
    assertThat(settled.getReservedUsd()).isZero();
    assertThat(settled.getFreeUsd()).isCloseTo(0.7, within(1e-9));
    assertThat(settled.getPrice()).isPositive();
  }

  @Test
  void shouldNotRefillForAnOutcomeFromTheFuture() {
    moved("q", BudgetMovement.RESERVED, 0.4, 0);

    ended("q", "acme", OutcomeStatus.SUCCEEDED, 0.3, 3_600);

    assertThat(told().getFreeUsd()).isCloseTo(0.7, within(1e-9));
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
    BudgetState state = told();
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
    assertThat(told().getReservedUsd()).isEqualTo(0.1);
  }

  @Test
  void shouldRaiseThePriceWithRefusals() {
    // when
    moved("q", BudgetMovement.RESERVED, 0.9, 0);
    moved("r", BudgetMovement.REFUSED, 5.0, 0);
    double once = told().getPrice();
    moved("s", BudgetMovement.REFUSED, 5.0, 0);

    // then
    assertThat(told().getPrice()).isGreaterThan(once);
  }
}
