package dev.turnout.registry.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.RegistryUnavailableException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests to whichever registry URL answers: the one that answered last is asked first, the others
 * follow, and the whole round repeats with growing pauses.
 */
final class RegistryHttp {

  static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";

  private static final Logger LOG = LoggerFactory.getLogger(RegistryHttp.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RegistrySettings settings;
  private final HttpClient client;
  private final RetryPolicy<JsonNode> retry;
  private volatile int preferred;

  RegistryHttp(RegistrySettings settings) {
    this.settings = settings;
    this.client = client(settings);
    this.retry =
        RetryPolicy.<JsonNode>builder()
            .handle(RegistryUnavailableException.class)
            .withMaxRetries(settings.maxRetries())
            .withBackoff(settings.retryWait(), settings.retryMaxWait().plusMillis(1))
            .withJitter(0.2)
            .onRetry(
                event ->
                    LOG.atWarn()
                        .setMessage("schema registry does not answer, trying again")
                        .addKeyValue("urls", settings.urls())
                        .addKeyValue("attempt", event.getAttemptCount())
                        .setCause(event.getLastException())
                        .log())
            .build();
  }

  private static HttpClient client(RegistrySettings settings) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(settings.connectTimeout());
    if (!settings.tls().isEmpty()) {
      SSLContext context = RegistryTls.context(settings.tls());
      builder.sslContext(context);
      if (RegistryTls.ignoresHostName(settings.tls())) {
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("");
        builder.sslParameters(parameters);
      }
    }
    return builder.build();
  }

  List<String> urls() {
    return settings.urls();
  }

  /**
   * Sends one request.
   *
   * @param path below the base URL, beginning with a slash
   * @return the JSON answer
   * @throws RegistryUnavailableException if no URL answered in any round
   * @throws RegistryRefusedException if one answered with an error that is about the request
   */
  JsonNode send(String method, String path, @Nullable String body) {
    try {
      return Failsafe.with(retry).get(() -> round(method, path, body));
    } catch (FailsafeException failed) {
      if (failed.getCause() instanceof InterruptedException interrupted) {
        throw new InterruptException(interrupted);
      }
      throw failed;
    }
  }

  private JsonNode round(String method, String path, @Nullable String body)
      throws InterruptedException {
    int first = preferred;
    @Nullable Exception last = null;
    String why = "";
    for (int i = 0; i < settings.urls().size(); i++) {
      int index = (first + i) % settings.urls().size();
      String url = settings.urls().get(index);
      try {
        HttpResponse<String> response =
            client.send(request(url, method, path, body), BodyHandlers.ofString());
        if (!transientStatus(response.statusCode())) {
          preferred = index;
          return answer(url, method, path, response);
        }
        why = url + " answered HTTP " + response.statusCode();
      } catch (IOException failed) {
        last = failed;
        why = url + ": " + describe(failed);
      }
    }
    throw new RegistryUnavailableException(
        "no schema registry answered "
            + method
            + " "
            + path
            + " at "
            + settings.urls()
            + " (last: "
            + why
            + "); check "
            + RegistrySettings.URL_CONFIG
            + " and that the registry runs",
        last);
  }

  private static boolean transientStatus(int status) {
    return status >= 500 || status == 429 || status == 408;
  }

  private HttpRequest request(String url, String method, String path, @Nullable String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(settings.readTimeout())
            .header("Accept", MEDIA_TYPE + ", application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", MEDIA_TYPE);
    }
    @Nullable String authorization = settings.credentials().authorization();
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return request.build();
  }

  private static JsonNode answer(
      String url, String method, String path, HttpResponse<String> response) {
    JsonNode json = json(response.body());
    int status = response.statusCode();
    if (status >= 200 && status < 300 && !json.isMissingNode()) {
      return json;
    }
    int code = json.path("error_code").asInt(status);
    String said = json.path("message").asText("");
    throw new RegistryRefusedException(
        "schema registry "
            + url
            + " refused "
            + method
            + " "
            + path
            + ": HTTP "
            + status
            + (code == status ? "" : " (" + code + ")")
            + (said.isEmpty() ? "" : ", " + said)
            + "; "
            + remedy(status, json),
        status,
        code);
  }

  private static String remedy(int status, JsonNode json) {
    return switch (status) {
      case 401 -> "check basic.auth.* or bearer.auth.*";
      case 403 -> "the credentials lack the right for this subject";
      case 409 ->
          "the schema breaks the subject's compatibility rule: change the schema, or the"
              + " rule by PUT /config/<subject>";
      case 422 -> "the registry takes the schema for invalid";
      default ->
          json.has("error_code")
              ? "see the registry's message"
              : "this does not look like a Schema Registry: check the path in "
                  + RegistrySettings.URL_CONFIG;
    };
  }

  private static JsonNode json(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException notJson) {
      return MissingNode.getInstance();
    }
  }

  private static String describe(IOException failed) {
    return failed.getMessage() == null
        ? failed.getClass().getSimpleName()
        : failed.getClass().getSimpleName() + ": " + failed.getMessage();
  }
}
