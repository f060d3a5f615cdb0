package dev.turnout.llm.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.llm.http.Dialect;
import dev.turnout.llm.http.LlmEndpoint;
import dev.turnout.topic.LogText;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The models that an endpoint says it has.
 *
 * @param ids their names; empty when it does not say
 * @param owners who owns them, by which servers give themselves away
 * @param problem why there is no list, in words; null when there is one
 */
public record ListedModels(List<String> ids, Set<String> owners, @Nullable String problem) {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int MOST = 10_000;

  /** Copies both. */
  public ListedModels {
    ids = List.copyOf(ids);
    owners = Set.copyOf(owners);
  }

  /**
   * Asks an endpoint.
   *
   * @throws InterruptedException when the thread is asked to end
   */
  static ListedModels of(LlmEndpoint endpoint) throws InterruptedException {
    HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.dialect().format().models(endpoint.baseUrl()))
            .timeout(TIMEOUT);
    endpoint.dialect().format().headers(endpoint.apiKey()).forEach(request::setHeader);
    endpoint.headers().forEach(request::setHeader);
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      return response.statusCode() == 200
          ? of(new ObjectMapper().readTree(response.body()))
          : none("HTTP " + response.statusCode());
    } catch (IOException e) {
      return none(String.valueOf(e));
    }
  }

  private static ListedModels of(@Nullable JsonNode json) {
    if (json == null || !json.path("data").isArray()) {
      return none("no list of models came back");
    }
    Set<String> ids = new LinkedHashSet<>();
    Set<String> owners = new LinkedHashSet<>();
    for (JsonNode model : json.path("data")) {
      if (ids.size() < MOST && model.path("id").isTextual()) {
        ids.add(model.path("id").asText());
        owners.add(model.path("owned_by").asText(""));
      }
    }
    return new ListedModels(List.copyOf(ids), owners, null);
  }

  private static ListedModels none(String problem) {
    return new ListedModels(List.of(), Set.of(), LogText.of(problem));
  }

  /** What the server speaks by what it says of its models, if that tells. */
  public Optional<Dialect> dialect() {
    if (owners.contains("vllm")) {
      return Optional.of(Dialect.VLLM);
    }
    if (owners.contains("llamacpp")) {
      return Optional.of(Dialect.LLAMA_CPP);
    }
    return owners.contains("library") ? Optional.of(Dialect.OLLAMA) : Optional.empty();
  }
}
