package dev.turnout.app.config;

/** Where metrics and probes are served; port 0 takes a free one. */
public record MetricsConfig(String host, int port) {
  static MetricsConfig from(ConfigValues values) {
    return new MetricsConfig(values.text("metrics.host"), values.whole("metrics.port"));
  }
}
