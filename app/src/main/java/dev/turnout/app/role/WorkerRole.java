package dev.turnout.app.role;

import dev.turnout.app.config.Secret;
import dev.turnout.app.config.TurnoutConfig;
import dev.turnout.app.config.WorkerConfig;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.kafka.LlmProfiles;
import dev.turnout.llm.LlmClient;
import dev.turnout.llm.OpenAiLlmClient;
import dev.turnout.llm.OpenAiSettings;
import dev.turnout.llm.TokenPrices;
import dev.turnout.schema.LlmProfile;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.worker.LlmWorker;
import dev.turnout.worker.WorkerSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A worker pool of one LLM that answers through an OpenAI-compatible endpoint. */
public final class WorkerRole implements RunningRole {

  private final LlmWorker worker;

  private WorkerRole(LlmWorker worker) {
    this.worker = worker;
  }

  /**
   * Starts the pool.
   *
   * @throws CommandFailure naming the key that is missing
   */
  public static WorkerRole start(TurnoutConfig config, MeterRegistry metrics) {
    WorkerConfig worker = config.worker();
    String llm =
        required(worker.llm().orElse(null), "worker.llm", "the id of the LLM to answer for");
    String url =
        required(
            worker.url().orElse(null),
            "worker.url",
            "an OpenAI-compatible endpoint, e.g. http://localhost:8000/v1");
    Topics.createIfWished(config);
    TopicCatalogue topics = config.topics().catalogue();
    LlmClient client =
        new OpenAiLlmClient(
            new OpenAiSettings(
                llm,
                URI.create(url),
                worker.model().orElse(llm),
                worker.apiKey().map(Secret::value).orElse(null),
                worker.timeout(),
                worker.attempts(),
                worker.maxOutputTokens(),
                prices(config, topics, llm)));
    WorkerSettings settings =
        WorkerSettings.builder(
                llm, topics, config.kafka().clientSettings(), config.registry().serdeSettings())
            .consumers(worker.consumers())
            .concurrency(worker.concurrency())
            .delivery(worker.delivery())
            .maxDeliveries(worker.maxDeliveries())
            .retryDelay(worker.retryDelay())
            .build();
    return new WorkerRole(LlmWorker.start(settings, client, metrics));
  }

  private static String required(@Nullable String value, String key, String meaning) {
    if (value == null) {
      throw new CommandFailure(key + " is not set; it is " + meaning);
    }
    return value;
  }

  /** Prices as the LLM's profile says, so that they stand in one place. */
  private static @Nullable TokenPrices prices(
      TurnoutConfig config, TopicCatalogue topics, String llm) {
    LlmProfile profile =
        LlmProfiles.read(
                topics.llms(), config.kafka().clientSettings(), config.registry().serdeSettings())
            .get(llm);
    if (profile == null
        || profile.getInputUsdPerMillionTokens() == null
        || profile.getOutputUsdPerMillionTokens() == null) {
      return null;
    }
    return new TokenPrices(
        profile.getInputUsdPerMillionTokens(), profile.getOutputUsdPerMillionTokens());
  }

  @Override
  public Health health() {
    // A worker heals itself: a broken loop is replaced, a lost broker is waited for.
    return Health.good();
  }

  @Override
  public void close() {
    worker.close();
  }
}
