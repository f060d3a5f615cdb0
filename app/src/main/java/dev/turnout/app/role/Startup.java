package dev.turnout.app.role;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.FutureFailure;
import dev.turnout.registry.rest.Outage;
import dev.turnout.topic.LogText;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The start of a role, which waits for what must be there first: the brokers, the topics that the
 * role works on, and the registry where it is needed at once. It waits for ever, since whoever
 * starts everything at once knows no order; the probe and a log line now and then say for what.
 * Only what time does not mend, a broker that does not let us in, ends it.
 */
public final class Startup {
  /** What to do about missing topics of the catalogue. */
  static final String CREATE =
      "create them with turnout topics --create, or set another topics.prefix; if they are there,"
          + " this client may not see them, turnout acls prints the rights it needs";

  private static final Logger LOG = LoggerFactory.getLogger(Startup.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration SAID_EVERY = Duration.ofMinutes(1);
  private static final int TIMEOUT_MILLIS = 5_000;

  private final String role;
  private final CountDownLatch stop;
  private volatile @Nullable String waitingFor;
  private long said;

  /**
   * @param role in logs
   * @param stop ends the waiting
   */
  Startup(String role, CountDownLatch stop) {
    this.role = role;
    this.stop = stop;
  }

  /** How it is going: not ready, and once it waits, no start that a supervisor should cut short. */
  Health health() {
    String problem = waitingFor;
    return problem == null
        ? new Health(false, true, false, List.of("still starting"))
        : new Health(true, true, false, List.of(problem));
  }

  /**
   * Waits until topics exist; makes those of the catalogue first if the configuration wishes.
   *
   * @param remedy what makes a missing one, in words
   * @throws CommandFailure if the broker does not let us ask
   * @throws CancellationException if the role is asked to stop meanwhile
   */
  public void awaitTopics(ConnectionSettings connection, Collection<String> topics, String remedy) {
    boolean created = !connection.createTopics();
    while (true) {
      String problem;
      try (Admin admin = admin(connection)) {
        Set<String> missing = missing(admin, topics);
        if (!created) {
          Topics.createIfWished(connection);
          created = true;
          missing = missing(admin, topics);
        }
        if (missing.isEmpty()) {
          over();
          return;
        }
        problem =
            "waiting for topics %s at %s; %s"
                .formatted(missing, connection.bootstrapServers(), remedy);
      } catch (ExecutionException | TimeoutException | KafkaException e) {
        problem = unreachable(connection, FutureFailure.cause(e));
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
      waitFor(problem);
    }
  }

  /**
   * Reads what needs the schema registry, as soon as it answers.
   *
   * @param reading throws what is an outage of the registry as long as it does not
   * @throws CancellationException if the role is asked to stop meanwhile
   */
  public <T> T awaitRegistry(ConnectionSettings connection, Supplier<T> reading) {
    while (true) {
      try {
        T read = reading.get();
        over();
        return read;
      } catch (RuntimeException e) {
        if (!Outage.isBehind(e)) {
          throw e;
        }
        waitFor(
            "waiting for the schema registry at %s, which does not answer (%s)"
                .formatted(connection.registry().get("schema.registry.url"), e.getMessage()));
      }
    }
  }

  private void waitFor(String problem) {
    long now = System.nanoTime();
    if (!problem.equals(waitingFor) || now - said > SAID_EVERY.toNanos()) {
      LOG.atWarn()
          .setMessage("role waits before it starts")
          .addKeyValue("role", role)
          .addKeyValue("problem", LogText.of(problem))
          .log();
      said = now;
    }
    waitingFor = problem;
    pause();
  }

  private static Set<String> missing(Admin admin, Collection<String> topics)
      throws InterruptedException, ExecutionException, TimeoutException {
    Set<String> missing = new TreeSet<>(topics);
    missing.removeAll(admin.listTopics().names().get(2L * TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
    return missing;
  }

  private static Admin admin(ConnectionSettings connection) {
    Map<String, Object> config = new HashMap<>(connection.kafka());
    config.put("default.api.timeout.ms", TIMEOUT_MILLIS);
    config.put("request.timeout.ms", TIMEOUT_MILLIS);
    return Clients.admin(config);
  }

  private static String unreachable(ConnectionSettings connection, @Nullable Throwable cause) {
    String servers = connection.bootstrapServers();
    if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
      throw new CommandFailure(
          "kafka.bootstrap.servers: "
              + servers
              + " does not let us in: "
              + cause.getMessage()
              + "; see the keys below kafka. for TLS and SASL",
          cause);
    }
    if (cause != null
        && cause.getCause() instanceof ApiException refused
        && !(refused instanceof RetriableException)) {
      return "waiting at " + servers + " until it does what it refuses now: " + cause.getMessage();
    }
    String why =
        cause == null || cause.getCause() == null
            ? String.valueOf(cause)
            : cause.getMessage() + ": " + cause.getCause().getMessage();
    return "waiting for a broker at " + servers + ", none answers (" + why + ")";
  }

  private void over() {
    if (waitingFor != null) {
      LOG.atInfo()
          .setMessage("what was waited for is there; the start goes on")
          .addKeyValue("role", role)
          .log();
    }
    waitingFor = null;
  }

  private void pause() {
    try {
      if (stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new CancellationException(role + " was asked to stop before it had started");
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
