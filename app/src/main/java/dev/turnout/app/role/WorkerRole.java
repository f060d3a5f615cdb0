package dev.turnout.app.role;

import dev.turnout.app.kafka.LatestRecords;
import dev.turnout.config.SettingValues;
import dev.turnout.kafka.StartedParts;
import dev.turnout.llm.LlmClient;
import dev.turnout.llm.TokenPrices;
import dev.turnout.llm.http.HttpLlmClient;
import dev.turnout.llm.http.LlmEndpoint;
import dev.turnout.schema.LlmProfile;
import dev.turnout.telemetry.Telemetry;
import dev.turnout.worker.LlmWorker;
import dev.turnout.worker.WorkerSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A worker pool of one LLM that answers through an OpenAI-compatible endpoint. */
public final class WorkerRole implements RunningRole {

  private final LlmWorker worker;
  private final Telemetry telemetry;

  private WorkerRole(LlmWorker worker, Telemetry telemetry) {
    this.worker = worker;
    this.telemetry = telemetry;
  }

  /**
   * Starts the pool.
   *
   * @throws dev.turnout.config.ConfigException naming the key that is missing
   */
  public static WorkerRole start(SettingValues values, MeterRegistry metrics, Startup startup) {
    WorkerSettings settings = WorkerSettings.from(values);
    LlmEndpoint endpoint = WorkerSettings.endpoint(values);
    startup.awaitTopics(
        settings.connection(),
        settings.requiredTopics(),
        "add the LLM with turnout llms add "
            + settings.llm()
            + ", and create the others with turnout topics --create");
    LlmEndpoint priced = endpoint.withPrices(prices(settings, startup));
    StartedParts parts = new StartedParts();
    try {
      Telemetry telemetry = parts.add(Telemetry.start(settings.connection().telemetry(), "worker"));
      LlmClient client = new HttpLlmClient(priced, telemetry);
      return new WorkerRole(LlmWorker.start(settings, client, metrics), telemetry);
    } catch (RuntimeException | Error failed) {
      parts.giveUp(failed);
      throw failed;
    }
  }

  /** Prices as the LLM's profile says, so that they stand in one place. */
  private static @Nullable TokenPrices prices(WorkerSettings settings, Startup startup) {
    LlmProfile profile =
        startup
            .awaitRegistry(
                settings.connection(),
                () ->
                    LatestRecords.read(
                        LlmProfile.class,
                        settings.topics().llms(),
                        settings.kafka(),
                        settings.serde()))
            .get(settings.llm());
    if (profile == null
        || profile.getInputUsdPerMillionTokens() == null
        || profile.getOutputUsdPerMillionTokens() == null) {
      return null;
    }
    return new TokenPrices(
        profile.getInputUsdPerMillionTokens(),
        profile.getOutputUsdPerMillionTokens(),
        profile.getCachedInputUsdPerMillionTokens());
  }

  @Override
  public Health health() {
    return Health.of(worker.health(Instant.now()));
  }

  @Override
  public void close() {
    worker.close();
    telemetry.close();
  }
}
