package dev.turnout.app.command;

import dev.turnout.app.kafka.LatestRecords;
import dev.turnout.availability.WorkerReports;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.control.KeyedPublisher;
import dev.turnout.control.llm.LlmPublisher;
import dev.turnout.control.model.ModelHistory;
import dev.turnout.control.model.ModelPublisher;
import dev.turnout.control.tenant.TenantPublisher;
import dev.turnout.kafka.CommittedReader;
import dev.turnout.schema.ApiKey;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.LlmAvailability;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.RouterModelRecord;
import dev.turnout.schema.Tenant;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.serde.SkippingDecoder;
import dev.turnout.topic.TopicCatalogue;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.Deserializer;

/** How a command reaches a running installation. */
public record Connection(ConnectionSettings installation) {

  public Map<String, Object> client() {
    return installation.kafka();
  }

  public Map<String, Object> serde() {
    return installation.registry();
  }

  public TopicCatalogue topics() {
    return installation.topics();
  }

  public short replication() {
    return installation.replication();
  }

  /** The LLMs at this moment, by id. */
  public Map<String, LlmProfile> profiles() {
    return latest(LlmProfile.class, topics().llms());
  }

  /** What workers said last of their LLMs, as of now: now is nanosecond zero. */
  public WorkerReports workers() {
    WorkerReports reports = new WorkerReports();
    Instant now = Instant.now();
    try {
      latest(LlmAvailability.class, topics().availability())
          .values()
          .forEach(
              said -> reports.hear(said, -Duration.between(said.getUpdatedAt(), now).toNanos()));
    } catch (UnknownTopicOrPartitionException older) {
      // an installation from before there were reports
    }
    return reports;
  }

  /** What the models topic says at this moment. */
  public ModelHistory models() {
    ModelHistory history = new ModelHistory();
    try (Deserializer<RouterModelRecord> deserializer =
        AvroSerdes.of(RouterModelRecord.class, serde()).deserializer()) {
      CommittedReader.readAll(
          client(),
          topics().models(),
          record -> SkippingDecoder.decode(deserializer, record).ifPresent(history::apply));
    }
    return history;
  }

  /** The tenants at this moment, by name. */
  public Map<String, Tenant> tenants() {
    return latest(Tenant.class, topics().tenants());
  }

  /** The gateway's keys at this moment, by id. */
  public Map<String, ApiKey> keys() {
    return latest(ApiKey.class, topics().keys());
  }

  /** The tenants' accounts as last told, by tenant. */
  public Map<String, BudgetState> budgetStates() {
    return latest(BudgetState.class, topics().budgets());
  }

  private <V extends SpecificRecord> Map<String, V> latest(Class<V> type, String topic) {
    return LatestRecords.read(type, topic, client(), serde());
  }

  public TenantPublisher tenantPublisher() {
    return TenantPublisher.open(topics().tenants(), installation.clients());
  }

  public KeyedPublisher<ApiKey> keyPublisher() {
    return new KeyedPublisher<>(topics().keys(), installation.clients(), ApiKey.class);
  }

  public LlmPublisher llmPublisher() {
    return LlmPublisher.open(topics().llms(), installation.clients());
  }

  public ModelPublisher modelPublisher() {
    return ModelPublisher.open(topics().models(), installation.clients());
  }

  public String bootstrapServers() {
    return installation.bootstrapServers();
  }
}
