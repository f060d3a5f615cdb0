package dev.turnout.config;

import static dev.turnout.config.SettingKind.ENDPOINT;
import static dev.turnout.config.SettingKind.SECRET;
import static dev.turnout.config.SettingKind.SHARE;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/**
 * Where spans and metrics of OpenTelemetry go.
 *
 * @param properties of OpenTelemetry's autoconfiguration, {@code otel.…}, as far as they are set;
 *     empty where nothing is
 */
public record TelemetrySettings(Map<String, String> properties) {

  /** The keys {@code otel.*}. */
  public static final SettingGroup KEYS =
      SettingGroup.open(
          "otel",
          "OpenTelemetry; any property of its autoconfiguration may stand here, e.g."
              + " metrics.exporter: none");

  private static final Setting<URI> URL =
      KEYS.key("endpoint", ENDPOINT)
          .doc(
              "Collector that spans and metrics go to by OTLP over HTTP, e.g."
                  + " http://localhost:4318; empty is OTEL_EXPORTER_OTLP_ENDPOINT, and without"
                  + " that nothing is traced.");
  private static final Setting<String> HEADERS =
      KEYS.key("headers", SECRET)
          .doc("Further headers for the collector, name=value with commas, e.g. of its key.");
  private static final Setting<Double> SAMPLING =
      KEYS.key("sampling", SHARE)
          .doc(
              "Share of the traces that begin here; where a client began one, it decides. Empty is"
                  + " all of them.");

  /** Freezes the properties. */
  public TelemetrySettings {
    properties = Map.copyOf(properties);
  }

  /** Nothing is set. */
  public static TelemetrySettings none() {
    return new TelemetrySettings(Map.of());
  }

  /** Binds the settings. */
  public static TelemetrySettings from(SettingValues values) {
    Map<String, String> properties = new HashMap<>();
    values.further(KEYS).forEach((key, value) -> properties.put("otel." + key, value.toString()));
    values
        .find(URL)
        .ifPresent(url -> properties.put("otel.exporter.otlp.endpoint", url.toString()));
    values.find(HEADERS).ifPresent(all -> properties.put("otel.exporter.otlp.headers", all));
    values
        .find(SAMPLING)
        .ifPresent(
            share -> {
              properties.put("otel.traces.sampler", "parentbased_traceidratio");
              properties.put("otel.traces.sampler.arg", share.toString());
            });
    return new TelemetrySettings(properties);
  }

  /** Names only: the values may be passwords. */
  @Override
  public String toString() {
    return "TelemetrySettings" + properties.keySet();
  }
}
