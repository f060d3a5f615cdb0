package dev.turnout.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.app.config.MetricsSettings;
import dev.turnout.app.console.CommandFailure;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ProbeServerTest {

  private static HttpResponse<String> get(ProbeServer server, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path)).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void shouldTellLivenessReadinessAndStartApart() throws Exception {
    // given: a role that rebalances: alive, started, not ready
    AtomicReference<Health> health =
        new AtomicReference<>(new Health(true, true, false, List.of("no model is promoted")));
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    metrics.counter("turnout.routed").increment();
    try (ProbeServer server =
        ProbeServer.start(new MetricsSettings("localhost", 0), metrics, health::get)) {

      // then
      assertThat(get(server, "/startupz").statusCode()).isEqualTo(200);
      assertThat(get(server, "/healthz").statusCode()).isEqualTo(200);
      assertThat(get(server, "/readyz").statusCode()).isEqualTo(503);
      assertThat(get(server, "/readyz").body()).contains("no model is promoted");
      assertThat(get(server, "/metrics").body()).contains("turnout_routed_total 1.0");

      // when
      health.set(Health.good());

      // then
      assertThat(get(server, "/readyz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void shouldNameTheKeyWhenThePortIsTaken() {
    // given: a role on this machine
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (ProbeServer first =
        ProbeServer.start(new MetricsSettings("localhost", 0), metrics, Health::good)) {
      MetricsSettings taken = new MetricsSettings("localhost", first.port());

      // then
      assertThatThrownBy(() -> ProbeServer.start(taken, metrics, Health::good))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("port " + first.port() + " is taken")
          .hasMessageContaining("--set metrics.port=");
    }
  }
}
