package dev.turnout.worker;

import dev.turnout.kafka.Clients;
import dev.turnout.topic.LogText;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a share group of workers needs and does not have by default: it starts with the oldest
 * request instead of losing those written before the first worker came, it does not see requests of
 * a router's aborted transaction, and it has deliveries in reserve: on those the worker says what
 * became of a request that no worker lived to answer, before the broker drops it.
 */
final class ShareGroupRules {

  private static final Logger LOG = LoggerFactory.getLogger(ShareGroupRules.class);

  private static final Map<String, String> RULES =
      Map.of("share.auto.offset.reset", "earliest", "share.isolation.level", "read_committed");

  private static final String DELIVERIES = "share.delivery.count.limit";

  /** What brokers grant unless told otherwise (group.share.delivery.count.limit). */
  static final int BROKERS_DELIVERIES = 5;

  /** A worker that writes down the end of a request may die of it too, and another. */
  private static final int RESERVE = 5;

  private ShareGroupRules() {}

  /**
   * Sets them.
   *
   * @return after how many deliveries the broker drops a request
   * @throws KafkaException if they could not be set and nobody else has set them: requests would be
   *     lost, or answered although their router has taken them back
   */
  static int apply(WorkerSettings settings) {
    List<AlterConfigOp> changes =
        RULES.entrySet().stream()
            .map(
                rule ->
                    new AlterConfigOp(
                        new ConfigEntry(rule.getKey(), rule.getValue()), AlterConfigOp.OpType.SET))
            .toList();
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, settings.groupId());
    try (Admin admin = Clients.admin(settings.kafka())) {
      try {
        alter(admin, group, changes);
      } catch (ExecutionException refused) {
        requireSetByOthers(admin, group, refused);
      }
      return deliveries(admin, group, settings.maxDeliveries());
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }

  private static void requireSetByOthers(
      Admin admin, ConfigResource group, ExecutionException refused) throws InterruptedException {
    try {
      @Nullable Config config = admin.describeConfigs(List.of(group)).all().get().get(group);
      if (config != null
          && RULES.entrySet().stream()
              .allMatch(rule -> says(config, rule.getKey(), rule.getValue()))) {
        return;
      }
    } catch (ExecutionException unknown) {
      refused.addSuppressed(unknown);
    }
    throw new KafkaException(
        "the brokers do not let this worker configure its group "
            + group.name()
            + ": "
            + LogText.of(String.valueOf(refused.getMessage()))
            + "; it answers nothing before, since requests would be lost or answered although their"
            + " transaction was aborted. Allow ALTER_CONFIGS for the group (turnout acls prints"
            + " it), or set "
            + RULES
            + " yourself with kafka-configs.sh --alter --entity-type groups --entity-name "
            + group.name(),
        refused);
  }

  private static boolean says(Config config, String key, String value) {
    ConfigEntry entry = config.get(key);
    return entry != null && value.equals(entry.value());
  }

  private static void alter(Admin admin, ConfigResource group, List<AlterConfigOp> changes)
      throws ExecutionException, InterruptedException {
    admin.incrementalAlterConfigs(Map.of(group, changes)).all().get();
  }

  /** As many in reserve as the broker lets a group have; brokers before 4.3 let it have none. */
  private static int deliveries(Admin admin, ConfigResource group, int wanted)
      throws InterruptedException {
    for (int reserve = RESERVE; reserve > 0; reserve--) {
      ConfigEntry limit = new ConfigEntry(DELIVERIES, Integer.toString(wanted + reserve));
      try {
        alter(admin, group, List.of(new AlterConfigOp(limit, AlterConfigOp.OpType.SET)));
        return wanted + reserve;
      } catch (ExecutionException refused) {
        LOG.atDebug()
            .setMessage("fewer deliveries in reserve")
            .addKeyValue("refused", wanted + reserve)
            .addKeyValue("error", LogText.of(String.valueOf(refused.getMessage())))
            .log();
      }
    }
    int granted = granted(admin, group);
    if (granted <= wanted) {
      LOG.atWarn()
          .setMessage(
              "the broker gives this group no delivery beyond worker.max-deliveries; an LLM is"
                  + " asked once less, so that a request whose workers die is not dropped in"
                  + " silence")
          .addKeyValue("group", group.name())
          .addKeyValue("deliveries", granted)
          .addKeyValue("maxDeliveries", wanted)
          .log();
    }
    return granted;
  }

  private static int granted(Admin admin, ConfigResource group) throws InterruptedException {
    try {
      @Nullable Config config = admin.describeConfigs(List.of(group)).all().get().get(group);
      @Nullable ConfigEntry limit = config == null ? null : config.get(DELIVERIES);
      return limit == null || limit.value() == null
          ? BROKERS_DELIVERIES
          : Integer.parseInt(limit.value());
    } catch (ExecutionException unknown) {
      return BROKERS_DELIVERIES;
    }
  }
}
