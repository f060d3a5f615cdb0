package dev.turnout.control.tenant;

import dev.turnout.control.TopicFollower;
import dev.turnout.kafka.LoopState;
import dev.turnout.schema.Tenant;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Follows the tenants. Readers see one consistent {@link TenantDirectory} and never wait; it is
 * empty until the topic has been read to its end, and a record that cannot be leaves what held
 * before. Safe for use by several threads.
 */
public final class TenantFollower implements Supplier<TenantDirectory>, AutoCloseable {
  private final TopicFollower follower;
  private final Latest latest;

  private TenantFollower(TopicFollower follower, Latest latest) {
    this.follower = follower;
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

  /** Waits until the tenants that existed at the start are read; false when time ran out. */
  public boolean awaitCaughtUp(Duration deadline) throws InterruptedException {
    return follower.awaitCaughtUp(deadline);
  }

  /** How the follower's loop is doing. */
  public LoopState state() {
    return follower.state();
  }

  @Override
  public TenantDirectory get() {
    return latest.directory;
  }

  @Override
  public void close() {
    follower.close();
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
