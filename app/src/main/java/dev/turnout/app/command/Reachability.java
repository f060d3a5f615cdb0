package dev.turnout.app.command;

import dev.turnout.config.ConfigProblem;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.kafka.AccessFailure;
import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.registry.SchemaRegistryClient;
import dev.turnout.serde.TopicSubjects;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.topic.TopicLimits;
import dev.turnout.topic.TopicSpec;
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
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** Tries whether the broker, the topics and the registry of a configuration answer. */
final class Reachability {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final String WHERE = "registry.url";

  private Reachability() {}

  static List<ConfigProblem> problems(ConnectionSettings connection) {
    List<ConfigProblem> problems = new ArrayList<>();
    registry(connection, broker(connection, problems), problems);
    return problems;
  }

  /** The topics of the broker, or none if it does not answer. */
  private static Set<String> broker(ConnectionSettings connection, List<ConfigProblem> problems) {
    String where = "kafka.bootstrap.servers";
    String servers = connection.bootstrapServers();
    Map<String, Object> settings = new HashMap<>(connection.kafka());
    settings.put("default.api.timeout.ms", (int) TIMEOUT.toMillis());
    settings.put("request.timeout.ms", (int) TIMEOUT.toMillis());
    try (Admin admin = Admin.create(settings)) {
      Set<String> topics = admin.listTopics().names().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      String queries = connection.topics().queries();
      if (!topics.contains(queries) && !connection.createTopics()) {
        problems.add(
            new ConfigProblem(
                "topics.prefix",
                "the broker has no topic "
                    + queries
                    + "; turnout topics --create makes all of them, or set topics.create: true"));
      }
      TopicLimits.tooSmall(admin, connection.topics(), TIMEOUT).stream()
          .map(problem -> new ConfigProblem("topics.prefix", problem))
          .forEach(problems::add);
      return topics;
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      Optional<String> remedy = AccessFailure.remedy(e);
      if (remedy.isPresent()) {
        problems.add(
            new ConfigProblem(
                where, "Kafka at " + servers + " refuses this client; " + remedy.get()));
        return Set.of();
      }
      problems.add(
          new ConfigProblem(
              where,
              "no Kafka broker answers at "
                  + servers
                  + " within 5 s; is it running, is the address right, does it want TLS or SASL?"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      problems.add(new ConfigProblem(where, "interrupted while waiting for " + servers));
    }
    return Set.of();
  }

  /** Whether the registry answers and lets us in; for topics that are there, what it holds. */
  private static void registry(
      ConnectionSettings connection, Set<String> there, List<ConfigProblem> problems) {
    TopicCatalogue catalogue = connection.topics();
    Stream<TopicSpec> own =
        catalogue.topics().stream().filter(topic -> there.contains(topic.name()));
    Stream<TopicSpec> requests = catalogue.requestsSpecsAmong(there).stream();
    Map<String, Object> settings = new HashMap<>(connection.registry());
    settings.put("schema.registry.http.connect.timeout.ms", TIMEOUT.toMillis());
    settings.put("schema.registry.http.read.timeout.ms", TIMEOUT.toMillis());
    settings.put("schema.registry.max.retries", 0);
    try {
      TopicSubjects subjects = TopicSubjects.at(settings);
      List<TopicSpec> topics = Stream.concat(own, requests).toList();
      if (topics.isEmpty()) {
        Optional<String> unusedRule = SchemaRegistryClient.direct(settings).compatibility("any");
      }
      subjects.problems(topics).forEach(text -> problems.add(new ConfigProblem(WHERE, text)));
    } catch (RegistryUnavailableException e) {
      problems.add(
          new ConfigProblem(
              WHERE,
              "no schema registry answers at "
                  + String.join(",", connection.registryUrls())
                  + "; is it running? ("
                  + e.getMessage()
                  + ")"));
    } catch (KafkaException e) {
      problems.add(new ConfigProblem(WHERE, String.valueOf(e.getMessage())));
    }
  }
}
