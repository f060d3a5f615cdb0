package dev.turnout.follow;

import dev.turnout.budget.BudgetView;
import dev.turnout.schema.BudgetState;
import dev.turnout.serde.AvroSerdes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what the owners of the tenants' budgets say. Reports {@code turnout_budget_spent_usd},
 * {@code turnout_budget_reserved_usd}, {@code turnout_budget_free_usd} and {@code
 * turnout_budget_price} by tenant. Safe for use by several threads.
 */
public final class BudgetFollower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BudgetFollower.class);

  private final TopicFollower follower;
  private final Reader reader;
  private final Serde<BudgetState> serde;

  private BudgetFollower(TopicFollower follower, Reader reader, Serde<BudgetState> serde) {
    this.follower = follower;
    this.reader = reader;
    this.serde = serde;
  }

  /**
   * Starts to follow.
   *
   * @param topic the budgets topic
   * @param config Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serde
   * @param tenants who has a budget
   */
  public static BudgetFollower start(
      String topic, Map<String, ?> config, Set<String> tenants, MeterRegistry registry) {
    Serde<BudgetState> serde = AvroSerdes.of(BudgetState.class, config);
    Reader reader = new Reader(serde.deserializer());
    for (String tenant : tenants) {
      reader.gauge(registry, "spent.usd", tenant, BudgetState::getSpentUsd);
      reader.gauge(registry, "reserved.usd", tenant, BudgetState::getReservedUsd);
      reader.gauge(registry, "free.usd", tenant, BudgetState::getFreeUsd);
      reader.gauge(registry, "price", tenant, BudgetState::getPrice);
    }
    Map<String, Object> clients = new HashMap<>(config);
    clients.keySet().retainAll(ConsumerConfig.configNames());
    return new BudgetFollower(TopicFollower.start(topic, clients, reader), reader, serde);
  }

  /** Waits until the budgets that existed at the start are read; false when time ran out. */
  public boolean awaitCaughtUp(Duration deadline) throws InterruptedException {
    return follower.awaitCaughtUp(deadline);
  }

  /** A tenant's budget by its owner's last word; null before any. */
  public @Nullable BudgetView of(String tenant) {
    BudgetState state = reader.latest.get(tenant);
    return state == null
        ? null
        : new BudgetView(state.getFreeUsd(), state.getPrice(), state.getAt());
  }

  @Override
  public void close() {
    follower.close();
    serde.close();
  }

  private static final class Reader implements TopicFollower.Reader {
    private final Deserializer<BudgetState> deserializer;
    private final Map<String, BudgetState> latest = new ConcurrentHashMap<>();

    Reader(Deserializer<BudgetState> deserializer) {
      this.deserializer = deserializer;
    }

    private void gauge(
        MeterRegistry registry, String what, String tenant, ToDoubleFunction<BudgetState> value) {
      Gauge.builder(
              "turnout.budget." + what,
              () -> {
                BudgetState state = latest.get(tenant);
                return state == null ? Double.NaN : value.applyAsDouble(state);
              })
          .description("a tenant's budget by its owner's last word")
          .tag("tenant", tenant)
          .register(registry);
    }

    @Override
    public void read(ConsumerRecord<byte[], byte[]> record) {
      try {
        BudgetState state =
            Patience.untilRegistryAnswers(
                () -> deserializer.deserialize(record.topic(), record.value()));
        if (state != null) {
          latest.put(state.getTenant(), state);
        }
      } catch (RuntimeException e) {
        log.error(
            "record {} of topic {} holds no budget and is left out",
            record.offset(),
            record.topic(),
            e);
      }
    }

    @Override
    public void settle(boolean caughtUp) {}
  }
}
