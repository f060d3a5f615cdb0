package dev.turnout.router;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/** Queries on the topic that this router has not polled yet, summed over its partitions. */
final class QueueLag implements Supplier<Number> {
  private final KafkaStreams streams;
  private final String topic;

  QueueLag(KafkaStreams streams, String topic) {
    this.streams = streams;
    this.topic = topic;
  }

  @Override
  public Number get() {
    double lag = 0;
    boolean known = false;
    for (Map.Entry<MetricName, ? extends Metric> metric : streams.metrics().entrySet()) {
      MetricName name = metric.getKey();
      if (name.name().equals("records-lag")
          // Clients report topics with dots replaced in some versions.
          && (topic.equals(name.tags().get("topic"))
              || topic.replace('.', '_').equals(name.tags().get("topic")))
          && metric.getValue().metricValue() instanceof Double value
          && !value.isNaN()) {
        lag += value;
        known = true;
      }
    }
    return known ? (Number) lag : (Number) Double.NaN;
  }
}
