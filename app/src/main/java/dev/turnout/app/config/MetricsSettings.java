package dev.turnout.app.config;

import static dev.turnout.config.SettingKind.PORT;
import static dev.turnout.config.SettingKind.TEXT;

import dev.turnout.config.ListenAddress;
import dev.turnout.config.Setting;
import dev.turnout.config.SettingGroup;
import dev.turnout.config.SettingValues;

/** Where a role serves its metrics and probes. */
public record MetricsSettings(String host, int port) {

  static final SettingGroup KEYS = SettingGroup.closed("metrics", "All roles");

  private static final Setting<String> HOST =
      KEYS.key("host", TEXT, ListenAddress.LOOPBACK)
          .doc(
              "Address of /metrics, /healthz, /readyz and /startupz; a pod's probes and Prometheus"
                  + " need 0.0.0.0.");
  private static final Setting<Integer> METRICS_PORT =
      KEYS.key("port", PORT, 9464).doc("Port of these; 0 takes a free one.");

  /** Where they are served. */
  public ListenAddress listens() {
    return new ListenAddress(HOST.key(), host);
  }

  /** Binds the settings. */
  public static MetricsSettings from(SettingValues values) {
    return new MetricsSettings(values.get(HOST), values.get(METRICS_PORT));
  }
}
