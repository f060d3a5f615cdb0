package dev.turnout.control.tenant;

import dev.turnout.control.TopicFollower;
import dev.turnout.control.TopicView;
import dev.turnout.schema.Tenant;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Follows the tenants. Readers see one consistent {@link TenantDirectory} and never wait; it is
 * empty until the topic has been read to its end, and a record that cannot be leaves what held
 * before. Safe for use by several threads.
 */
public final class TenantFollower extends TopicView implements Supplier<TenantDirectory> {
  private final Latest latest;

  private TenantFollower(TopicFollower follower, Latest latest) {
    super(follower);
    this.latest = latest;
  }

  /**
   * Starts to follow.
   *
   * @param topic the tenants topic
   * @param config Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serde
   * @param listener told of every new directory, on the follower's thread
   */
  public static TenantFollower start(
      String topic, Map<String, ?> config, Consumer<TenantDirectory> listener) {
    Latest latest = new Latest(listener);
    return new TenantFollower(
        TopicFollower.start(topic, config, Tenant.class, new TenantTopicListener(latest)), latest);
  }

  @Override
  public TenantDirectory get() {
    return latest.directory;
  }

  private static final class Latest implements Consumer<TenantDirectory> {
    private final Consumer<TenantDirectory> listener;
    private volatile TenantDirectory directory = TenantDirectory.empty();

    Latest(Consumer<TenantDirectory> listener) {
      this.listener = listener;
    }

    @Override
    public void accept(TenantDirectory next) {
      directory = next;
      listener.accept(next);
    }
  }
}
