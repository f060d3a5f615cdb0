package dev.turnout.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.SettingValues;
import dev.turnout.config.TelemetrySettings;
import io.opentelemetry.api.trace.SpanKind;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TelemetryTest {
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

  private static TelemetrySettings settings(Map<String, String> texts) {
    return TelemetrySettings.from(SettingValues.of(texts));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        PARENT,
        " " + PARENT + " ",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes-later"
      })
  void shouldHandOnWhatIsATraceparent(String text) {
    // given
    RecordHeaders headers = new RecordHeaders();

    // when
    Objects.requireNonNull(TraceContext.of(text, "a=1")).into(headers);
    Objects.requireNonNull(TraceContext.of(text, "a=2")).into(headers);

    // then
    assertThat(headers.toArray()).hasSize(2);
    assertThat(TraceContext.of(headers)).isEqualTo(new TraceContext(text.strip(), "a=2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nx-evil: 1"
      })
  void shouldHandOnNothingElse(String text) {
    assertThat(TraceContext.of(text, "a=1")).isNull();
  }

  @Test
  void shouldLeaveOutAStateThatNobodyNeedTake() {
    assertThat(TraceContext.of(PARENT, "a=" + "x".repeat(600)))
        .isEqualTo(new TraceContext(PARENT, null));
    assertThat(TraceContext.of(PARENT, "a=1\nb")).isEqualTo(new TraceContext(PARENT, null));
  }

  @Test
  void shouldMakeNothingUnlessACollectorIsNamed() {
    // given
    TelemetrySettings sampling = settings(Map.of("otel.sampling", "0.5"));
    TelemetrySettings endpoint = settings(Map.of("otel.endpoint", "http://localhost:1"));

    // then
    assertThat(Telemetry.start(sampling, "router", Map.of()).isOn()).isFalse();
    assertThat(Telemetry.off().span("x", SpanKind.CLIENT, null)).isNull();
    assertThat(Telemetry.start(endpoint, "router", Map.of("OTEL_SDK_DISABLED", "true")).isOn())
        .isFalse();
    try (Telemetry on = Telemetry.start(endpoint, "router", Map.of());
        Telemetry byVariable =
            Telemetry.start(
                TelemetrySettings.none(),
                "router",
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:1"))) {
      assertThat(on.isOn()).isTrue();
      assertThat(byVariable.isOn()).isTrue();
    }
  }

  @Test
  void shouldHangOnTheParentAndKeepItsSampling() {
    // given
    try (Telemetry telemetry =
        Telemetry.start(
            settings(Map.of("otel.endpoint", "http://localhost:1", "otel.traces.exporter", "none")),
            "worker",
            Map.of())) {
      // when
      var span =
          Objects.requireNonNull(
                  telemetry.span("x", SpanKind.CLIENT, new TraceContext(PARENT, "a=1")))
              .startSpan();

      // then: not sampled by the client, so not here
      assertThat(Telemetry.within(span))
          .isEqualTo(
              new TraceContext(
                  "00-4bf92f3577b34da6a3ce929d0e0e4736-"
                      + span.getSpanContext().getSpanId()
                      + "-00",
                  "a=1"));
      assertThat(span.isRecording()).isFalse();
      span.end();
    }
  }

  @Test
  void shouldSayWhichSettingIsWrong() {
    assertThatThrownBy(
            () ->
                Telemetry.start(
                    settings(
                        Map.of(
                            "otel.endpoint",
                            "http://localhost:1",
                            "otel.bsp.schedule.delay",
                            "soon")),
                    "router",
                    Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("otel.bsp.schedule.delay");
  }
}
