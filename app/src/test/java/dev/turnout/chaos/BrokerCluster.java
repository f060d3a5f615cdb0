package dev.turnout.chaos;

import dev.turnout.local.broker.FreePort;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * Brokers that are also controllers, each a process of Kafka's own program. Every topic, those of
 * Kafka's own too, has a replica on each, all but one of which must have what is acknowledged.
 *
 * <p>Each {@link Link} has a listener of its own on every broker, whose advertised address leads
 * through the link: whatever its process does, it does over that link.
 */
final class BrokerCluster implements AutoCloseable {
  /** As many as an installation has unless it is told otherwise. */
  static final int BROKERS = 3;

  private static final String DIRECT = "DIRECT";
  private static final int ADMIN_TIMEOUT_MS = 5_000;

  private final int size;
  private final List<ChildProcess> brokers = new ArrayList<>();
  private final List<Integer> ports;
  private final Map<String, Link> links = new TreeMap<>();
  private final Map<String, List<Integer>> linkedPorts = new TreeMap<>();
  private final Map<String, List<Integer>> advertisedPorts = new TreeMap<>();
  private final Set<Integer> taken = new HashSet<>();

  /**
   * Formats and starts the brokers, without waiting for them.
   *
   * @param size how many
   * @param directory where their logs and data go
   * @param processes names of the processes that get a link
   * @param jvm of each broker
   * @param overrides broker properties that replace the ones chosen here
   */
  BrokerCluster(
      int size,
      Path directory,
      List<String> processes,
      ChildProcess.Jvm jvm,
      Map<String, String> overrides)
      throws Exception {
    this.size = size;
    this.ports = freePorts();
    String voters = voters();
    String clusterId = Uuid.randomUuid().toString();
    for (String process : processes) {
      open(process);
    }
    for (int i = 0; i < size; i++) {
      String name = "broker-" + (i + 1);
      Path data = directory.resolve(name);
      Map<String, String> properties = new TreeMap<>(COMMON);
      properties.putAll(replication());
      properties.put("node.id", Integer.toString(i + 1));
      properties.put("controller.quorum.voters", voters);
      properties.put("log.dirs", data.toString());
      putListeners(properties, i, voters.split(",")[i].replaceFirst(".*:", ""));
      properties.putAll(overrides);
      Path file = ChildProcess.settings(directory, name, properties);
      format(i + 1, clusterId, data);
      brokers.add(ChildProcess.of(name, jvm, directory, Map.of(), "kafka.Kafka", file.toString()));
    }
    brokers.forEach(ChildProcess::start);
  }

  private Map<String, String> replication() {
    String replicas = Integer.toString(size);
    String inSync = Integer.toString(Math.max(1, size - 1));
    return Map.of(
        "default.replication.factor", replicas,
        "min.insync.replicas", inSync,
        "offsets.topic.replication.factor", replicas,
        "transaction.state.log.replication.factor", replicas,
        "transaction.state.log.min.isr", inSync,
        "share.coordinator.state.topic.replication.factor", replicas,
        "share.coordinator.state.topic.min.isr", inSync);
  }

  private String voters() {
    List<Integer> controllers = freePorts();
    return IntStream.range(0, size)
        .mapToObj(i -> (i + 1) + "@localhost:" + controllers.get(i))
        .collect(Collectors.joining(","));
  }

  /** One for each broker; none is given twice. */
  private List<Integer> freePorts() {
    return Stream.generate(FreePort::find).filter(taken::add).limit(size).toList();
  }

  private void open(String process) {
    Link link = new Link(process);
    List<Integer> behind = freePorts();
    List<Integer> before = behind.stream().map(link::to).toList();
    links.put(process, link);
    linkedPorts.put(process, behind);
    advertisedPorts.put(process, before);
  }

  private void putListeners(Map<String, String> properties, int broker, String controllerPort) {
    List<String> listeners = new ArrayList<>(List.of("CONTROLLER://localhost:" + controllerPort));
    listeners.add(DIRECT + "://localhost:" + ports.get(broker));
    linkedPorts.forEach(
        (process, each) -> listeners.add(listener(process) + "://localhost:" + each.get(broker)));
    List<String> advertised = new ArrayList<>(List.of(listeners.get(1)));
    advertisedPorts.forEach(
        (process, each) -> advertised.add(listener(process) + "://localhost:" + each.get(broker)));
    properties.put("listeners", String.join(",", listeners));
    properties.put("advertised.listeners", String.join(",", advertised));
    properties.put(
        "listener.security.protocol.map",
        listeners.stream()
            .map(each -> each.replaceFirst(":.*", ":PLAINTEXT"))
            .collect(Collectors.joining(",")));
  }

