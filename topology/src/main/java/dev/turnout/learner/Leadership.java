package dev.turnout.learner;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.CrashDetection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * Which of several learners acts. The samples topic has one partition, so a consumer group over it
 * gives it to one member, and to another within the session timeout when that one dies. Nothing is
 * read here: every learner reads all samples by itself, which keeps the others hot. Confined to one
 * thread.
 */
public final class Leadership implements AutoCloseable {
  private static final int HEARTBEATS_PER_SESSION = 4;

  private final Consumer<byte[], byte[]> member;

  private Leadership(Consumer<byte[], byte[]> member) {
    this.member = member;
  }

  /**
   * Joins the group.
   *
   * @param clients Kafka client settings; a session timeout among them wins over ours
   */
  public static Leadership join(String group, String topic, Map<String, Object> clients) {
    Map<String, Object> config = new HashMap<>();
    CrashDetection.put(config, true);
    config.putAll(clients);
    int session =
        Integer.parseInt(String.valueOf(config.get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG)));
    config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, session / HEARTBEATS_PER_SESSION);
    Consumer<byte[], byte[]> member = Clients.member(config, group, 1);
    member.subscribe(List.of(topic));
    return new Leadership(member);
  }

  /** Takes part in the group; true when this member is the one that acts. */
  public boolean holds() {
    member.pause(member.assignment());
    var unused = member.poll(Duration.ZERO);
    return !member.assignment().isEmpty();
  }

  @Override
  public void close() {
    member.close();
  }
}
