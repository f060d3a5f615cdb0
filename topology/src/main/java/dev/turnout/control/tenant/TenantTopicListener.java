package dev.turnout.control.tenant;

import dev.turnout.control.TopicListener;
import dev.turnout.schema.Tenant;
import dev.turnout.topic.LogText;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the tenants; whenever some have changed, a new directory of all of them goes out. */
final class TenantTopicListener implements TopicListener<Tenant> {
  private static final Logger LOG = LoggerFactory.getLogger(TenantTopicListener.class);

  private final Consumer<TenantDirectory> directories;
  private final Map<String, TenantTerms> tenants = new TreeMap<>();
  private boolean changed;

  /**
   * @param directories where they go; called again soon with the same one if it throws
   */
  TenantTopicListener(Consumer<TenantDirectory> directories) {
    this.directories = directories;
  }

  @Override
  public void read(Tenant tenant) {
    TenantTerms terms = TenantTerms.of(tenant);
    LOG.atInfo().setMessage("tenant set").addKeyValue("terms", LogText.of(terms.toString())).log();
    tenants.put(terms.tenant(), terms);
    changed = true;
  }

  @Override
  public void readTombstone(@Nullable String tenant) {
    if (tenant == null) {
      throw new IllegalArgumentException("there is neither a key nor a tenant");
    }
    LOG.atInfo().setMessage("tenant removed").addKeyValue("tenant", LogText.of(tenant)).log();
    tenants.remove(tenant);
    changed = true;
  }

  @Override
  public void settle(boolean caughtUp) {
    if (caughtUp && changed) {
      directories.accept(TenantDirectory.of(tenants.values()));
      changed = false;
    }
  }
}
