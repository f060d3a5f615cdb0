package dev.turnout.app.quickstart;

import dev.turnout.app.config.Configuration;
import dev.turnout.app.quickstart.scenario.Scenario;
import dev.turnout.app.quickstart.scenario.ScenarioGrading;
import dev.turnout.app.quickstart.scenario.ScenarioLlm;
import dev.turnout.app.quickstart.scenario.StreamIds;
import dev.turnout.config.SettingValues;
import dev.turnout.grader.Grader;
import dev.turnout.grader.GraderSettings;
import dev.turnout.kafka.StartedParts;
import dev.turnout.llm.LlmClient;
import dev.turnout.llm.http.HttpLlmClient;
import dev.turnout.schema.LlmProfile;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.worker.LlmWorker;
import dev.turnout.worker.WorkerSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The worker pools of all LLMs and the grader. */
record AnsweringSide(List<LlmWorker> workers, Grader grader) implements AutoCloseable {
  private static final int IN_FLIGHT_PER_LLM = 64;
  private static final String GRADER = "quickstart";

  static AnsweringSide start(
      TopicCatalogue topics,
      Scenario scenario,
      StreamIds ids,
      Cluster cluster,
      Map<String, URI> endpoints,
      MeterRegistry metrics) {
    StartedParts parts = new StartedParts();
    try {
      return start(topics, scenario, ids, cluster, endpoints, metrics, parts);
    } catch (RuntimeException | Error failed) {
      parts.giveUp(failed);
      throw failed;
    }
  }

  private static AnsweringSide start(
      TopicCatalogue topics,
      Scenario scenario,
      StreamIds ids,
      Cluster cluster,
      Map<String, URI> endpoints,
      MeterRegistry metrics,
      StartedParts parts) {
    List<LlmWorker> workers = new ArrayList<>();
    List<LlmProfile> llms = scenario.llms();
    for (int i = 0; i < llms.size(); i++) {
      LlmProfile llm = llms.get(i);
      Map<String, String> texts = cluster.texts(topics);
      texts.put("worker.llm", llm.getId());
      texts.put("worker.concurrency", Integer.toString(IN_FLIGHT_PER_LLM));
      URI endpoint = endpoints.get(llm.getId());
      if (endpoint != null) {
        texts.put("worker.url", endpoint.toString());
      }
      SettingValues values = Configuration.of(texts);
      LlmClient client =
          endpoint == null
              ? new ScenarioLlm(llm, i, scenario, ids)
              : new HttpLlmClient(WorkerSettings.endpoint(values));
      workers.add(parts.add(LlmWorker.start(WorkerSettings.from(values), client, metrics)));
    }
    Map<String, String> texts = cluster.texts(topics);
    texts.put("grader.id", GRADER);
    texts.put("grader.from", "earliest"); // the workers run already
    Grader grader =
        Grader.start(
            GraderSettings.from(Configuration.of(texts)),
            new ScenarioGrading(scenario, ids),
            metrics);
    return new AnsweringSide(workers, grader);
  }

  @Override
  public void close() {
    // Each waits for its answers under way; together they wait no longer than the slowest.
    CompletableFuture<?>[] closing =
        workers.stream()
            .map(worker -> CompletableFuture.runAsync(worker::close))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(closing).join();
    grader.close();
  }
}
