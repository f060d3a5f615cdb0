package dev.turnout.connect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.access.AccessCatalogue;
import dev.turnout.access.Grant;
import dev.turnout.access.Role;
import dev.turnout.edge.EdgeCluster;
import dev.turnout.local.broker.FreePort;
import dev.turnout.topic.ReplyTopics;
import dev.turnout.topic.TopicCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;

/**
 * Two stock workers of one group, and a broker at which the connectors have a principal each: a
 * source may do no more than the role connect-source, a sink no more than connect-sink. Workers
 * themselves, and the test, may do everything.
 */
final class ConnectCluster implements AutoCloseable {
  private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule";

  private final EdgeCluster kafka;
  private final int secured;
  private final List<WorkerProcess> workers = new ArrayList<>();

  private ConnectCluster(EdgeCluster kafka, int secured) {
    this.kafka = kafka;
    this.secured = secured;
  }

  static ConnectCluster start(Path folder) throws IOException {
    int port = FreePort.find();
    int secured = FreePort.find();
    int controller = FreePort.find();
    String clients = "PLAINTEXT://localhost:" + port + ",SASL://localhost:" + secured;
    EdgeCluster kafka =
        EdgeCluster.start(
            port,
            Map.ofEntries(
                Map.entry("controller.quorum.voters", "1@localhost:" + controller),
                Map.entry("listeners", clients + ",CONTROLLER://localhost:" + controller),
                Map.entry("advertised.listeners", clients),
                Map.entry(
                    "listener.security.protocol.map",
                    "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_PLAINTEXT"),
                Map.entry("sasl.enabled.mechanisms", "PLAIN"),
                Map.entry(
                    "listener.name.sasl.plain.sasl.jaas.config",
                    PLAIN
                        + " required "
                        + user(Role.CONNECT_SOURCE)
                        + " "
                        + user(Role.CONNECT_SINK)
                        + ";"),
                Map.entry(
                    "authorizer.class.name",
                    "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
                Map.entry("super.users", "User:ANONYMOUS")));
    ConnectCluster cluster = new ConnectCluster(kafka, secured);
    PluginFolder.write(folder.resolve("plugins").resolve("turnout"));
    for (String name : List.of("one", "two")) {
      cluster.workers.add(
          WorkerProcess.start(
              Files.createDirectories(folder.resolve(name)),
              folder.resolve("plugins"),
              String.valueOf(kafka.kafka().get("bootstrap.servers")),
              kafka.registryUrl()));
    }
    return cluster;
  }

  private static String user(Role role) {
    return "user_" + role.word() + "=\"" + role.word() + "-secret\"";
  }

  EdgeCluster kafka() {
    return kafka;
  }

  /** Topics of their own, with the rights of the connectors on them. */
  TopicCatalogue topics() throws InterruptedException, ExecutionException {
    TopicCatalogue topics = kafka.freshTopics("a");
    AccessCatalogue access =
        new AccessCatalogue(topics, ReplyTopics.standard(topics), "r", "l", "c", "g", true);
    List<AclBinding> rights = new ArrayList<>();
    for (Role role : List.of(Role.CONNECT_SOURCE, Role.CONNECT_SINK)) {
      for (Grant grant : access.of(role)) {
        rights.addAll(grant.bindings("User:" + role.word()));
      }
    }
    try (Admin admin = Admin.create(kafka.kafka())) {
      admin.createAcls(rights).all().get();
    }
    return topics;
  }

  /** Creates a connector whose clients log in as the role. */
  void configure(String name, Role role, Map<String, String> config) throws InterruptedException {
    String client = role == Role.CONNECT_SOURCE ? "producer.override." : "consumer.override.";
    Map<String, String> all = new HashMap<>(config);
    all.put(client + "bootstrap.servers", "localhost:" + secured);
    all.put(client + "security.protocol", "SASL_PLAINTEXT");
    all.put(client + "sasl.mechanism", "PLAIN");
    all.put(
        client + "sasl.jaas.config",
        "%s required username=\"%s\" password=\"%2$s-secret\";".formatted(PLAIN, role.word()));
    any().configure(name, all);
  }

  /** One of the workers that are left. */
  WorkerProcess any() {
    return workers.get(0);
  }

  /** The tasks of a connector: worker, state and trace. */
  List<JsonNode> tasks(String name) throws InterruptedException {
    return StreamSupport.stream(any().status(name).path("tasks").spliterator(), false).toList();
  }

  /** Kills the worker that runs a connector's first task, as a lost machine would be. */
  void killWorkerOf(String name) throws InterruptedException {
    String id = tasks(name).get(0).path("worker_id").asText();
    for (WorkerProcess worker : List.copyOf(workers)) {
      if (worker.id().equals(id)) {
        worker.kill();
        workers.remove(worker);
      }
    }
  }

  /** How many are left. */
  int size() {
    return workers.size();
  }

  @Override
  public void close() throws Exception {
    for (WorkerProcess worker : workers) {
      worker.close();
    }
    kafka.close();
  }
}
