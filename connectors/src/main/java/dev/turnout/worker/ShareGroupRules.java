package dev.turnout.worker;

import dev.turnout.topic.LogText;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a share group of workers needs and does not have by default: it starts with the oldest
 * request instead of losing those written before the first worker came, and it does not see
 * requests of a router's aborted transaction.
 */
final class ShareGroupRules {

  private static final Logger LOG = LoggerFactory.getLogger(ShareGroupRules.class);

  private static final Map<String, String> RULES =
      Map.of("share.auto.offset.reset", "earliest", "share.isolation.level", "read_committed");

  private ShareGroupRules() {}

  static void apply(WorkerSettings settings) {
    List<AlterConfigOp> changes =
        RULES.entrySet().stream()
            .map(
                rule ->
                    new AlterConfigOp(
                        new ConfigEntry(rule.getKey(), rule.getValue()), AlterConfigOp.OpType.SET))
            .toList();
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, settings.groupId());
    try (Admin admin = Admin.create(settings.kafka())) {
      admin.incrementalAlterConfigs(Map.of(group, changes)).all().get();
    } catch (ExecutionException refused) {
      LOG.atError()
          .setMessage(
              "the broker does not let this worker set its group's configuration; set it yourself,"
                  + " or requests may be lost before the first worker comes and aborted ones may be"
                  + " answered")
          .addKeyValue("group", settings.groupId())
          .addKeyValue("configuration", RULES)
          .addKeyValue("error", LogText.of(String.valueOf(refused.getMessage())))
          .log();
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }
}
