package dev.turnout.app.command;

import dev.turnout.config.ConfigProblem;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.kafka.AccessFailure;
import dev.turnout.topic.TopicLimits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** Tries whether the broker, the topics and the registry of a configuration answer. */
final class Reachability {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private Reachability() {}

  static List<ConfigProblem> problems(ConnectionSettings connection) {
    List<ConfigProblem> problems = new ArrayList<>(broker(connection));
    try {
      connection.registryUrls().forEach(url -> registry(url, problems));
    } catch (KafkaException e) {
      problems.add(new ConfigProblem("registry.url", String.valueOf(e.getMessage())));
    }
    return problems;
  }

  private static List<ConfigProblem> broker(ConnectionSettings connection) {
    String where = "kafka.bootstrap.servers";
    String servers = connection.bootstrapServers();
    Map<String, Object> settings = new HashMap<>(connection.kafka());
    settings.put("default.api.timeout.ms", (int) TIMEOUT.toMillis());
    settings.put("request.timeout.ms", (int) TIMEOUT.toMillis());
    try (Admin admin = Admin.create(settings)) {
      Set<String> topics = admin.listTopics().names().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      String queries = connection.topics().queries();
      if (!topics.contains(queries) && !connection.createTopics()) {
        return List.of(
            new ConfigProblem(
                "topics.prefix",
                "the broker has no topic "
                    + queries
                    + "; turnout topics --create makes all of them, or set topics.create: true"));
      }
      return TopicLimits.tooSmall(admin, connection.topics(), TIMEOUT).stream()
          .map(problem -> new ConfigProblem("topics.prefix", problem))
          .toList();
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      Optional<String> remedy = AccessFailure.remedy(e);
      if (remedy.isPresent()) {
        return List.of(
            new ConfigProblem(
                where, "Kafka at " + servers + " refuses this client; " + remedy.get()));
      }
      return List.of(
          new ConfigProblem(
              where,
              "no Kafka broker answers at "
                  + servers
                  + " within 5 s; is it running, is the address right, does it want TLS or SASL?"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of(new ConfigProblem(where, "interrupted while waiting for " + servers));
    }
  }

  private static void registry(String url, List<ConfigProblem> problems) {
    try {
      HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url + "/subjects")).timeout(TIMEOUT).build();
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status >= 500 || status == 404) {
        problems.add(
            new ConfigProblem(
                "registry.url",
                url + "/subjects answers " + status + "; is this the registry's API root?"));
      }
    } catch (IOException | IllegalArgumentException e) {
      problems.add(
          new ConfigProblem(
              "registry.url", "no schema registry answers at " + url + "; is it running?"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
