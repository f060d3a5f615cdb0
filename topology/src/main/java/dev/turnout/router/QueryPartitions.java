package dev.turnout.router;

import java.util.List;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many partitions the queries topic has at present. Partitions that are added reach a router by
 * a rebalance, after which it asks again: each has an equal share of every budget, so a router that
 * went by the old number would promise more than there is. Safe for use by several threads.
 */
final class QueryPartitions implements IntSupplier {
  private static final Logger LOG = LoggerFactory.getLogger(QueryPartitions.class);

  private final Admin admin;
  private final String topic;
  private volatile int count;

  /**
   * @param count at the start
   */
  QueryPartitions(Admin admin, String topic, int count) {
    this.admin = admin;
    this.topic = topic;
    this.count = count;
  }

  @Override
  public int getAsInt() {
    return count;
  }

  /** Asks the brokers anew; does not wait. Until they answer the last number holds. */
  void refresh() {
    var unusedAnswer =
        admin
            .describeTopics(List.of(topic))
            .allTopicNames()
            .whenComplete(
                (topics, failure) -> {
                  if (topics == null) {
                    LOG.atWarn()
                        .setMessage("number of partitions is not known anew, the last one holds")
                        .addKeyValue("topic", topic)
                        .addKeyValue("partitions", count)
                        .setCause(failure)
                        .log();
                  } else {
                    topics.values().forEach(each -> count = each.partitions().size());
                  }
                });
  }
}
