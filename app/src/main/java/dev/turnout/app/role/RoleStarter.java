package dev.turnout.app.role;

import dev.turnout.config.SettingValues;
import io.micrometer.core.instrument.MeterRegistry;

/** Starts a role. */
@FunctionalInterface
public interface RoleStarter {

  /**
   * Starts it, once what it needs is there.
   *
   * @param metrics where its metrics go
   * @param startup waits, and tells whoever probes for what
   */
  RunningRole start(SettingValues values, MeterRegistry metrics, Startup startup);
}
