package dev.turnout.console.traffic;

import dev.turnout.topic.TopicCatalogue;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/**
 * decisions, outcomes, grades, dead letters → windows in memory, backed by changelogs, so that what
 * was counted outlives the topics that it was counted from.
 *
 * <p>Each partition counts for itself and readers add up, so that nothing is repartitioned: a
 * thousand decisions a second are a thousand additions, and the changelogs get each window once a
 * commit, by the stores' caches.
 */
final class TrafficTopology {
  private static final String SOURCE = "traffic";
  private static final String COUNT = "count";

  private TrafficTopology() {}

  /**
   * The topology.
   *
   * @param history how much of the past a new application counts
   * @param listener told of every record
   */
  static Topology of(
      TopicCatalogue topics,
      Map<String, ?> serdes,
      Duration history,
      TrafficListener listener,
      Clock clock) {
    Topology topology = new Topology();
    topology.addSource(
        AutoOffsetReset.byDuration(history),
        SOURCE,
        notAhead(clock),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        topics.decisions(),
        topics.outcomes(),
        topics.feedback(),
        topics.dlq());
    topology.addProcessor(
        COUNT, () -> new TrafficProcessor(topics, serdes, listener, clock), SOURCE);
    for (TrafficLevel level : TrafficLevel.values()) {
      topology.addStateStore(store(level), COUNT);
    }
    return topology;
  }

  /** One record from the future would end all windows of the present. */
  private static TimestampExtractor notAhead(Clock clock) {
    return (record, partitionTime) -> {
      long now = clock.millis();
      return record.timestamp() < 0 ? now : Math.min(record.timestamp(), now);
    };
  }

  private static StoreBuilder<WindowStore<String, TrafficTally>> store(TrafficLevel level) {
    return Stores.windowStoreBuilder(
            Stores.inMemoryWindowStore(level.store(), level.kept(), level.step(), false),
            Serdes.String(),
            TrafficTally.serde())
        .withCachingEnabled();
  }
}
