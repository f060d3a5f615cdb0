package dev.turnout.telemetry;

import dev.turnout.config.TelemetrySettings;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one role tells OpenTelemetry. Off unless a collector is named, and then nothing is made for
 * a query: no span, no metric. Safe for use by several threads.
 *
 * <p>What is on is bounded and in nobody's way: spans wait in a queue of fixed size for a thread
 * that sends them, and are dropped while the collector is away or too slow.
 */
public final class Telemetry implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);
  private static final Telemetry OFF = new Telemetry(null, null);
  private static final String SCOPE = "dev.turnout";
  private static final long CLOSE_SECONDS = 5;

  /** Variables that name a collector, as OpenTelemetry's specification calls them. */
  private static final List<String> ENDPOINT_VARIABLES =
      List.of(
          "OTEL_EXPORTER_OTLP_ENDPOINT",
          "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
          "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");

  private static final TextMapGetter<TraceContext> GETTER =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(TraceContext carrier) {
          return List.of(TraceContext.TRACEPARENT, TraceContext.TRACESTATE);
        }

        @Override
        public @Nullable String get(@Nullable TraceContext carrier, String key) {
          if (carrier == null) {
            return null;
          }
          return key.equals(TraceContext.TRACEPARENT)
              ? carrier.traceparent()
              : carrier.tracestate();
        }
      };

  private final @Nullable OpenTelemetrySdk sdk;
  private final @Nullable Tracer tracer;

  private Telemetry(@Nullable OpenTelemetrySdk sdk, @Nullable Tracer tracer) {
    this.sdk = sdk;
    this.tracer = tracer;
  }

  /** Tells nobody anything. */
  public static Telemetry off() {
    return OFF;
  }

  /**
   * Starts what the settings, and where they are silent the standard variables {@code OTEL_…}, say.
   *
   * @param role e.g. {@code router}; the service is called {@code turnout-router} unless named
   * @throws IllegalArgumentException if OpenTelemetry refuses the settings; it says which
   */
  public static Telemetry start(TelemetrySettings settings, String role) {
    return start(settings, role, System.getenv());
  }

  static Telemetry start(TelemetrySettings settings, String role, Map<String, String> environment) {
    if (!isWanted(settings, environment)) {
      return OFF;
    }
    Map<String, String> defaults = new HashMap<>();
    defaults.put("otel.service.name", "turnout-" + role);
    defaults.put("otel.exporter.otlp.protocol", "http/protobuf");
    defaults.put("otel.logs.exporter", "none");
    OpenTelemetrySdk sdk;
    try {
      sdk =
          AutoConfiguredOpenTelemetrySdk.builder()
              .disableShutdownHook()
              .addPropertiesSupplier(() -> defaults)
              .addPropertiesCustomizer(config -> settings.properties())
              .build()
              .getOpenTelemetrySdk();
    } catch (RuntimeException refused) {
      throw new IllegalArgumentException(
          "OpenTelemetry cannot start: "
              + refused.getMessage()
              + "; correct the keys below otel, or the variable OTEL_... of that name",
          refused);
    }
    LOG.atInfo()
        .setMessage("traces and metrics go to a collector of OpenTelemetry")
        .addKeyValue("role", role)
        .addKeyValue("settings", settings.properties().keySet())
        .log();
    return new Telemetry(sdk, sdk.getTracer(SCOPE));
  }

  private static boolean isWanted(TelemetrySettings settings, Map<String, String> environment) {
    String disabled =
        settings
            .properties()
            .getOrDefault("otel.sdk.disabled", environment.getOrDefault("OTEL_SDK_DISABLED", ""));
    return !disabled.equalsIgnoreCase("true")
        && (settings.properties().keySet().stream().anyMatch(Telemetry::isEndpoint)
            || ENDPOINT_VARIABLES.stream()
                .anyMatch(name -> !environment.getOrDefault(name, "").isBlank()));
  }

  private static boolean isEndpoint(String property) {
    return property.startsWith("otel.exporter.otlp.") && property.endsWith("endpoint");
  }

  /** Whether anything is told. */
  public boolean isOn() {
    return tracer != null;
  }

  /**
   * A span that is not started yet; null when nothing is traced.
   *
   * @param parent what it is done for; null begins a trace
   */
  public @Nullable SpanBuilder span(String name, SpanKind kind, @Nullable TraceContext parent) {
    Tracer known = tracer;
    if (known == null) {
      return null;
    }
    SpanBuilder span = known.spanBuilder(name).setSpanKind(kind);
    return parent == null ? span.setNoParent() : span.setParent(context(parent));
  }

  private static Context context(TraceContext parent) {
    return W3CTraceContextPropagator.getInstance().extract(Context.root(), parent, GETTER);
  }

  /** What is done for a span hangs on this. */
  public static TraceContext within(Span span) {
    Map<String, String> written = new HashMap<>();
    W3CTraceContextPropagator.getInstance()
        .inject(
            Context.root().with(span),
            written,
            (into, key, value) -> {
              if (into != null) {
                into.put(key, value);
              }
            });
    return new TraceContext(
        written.getOrDefault(TraceContext.TRACEPARENT, ""), written.get(TraceContext.TRACESTATE));
  }

  /** Where metrics go; to nobody when nothing is told. */
  public Meter meter() {
    return (sdk == null ? OpenTelemetry.noop() : sdk).getMeter(SCOPE);
  }

  /** Sends what waits, for at most five seconds. */
  @Override
  public void close() {
    if (sdk != null) {
      sdk.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
  }
}