  /**
   * What an operator sets on the brokers, where seconds matter, as docs/operations.md says: how
   * soon a broker is taken for gone, and a member of a group of the streams protocol.
   */
  static final Map<String, String> SOON =
      Map.of(
          "broker.session.timeout.ms", "3000",
          "broker.heartbeat.interval.ms", "500",
          "controller.quorum.fetch.timeout.ms", "1000",
          "controller.quorum.election.timeout.ms", "500",
          "group.initial.rebalance.delay.ms", "500",
          "group.streams.min.session.timeout.ms", "6000",
          "group.streams.session.timeout.ms", "6000",
          "group.streams.min.heartbeat.interval.ms", "500",
          "group.streams.heartbeat.interval.ms", "500");

  private static final Map<String, String> COMMON =
      Map.ofEntries(
          Map.entry("process.roles", "broker,controller"),
          Map.entry("controller.listener.names", "CONTROLLER"),
          Map.entry("inter.broker.listener.name", DIRECT),
          Map.entry("auto.create.topics.enable", "false"),
          Map.entry("offsets.topic.num.partitions", "6"),
          Map.entry("transaction.state.log.num.partitions", "6"),
          Map.entry("share.coordinator.state.topic.num.partitions", "6"),
          Map.entry("group.coordinator.rebalance.protocols", "classic,consumer,streams,share"),
          Map.entry("message.max.bytes", "9437184"),
          // a dozen processes share the machine
          Map.entry("num.network.threads", "1"),
          Map.entry("num.io.threads", "4"),
          Map.entry("background.threads", "2"),
          Map.entry("log.segment.bytes", "67108864"),
          Map.entry("log.index.size.max.bytes", "1048576"),
          Map.entry("log.cleaner.dedupe.buffer.size", "8388608"),
          Map.entry("log.cleaner.io.buffer.size", "131072"),
          // a killed worker's requests come to another after this long; Kafka allows no less
          Map.entry("group.share.record.lock.duration.ms", "15000"));

  private static String listener(String process) {
    return process.replace("-", "").toUpperCase(Locale.ROOT);
  }

  private static void format(int node, String clusterId, Path data) throws Exception {
    Formatter formatter = new Formatter();
    formatter.setPrintStream(
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    formatter.setNodeId(node);
    formatter.setClusterId(clusterId);
    formatter.setReleaseVersion(MetadataVersion.latestProduction());
    formatter.setControllerListenerName("CONTROLLER");
    formatter.setDirectories(List.of(data.toString()));
    formatter.setMetadataLogDirectory(data.toString());
    formatter.run();
  }

  ChildProcess broker(int index) {
    return brokers.get(index);
  }

  List<ChildProcess> brokers() {
    return List.copyOf(brokers);
  }

  /** Bootstrap servers that no fault comes between. */
  String bootstrapServers() {
    return servers(ports);
  }

  /** Bootstrap servers of one process, through its link. */
  String bootstrapServers(String process) {
    return servers(advertisedPorts.getOrDefault(process, ports));
  }

  private static String servers(List<Integer> ports) {
    return ports.stream().map(port -> "localhost:" + port).collect(Collectors.joining(","));
  }

  Link link(String process) {
    Link link = links.get(process);
    if (link == null) {
      throw new IllegalArgumentException(process + " has no link; there are " + links.keySet());
    }
    return link;
  }

  /**
   * Waits until every broker is there and every replica of every partition is in sync.
   *
   * @return whether that came true in time
   */
  boolean awaitInSync(Admin admin, Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (System.nanoTime() < end) {
      if (inSync(admin)) {
        return true;
      }
      Thread.sleep(300);
    }
    return false;
  }

  private boolean inSync(Admin admin) throws InterruptedException {
    try {
      if (admin.describeCluster().nodes().get(ADMIN_TIMEOUT_MS, TimeUnit.MILLISECONDS).size()
          < size) {
        return false;
      }
      Set<String> names =
          new HashSet<>(
              admin
                  .listTopics(new ListTopicsOptions().listInternal(true))
                  .names()
                  .get(ADMIN_TIMEOUT_MS, TimeUnit.MILLISECONDS));
      Map<String, TopicDescription> topics =
          admin
              .describeTopics(names, new DescribeTopicsOptions().timeoutMs(ADMIN_TIMEOUT_MS))
              .allTopicNames()
              .get(ADMIN_TIMEOUT_MS, TimeUnit.MILLISECONDS);
      return topics.values().stream()
          .flatMap(topic -> topic.partitions().stream())
          .allMatch(
              each ->
                  each.leader() != null
                      && !each.leader().isEmpty()
                      && each.isr().size() == each.replicas().size());
    } catch (ExecutionException | TimeoutException notYet) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    brokers.forEach(ChildProcess::close);
    for (Link link : links.values()) {
      link.close();
    }
  }
}
