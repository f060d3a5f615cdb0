package dev.turnout.streams;

import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/** Records of some topics that a client has not polled yet, summed over its partitions. */
public final class RecordsLag implements Supplier<Number> {
  private final KafkaStreams streams;
  private final Set<String> topics;

  /**
   * @param topics their names
   */
  public RecordsLag(KafkaStreams streams, Set<String> topics) {
    this.streams = streams;
    // clients report topics with dots replaced in some versions
    this.topics =
        topics.stream()
            .flatMap(topic -> Stream.of(topic, topic.replace('.', '_')))
            .collect(Collectors.toSet());
  }

  /** NaN while nothing is known. */
  @Override
  public Number get() {
    double lag = 0;
    boolean known = false;
    for (Map.Entry<MetricName, ? extends Metric> metric : streams.metrics().entrySet()) {
      MetricName name = metric.getKey();
      if (name.name().equals("records-lag")
          && topics.contains(name.tags().getOrDefault("topic", ""))
          && metric.getValue().metricValue() instanceof Double value
          && !value.isNaN()) {
        lag += value;
        known = true;
      }
    }
    return known ? (Number) lag : (Number) Double.NaN;
  }
}
