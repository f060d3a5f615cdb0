package dev.turnout.worker;

/** How often a request is delivered. */
interface DeliveryLimits {

  /**
   * Up to this delivery the LLM is asked; a later one only writes that no worker got as far as an
   * outcome.
   */
  int asked();

  /** After this delivery the broker drops the request, and tells nobody. */
  int broker();

  /**
   * Limits that do not change.
   *
   * @param asked at least 1, below the broker's
   */
  record Fixed(int asked, int broker) implements DeliveryLimits {
    public Fixed {
      if (asked < 1 || asked >= broker) {
        throw new IllegalArgumentException(
            "asked is " + asked + ", it must be at least 1 and below the broker's limit " + broker);
      }
    }
  }

  /** A consumer group drops nothing, and counts no deliveries over a restart. */
  static DeliveryLimits ofConsumerGroup(int maxDeliveries) {
    return new Fixed(maxDeliveries, Integer.MAX_VALUE);
  }

  /** The last delivery is kept for the worker's own word about the request. */
  static DeliveryLimits ofShareGroup(int maxDeliveries, int broker) {
    return new Fixed(Math.max(1, Math.min(maxDeliveries, broker - 1)), broker);
  }
}
