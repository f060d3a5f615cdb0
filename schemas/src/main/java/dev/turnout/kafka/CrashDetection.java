package dev.turnout.kafka;

import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * How soon a member of a group is taken for dead, and a broker for gone.
 *
 * <p>Until a member that was killed or hangs is taken for dead, nobody works on its partitions. The
 * price of a short session is a false alarm: a member that is held up for longer, by a collection
 * of garbage, a frozen virtual machine or a starved processor, loses its partitions to the others
 * and takes part again afterwards. Under exactly-once nothing is lost or doubled by that; it costs
 * a rebalance at either end. {@value #SESSION_MILLIS} ms is the least that brokers allow unless
 * told otherwise ({@code group.min.session.timeout.ms}). Whoever sees false alarms sets {@code
 * kafka.session.timeout.ms} higher.
 *
 * <p>A broker that was killed is noticed by its closed connections. One whose machine vanished is
 * noticed only by requests without an answer, for which Kafka waits 30 s by default; here {@value
 * #REQUEST_MILLIS} ms. A false alarm is a request that is sent once more.
 */
public final class CrashDetection {
  private static final int SESSION_MILLIS = 6_000;
  private static final int HEARTBEAT_MILLIS = 500;
  private static final int REQUEST_MILLIS = 10_000;

  private CrashDetection() {}

  /**
   * Puts what a member of a group needs, under Kafka's own names, so that what an operator sets
   * under them wins.
   *
   * @param config of Kafka Streams or of a client, before the operator's settings
   * @param classic whether the group's members time the session; brokers do in newer protocols
   */
  public static void put(Map<String, Object> config, boolean classic) {
    config.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
    if (classic) {
      config.put(CommonClientConfigs.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
      // often: the others learn of a death with their next heartbeat
      config.put(CommonClientConfigs.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MILLIS);
    }
  }
}
