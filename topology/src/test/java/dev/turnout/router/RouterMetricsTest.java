package dev.turnout.router;

import static java.time.Instant.EPOCH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.availability.Unavailable;
import dev.turnout.control.llm.LlmDirectory;
import dev.turnout.control.llm.RegisteredLlm;
import dev.turnout.control.model.ServingState;
import dev.turnout.schema.LlmProfile;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterMetricsTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RouterMetrics metrics = new RouterMetrics(registry);

  @Test
  void shouldShowTheseNamesToPrometheus() {
    // when
    metrics.batchEncoded(8, 4_000_000);
    metrics.batchFailed();
    metrics.preparationFailed();
    metrics.encodedSingly();
    metrics.routed("acme/alpha", "NONE", 2_000, 500, 60, 3);
    metrics.routed("acme/beta", "NO_MODEL", 2_000, 500, 60, 3);
    metrics.deadLettered("EMPTY_TEXT");
    metrics.modelRejected();
    metrics.modelServes("m1");
    metrics.watchQueueLag(() -> 17);

    // then
    assertThat(registry.scrape())
        .contains(
            "turnout_stage_seconds_bucket{stage=\"queue\"",
            "turnout_stage_seconds_bucket{stage=\"encode\"",
            "turnout_stage_seconds_bucket{stage=\"decide\"",
            "turnout_stage_seconds_count{stage=\"total\"} 2",
            "turnout_batch_size_bucket{le=\"8.0\"} 1",
            "turnout_batch_encode_seconds_count 1",
            "turnout_routed_total{llm=\"acme/alpha\"} 1.0",
            "turnout_routed_total{llm=\"acme/beta\"} 1.0",
            "turnout_fallback_total{kind=\"NO_MODEL\"} 1.0",
            "turnout_dead_letter_total{reason=\"EMPTY_TEXT\"} 1.0",
            "turnout_encoded_singly_total 1.0",
            "turnout_batch_failed_total 1.0",
            "turnout_preparation_failed_total 1.0",
            "turnout_model_rejected_total 1.0",
            "turnout_queue_lag_records 17.0",
            "turnout_model_info{version=\"m1\"} 1");
  }

  @Test
  void shouldShowOnlyTheServingVersion() {
    // given
    metrics.modelServes("m1");

    // when
    metrics.modelServes("m2");

    // then
    assertThat(registry.scrape()).contains("version=\"m2\"").doesNotContain("version=\"m1\"");
  }

  @Test
  void shouldShowAnLlmThatIsDownWhenItsProfileIsReadLater() {
    // given reports that are read before any profile
    ServingState live = new ServingState();
    Map<String, Unavailable> reported =
        Map.of(
            "down",
            new Unavailable(EPOCH, "HTTP 500", false),
            "pool",
            deserted(),
            "gone",
            deserted());
    live.replaceUnavailable(reported);
    metrics.unavailable(reported.keySet(), llm -> live.serving().directory().isOutOfService(llm));

    // when
    live.replaceDirectory(
        LlmDirectory.of(List.of(llm("down", true), llm("pool", true), llm("gone", false))));

    // then
    assertThat(registry.scrape())
        .contains(
            "turnout_llm_unavailable{llm=\"down\"} 1",
            "turnout_llm_unavailable{llm=\"gone\"} 1",
            "turnout_llm_unavailable{llm=\"pool\"} 0");
  }

  private static Unavailable deserted() {
    return new Unavailable(EPOCH, "its workers have ended", true);
  }

  private static RegisteredLlm llm(String id, boolean onDemand) {
    LlmProfile profile =
        LlmProfile.newBuilder()
            .setId(id)
            .setTopic("requests." + id)
            .setUpdatedAt(EPOCH)
            .setOnDemand(onDemand)
            .build();
    return new RegisteredLlm(profile, null);
  }
}
