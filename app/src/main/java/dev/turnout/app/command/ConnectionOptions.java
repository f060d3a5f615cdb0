package dev.turnout.app.command;

import dev.turnout.app.config.Configuration;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.quickstart.view.RunningQuickstart;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.kafka.AccessFailure;
import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.registry.SchemaRegistryClient;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which installation a command talks to; without any, the running quickstart. */
public final class ConnectionOptions {

  private static final int TIMEOUT_MILLIS = 5_000;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration with broker and registry. Default: the running quickstart.")
  private @Nullable Path config;

  @Option(names = "--bootstrap", paramLabel = "HOST:PORT", description = "Kafka broker(s).")
  private @Nullable String bootstrap;

  @Option(names = "--registry", paramLabel = "URL", description = "Schema registry.")
  private @Nullable String registry;

  @Option(names = "--prefix", description = "First word of the topics' names.")
  private @Nullable String prefix;

  /**
   * Finds the installation and makes sure that its broker answers.
   *
   * @throws CommandFailure if there is none, with the remedy
   */
  public Connection open() {
    return open(Patience.NONE);
  }

  /** The same, of a broker and a schema registry that may not be there yet. */
  public Connection open(Patience patience) {
    Connection connection = resolve(System.getenv(), RunningQuickstart.find());
    patience.await(() -> problem(connection));
    if (!patience.limit().isZero()) {
      patience.await(() -> registryProblem(connection));
    }
    return connection;
  }

  /** Whoever is in no hurry wants to write soon; others may do without the registry. */
  private static Optional<String> registryProblem(Connection connection) {
    Map<String, Object> settings = new HashMap<>(connection.serde());
    settings.put("schema.registry.http.connect.timeout.ms", TIMEOUT_MILLIS);
    settings.put("schema.registry.http.read.timeout.ms", TIMEOUT_MILLIS);
    settings.put("schema.registry.max.retries", 0);
    try {
      Optional<String> unusedRule = SchemaRegistryClient.direct(settings).compatibility("any");
      return Optional.empty();
    } catch (RegistryUnavailableException e) {
      return Optional.of(
          "no schema registry answers at "
              + settings.get("schema.registry.url")
              + "; is it running? ("
              + e.getMessage()
              + ")");
    }
  }

  private static Map<String, Object> bounded(Connection connection) {
    Map<String, Object> bounded = new HashMap<>(connection.client());
    bounded.put("default.api.timeout.ms", TIMEOUT_MILLIS);
    bounded.put("request.timeout.ms", TIMEOUT_MILLIS);
    return bounded;
  }

  /** Waits for topics that may not be there yet. */
  public static void awaitTopics(
      Connection connection, Collection<String> topics, Patience patience) {
    patience.await(
        () -> {
          Set<String> missing = new TreeSet<>(topics);
          try (Admin admin = Admin.create(bounded(connection))) {
            missing.removeAll(
                admin.listTopics().names().get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
          } catch (ExecutionException | TimeoutException | KafkaException e) {
            return Optional.of(unanswered(connection, e));
          } catch (InterruptedException e) {
            throw interrupted(e);
          }
          return missing.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  "there are no topics "
                      + missing
                      + "; create them with turnout topics --create, or name another --prefix");
        });
  }

  private static Optional<String> problem(Connection connection) {
    try (Admin admin = Admin.create(bounded(connection))) {
      admin.describeCluster().clusterId().get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
      return Optional.empty();
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      return Optional.of(unanswered(connection, e));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static String unanswered(Connection connection, Exception e) {
    if (AccessFailure.remedy(e).isPresent()) {
      throw new CommandFailure(
          "Kafka at " + connection.bootstrapServers() + " refuses this client", e);
    }
    return "no Kafka broker answers at "
        + connection.bootstrapServers()
        + "; is it running? turnout check --connect tries each address";
  }

  private static CommandFailure interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new CommandFailure("interrupted while connecting", e);
  }

  Connection resolve(Map<String, String> environment, Optional<RunningQuickstart> running) {
    boolean configured =
        config != null || environment.containsKey("TURNOUT_KAFKA_BOOTSTRAP_SERVERS");
    if (!configured && bootstrap == null && running.isEmpty()) {
      throw new CommandFailure(
          "no quickstart runs here; start ./turnout quickstart in another terminal, or say where"
              + " Kafka is with --config FILE or with --bootstrap HOST:PORT --registry URL");
    }
    Map<String, String> overrides = new HashMap<>();
    if (!configured) {
      running.ifPresent(
          found -> {
            overrides.put("kafka.bootstrap.servers", found.bootstrapServers());
            overrides.put("registry.url", found.registryUrl());
            overrides.put("topics.prefix", found.topicPrefix());
            overrides.put("topics.replication", "1");
          });
    }
    put(overrides, "kafka.bootstrap.servers", bootstrap);
    put(overrides, "registry.url", registry);
    put(overrides, "topics.prefix", prefix);
    return new Connection(
        ConnectionSettings.from(Configuration.read(config, environment, overrides)));
  }

  private static void put(Map<String, String> overrides, String key, @Nullable String value) {
    if (value != null) {
      overrides.put(key, value);
    }
  }
}
