package dev.turnout.worker;

import java.time.Duration;

/**
 * What has to be so before a member of this process joins its group: the group's rules are set, and
 * no worker answers the same requests by the other delivery. Also tells how often the group
 * delivers a request. Safe for use by several threads.
 */
final class GroupPreparation implements DeliveryLimits {

  /** Members that open within this time need not ask the brokers again. */
  private static final long VALID_NANOS = Duration.ofSeconds(30).toNanos();

  private final WorkerSettings settings;
  private volatile DeliveryLimits limits;
  private volatile boolean once;
  private volatile long doneAt;
  private long preparedAt;

  GroupPreparation(WorkerSettings settings) {
    this.settings = settings;
    // until the brokers have said what they grant nothing is delivered
    this.limits =
        settings.delivery() == Delivery.SHARE_GROUP
            ? DeliveryLimits.ofShareGroup(
                settings.maxDeliveries(), ShareGroupRules.BROKERS_DELIVERIES)
            : DeliveryLimits.ofConsumerGroup(settings.maxDeliveries());
  }

  /**
   * Prepares the group, unless that was just done.
   *
   * @throws org.apache.kafka.common.KafkaException saying why the group cannot be joined now, and
   *     the remedy
   */
  synchronized void prepare() {
    if (once && System.nanoTime() - preparedAt < VALID_NANOS) {
      return;
    }
    if (settings.delivery() == Delivery.SHARE_GROUP) {
      limits =
          DeliveryLimits.ofShareGroup(settings.maxDeliveries(), ShareGroupRules.apply(settings));
    }
    GroupHandover.take(settings);
    preparedAt = System.nanoTime();
    if (!once) {
      doneAt = preparedAt;
      once = true;
    }
  }

  /** Whether the group was prepared at least once. */
  boolean isDone() {
    return once;
  }

  /** When it was prepared for the first time, by {@link System#nanoTime}. */
  long doneAt() {
    return doneAt;
  }

  @Override
  public int asked() {
    return limits.asked();
  }

  @Override
  public int broker() {
    return limits.broker();
  }
}
