package dev.turnout.app.role;

import dev.turnout.app.config.Configuration;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Roles in this process, each as who it is; what keeps one from starting is remembered. */
final class SecuredRoles implements AutoCloseable {
  private final Map<String, Startup> starting = new ConcurrentHashMap<>();
  private final Map<String, RunningRole> running = new ConcurrentHashMap<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> wanted;
  private final int gatewayPort;

  /**
   * Starts them.
   *
   * @param wanted names of those to start
   * @param texts settings of a role, by its name
   */
  SecuredRoles(List<String> wanted, Function<String, Map<String, String>> texts, int gatewayPort) {
    this.wanted = wanted;
    this.gatewayPort = gatewayPort;
    start("router", texts, RouterRole::start);
    start("learner", texts, LearnerRole::start);
    start("worker", texts, WorkerRole::start);
    start("grader", texts, GraderRole::start);
    start("gateway", texts, GatewayRole::start);
    start("console", texts, ConsoleRole::start);
  }

  /** On a thread of its own: who may not see its topics waits for them. */
  private void start(
      String name, Function<String, Map<String, String>> texts, RoleStarter starter) {
    if (!wanted.contains(name)) {
      return;
    }
    Startup startup = new Startup(name, stop);
    starting.put(name, startup);
    Thread thread = new Thread(() -> start(name, texts, starter, startup), "start-" + name);
    threads.add(thread);
    thread.start();
  }

  private void start(
      String name,
      Function<String, Map<String, String>> texts,
      RoleStarter starter,
      Startup startup) {
    try {
      running.put(
          name,
          starter.start(Configuration.of(texts.apply(name)), new SimpleMeterRegistry(), startup));
    } catch (RuntimeException e) {
      for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
        failures.add(name + " does not start: " + cause);
      }
    } finally {
      starting.remove(name);
    }
  }

  /** What kept roles from starting, and what those that run say of themselves. */
  List<String> problems() {
    List<String> problems = new ArrayList<>(failures);
    starting.forEach((name, startup) -> problems.add(name + ": " + startup.health().problems()));
    running.forEach(
        (name, role) ->
            role.health().problems().forEach(problem -> problems.add(name + ": " + problem)));
    return problems;
  }

  /** What keeps some from being ready; empty when all are. */
  List<String> notReady() {
    List<String> notReady = new ArrayList<>(failures);
    starting.forEach((name, startup) -> notReady.add(name + ": " + startup.health().problems()));
    running.forEach(
        (name, role) -> {
          if (!role.health().ready()) {
            notReady.add(name + ": " + role.health().problems());
          }
        });
    return notReady;
  }

  /** Asks the gateway. */
  HttpResponse<String> post(String key, String path, String body)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://localhost:" + gatewayPort + path))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + key)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<RunningRole> roles = new ArrayList<>(running.values());
    for (int i = roles.size() - 1; i >= 0; i--) {
      roles.get(i).close();
    }
  }
}
