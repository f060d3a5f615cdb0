package dev.turnout.ledger;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.CrashDetection;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.OverdueTransactions;
import dev.turnout.kafka.StateDirectory;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.streams.FailureHandling;
import dev.turnout.streams.InternalPartitions;
import dev.turnout.topic.GroupNames;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the accounts of tenants with a budget, exactly once: a small Kafka Streams application
 * beside every router. Kafka gives each tenant's key to one of them; when that one dies another
 * goes on from the changelog.
 */
public final class BudgetLedger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BudgetLedger.class);

  /** Name of the ledger among the loops of a router. */
  public static final String LOOP = "turnout-budget-ledger";

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  /** Without meaning: a ledger that fails makes its router not ready, but not dead. */
  private static final int TOLERATED = Integer.MAX_VALUE;

  private final KafkaStreams streams;
  private final FailureHandling failures;
  private final StateDirectory state;
  private final SupervisedLoop overdue;

  private BudgetLedger(
      KafkaStreams streams,
      FailureHandling failures,
      StateDirectory state,
      SupervisedLoop overdue) {
    this.streams = streams;
    this.failures = failures;
    this.state = state;
    this.overdue = overdue;
  }

  /**
   * Starts a ledger; the topics must exist.
   *
   * @param inFlightWindow reserved money without an outcome is released after this long
   * @param stateDir where the accounts are kept; empty for a directory of its own
   * @param applicationId the routers' id; the ledger's own is made of it
   * @param clients Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serdes
   * @param overrides settings passed through to Kafka Streams; they win over ours
   * @param registry where metrics go
   */
  public static BudgetLedger start(
      Duration inFlightWindow,
      String stateDir,
      TopicCatalogue topics,
      String applicationId,
      Map<String, Object> clients,
      Map<String, Object> overrides,
      MeterRegistry registry) {
    String ledgerId = GroupNames.ledger(applicationId);
    Map<String, Object> config = new HashMap<>();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, ledgerId);
    config.put(
        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
        String.valueOf(clients.get(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG)));
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    config.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    config.putAll(Clients.streamsDefaults());
    CrashDetection.put(config, !overrides.containsKey(StreamsConfig.GROUP_PROTOCOL_CONFIG));
    config.putAll(overrides);
    StateDirectory state =
        StateDirectory.take(
            String.valueOf(overrides.getOrDefault(StreamsConfig.STATE_DIR_CONFIG, stateDir)),
            ledgerId,
            "router.state-dir");
    config.put(StreamsConfig.STATE_DIR_CONFIG, state.path().toString());
    FailureHandling failures = FailureHandling.of("ledger", topics.dlq(), TOLERATED, registry);
    failures.configure(config);
    Properties properties = new Properties();
    properties.putAll(config);
    KafkaStreams streams =
        new KafkaStreams(
            LedgerTopology.of(
                inFlightWindow,
                topics,
                partitions(ledgerId, topics, clients),
                clients,
                registry,
                failures),
            properties);
    failures.watch(streams);
    streams.start();
    return new BudgetLedger(
        streams,
        failures,
        state,
        OverdueTransactions.start(
            clients, ledgerId, new StreamsConfig(properties).getProducerConfigs(ledgerId)));
  }

  /** Those that the accounts are spread over already; the catalogue's for the first ledger. */
  private static int partitions(
      String ledgerId, TopicCatalogue topics, Map<String, Object> clients) {
    try (Admin admin = Clients.admin(clients)) {
      return InternalPartitions.common(admin, LedgerTopology.internalTopics(ledgerId))
          .orElse(topics.partitions());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** How the ledger is doing: failing while it waits for an outage, or its threads keep failing. */
  public LoopState state() {
    return failures.state(LOOP, Instant.now());
  }

  @Override
  public void close() {
    overdue.close();
    failures.close();
    boolean closed =
        streams.close(
            CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_TIMEOUT));
    if (!closed) {
      LOG.atWarn()
          .setMessage("budget ledger did not close in time")
          .addKeyValue("timeout", CLOSE_TIMEOUT)
          .log();
    }
    state.close();
  }
}
