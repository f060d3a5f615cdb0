package dev.turnout.chaos;

import dev.turnout.app.Turnout;
import dev.turnout.control.llm.LlmPublisher;
import dev.turnout.local.broker.FreePort;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.topic.TopicAdmin;
import dev.turnout.topic.TopicCatalogue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * Turnout as it is operated: brokers, a schema registry, routers, learners and a worker for each
 * LLM, all of them processes of their own that are started again when they end. The LLMs themselves
 * are a stub in this process.
 */
final class Installation implements AutoCloseable {
  static final String SMALL_DISK = "small-disk";

  /** Far longer than anything takes on a busy machine; only what is broken waits so long. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  static final List<String> ROUTERS = List.of("router-1", "router-2");
  static final List<String> LEARNERS = List.of("learner-1", "learner-2");
  static final List<String> LLMS = List.of("alpha", "beta");

  static final List<String> WORKERS = LLMS.stream().map(llm -> "worker-" + llm).toList();

  /** All that there is beside routers. */
  static final List<String> OTHERS = Stream.of(LEARNERS, WORKERS).flatMap(List::stream).toList();

  /** A learner's state directory that a fault can fill, if this machine lets one be mounted. */
  static final String SMALL_DISK_LEARNER = "learner-2";

  /**
   * What there is of everything.
   *
   * @param brokers how many; each topic has a replica on every one
   * @param routers how many; {@link #ROUTERS} are the first two
   * @param others the other roles, by name
   * @param partitions of every topic
   * @param measured whether its speed is what matters, so that its processes are compiled for that
   * @param overrides broker properties that replace the harness's
   * @param settings what a role gets besides, by its name
   */
  record Layout(
      int brokers,
      int routers,
      List<String> others,
      int partitions,
      boolean measured,
      Map<String, String> overrides,
      Function<String, Map<String, String>> settings) {
    private ChildProcess.Jvm jvm(String quick, String measuredHeap) {
      return measured ? new ChildProcess.Jvm(measuredHeap, false) : ChildProcess.Jvm.quick(quick);
    }
  }

  final TopicCatalogue topics;
  final Path directory;
  private final Layout layout;
  private final List<String> routers;
  private final List<AutoCloseable> closeables = new ArrayList<>();
  private final Map<String, ChildProcess> roles = new LinkedHashMap<>();
  private final Map<String, Integer> probes = new TreeMap<>();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final BrokerCluster cluster;
  private final RegistryProcess registry;
  private final Admin admin;
  private final @Nullable SmallDisk disk;

  private Installation(Path directory, Layout layout) throws Exception {
    this.directory = directory;
    this.layout = layout;
    this.topics = TopicCatalogue.withPrefix("chaos").withPartitions(layout.partitions());
    this.routers =
        IntStream.rangeClosed(1, layout.routers()).mapToObj(number -> "router-" + number).toList();
    List<String> names = new ArrayList<>(routers);
    names.addAll(layout.others());
    this.registry = RegistryProcess.start(directory, Boolean.getBoolean("chaos.apicurio"));
    closeables.add(registry);
    this.cluster =
        new BrokerCluster(
            layout.brokers(), directory, names, layout.jvm("384m", "1g"), layout.overrides());
    closeables.add(cluster);
    this.admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()));
    closeables.add(admin);
    LlmStub llms = LlmStub.start();
    closeables.add(llms);
    this.disk = SmallDisk.mount(directory.resolve(SMALL_DISK)).orElse(null);
    if (disk != null) {
      closeables.add(disk);
    }
    for (String name : names) {
      Map<String, String> settings = settings(name, llms);
      settings.putAll(layout.settings().apply(name));
      role(name, settings);
    }
  }

  /**
   * Starts everything and returns when all roles are ready.
   *
   * @param directory for logs and data; should be empty
   * @param brokerOverrides broker properties that replace the harness's
   * @param roleSettings settings that every role gets besides
   */
  static Installation start(
      Path directory, Map<String, String> brokerOverrides, Map<String, String> roleSettings)
      throws Exception {
    return start(
        directory,
        new Layout(
            BrokerCluster.BROKERS,
            ROUTERS.size(),
            OTHERS,
            4,
            false,
            brokerOverrides,
            role -> roleSettings));
  }

  /**
   * Starts everything and returns when all roles are ready.
   *
   * @param directory for logs and data; should be empty
   */
  static Installation start(Path directory, Layout layout) throws Exception {
    Installation installation = new Installation(directory, layout);
    try {
      installation.bringUp();
      return installation;
    } catch (Exception | AssertionError e) {
      installation.close();
      throw e;
    }
  }

  private void bringUp() throws Exception {
    require("the brokers are in sync", cluster.awaitInSync(admin, PATIENCE));
    TopicAdmin.create(admin, topics, (short) layout.brokers());
    TopicAdmin.createRequests(admin, topics, LLMS, (short) layout.brokers());
    await("the registry answers", () -> answers(registry.url() + "/subjects"));
    try (LlmPublisher profiles = LlmPublisher.open(topics.llms(), clients())) {
      for (String llm : LLMS) {
        profiles.publish(
            LlmProfile.newBuilder()
                .setId(llm)
                .setTopic(topics.requests(llm))
                .setStatus(LlmStatus.ACTIVE)
                .setInputUsdPerMillionTokens(1.0)
                .setOutputUsdPerMillionTokens(2.0)
                .setUpdatedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                .build());
      }
    }
    roles.values().forEach(ChildProcess::start);
    Thread supervisor = new Thread(this::supervise, "supervisor");
    supervisor.setDaemon(true);
    supervisor.start();
    closeables.add(supervisor::interrupt);
    for (ChildProcess role : roles.values()) {
      awaitReady(role.name());
      if (role.deaths() > 0) {
        throw new AssertionError(
            role.name() + " ended although nothing was done to it:\n" + role.lastLines(40));
      }
    }
  }

  private Map<String, String> settings(String name, LlmStub llms) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("kafka.bootstrap.servers", cluster.bootstrapServers(name));
    settings.put("registry.url", registry.url());
    settings.put("topics.prefix", "chaos");
    settings.put("topics.partitions", Integer.toString(topics.partitions()));
    settings.put("topics.replication", Integer.toString(layout.brokers()));
    settings.put("encoder.kind", "static");
    settings.put("metrics.host", "localhost");
    settings.put("metrics.port", Integer.toString(FreePort.find()));
    if (routers.contains(name)) {
      settings.put("router.id", name);
      settings.put("router.policy", "thompson");
    } else if (LEARNERS.contains(name)) {
      // by this the group's description tells which of them acts
      settings.put("kafka.client.id", name);
      SmallDisk mounted = name.equals(SMALL_DISK_LEARNER) ? disk : null;
      Path state = mounted == null ? directory : mounted.directory();
      settings.put("learner.state-dir", state.resolve(name + "-state").toString());
      settings.put("learner.patience", "30s");
      settings.put("learner.cells", "4");
      settings.put("learner.cells-after", "100");
      settings.put("learner.train-after-grades", "500");
      settings.put("learner.warm-start", "true");
    } else {
      settings.put("worker.llm", name.substring("worker-".length()));
      settings.put("worker.url", llms.url());
      settings.put("worker.delivery", "share-group");
    }
    return settings;
  }

  private void role(String name, Map<String, String> settings) throws IOException {
    Path config = ChildProcess.settings(directory, name, settings);
    String command = name.substring(0, name.indexOf('-'));
    Map<String, String> environment =
        name.equals(SkewedClock.PROCESS) ? SkewedClock.environment() : Map.of();
    ChildProcess process =
        ChildProcess.of(
            name,
            layout.jvm("256m", "768m"),
            directory,
            environment,
            Turnout.class.getName(),
            command,
            "--config",
            config.toString());
    roles.put(name, process);
    probes.put(name, Integer.parseInt(settings.getOrDefault("metrics.port", "0")));
  }

  /** What starts ended roles again, as systemd or Kubernetes would. */
  private void supervise() {
    try {
      while (!Thread.interrupted()) {
        roles.values().forEach(ChildProcess::restartIfDead);
        Thread.sleep(500);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  BrokerCluster cluster() {
    return cluster;
  }

  RegistryProcess registry() {
    return registry;
  }

  Admin admin() {
    return admin;
  }

  @Nullable SmallDisk disk() {
    return disk;
  }

  List<String> routers() {
    return routers;
  }

  /** A role by its name, e.g. {@code router-1}. */
  ChildProcess role(String name) {
    ChildProcess role = roles.get(name);
    if (role == null) {
      throw new IllegalArgumentException("no role " + name + "; there are " + roles.keySet());
    }
    return role;
  }

  /** Routers have a model once they are ready; no training is to take the processors. */
  void endLearners() {
    LEARNERS.forEach(learner -> role(learner).terminate());
  }

  List<ChildProcess> roles() {
    return List.copyOf(roles.values());
  }

  /** Settings of clients and serdes that no fault comes between. */
  Map<String, Object> clients() {
    return Map.of(
        "bootstrap.servers", cluster.bootstrapServers(), "schema.registry.url", registry.url());
  }

  /** Where a role serves its metrics and probes. */
  String probe(String role) {
    return "http://localhost:" + probes.get(role);
  }

  void awaitReady(String role) throws InterruptedException {
    await(
        role + " is ready; " + directory + " has its log", () -> answers(probe(role) + "/readyz"));
  }

  private boolean answers(String url) throws InterruptedException {
    try {
      return http.send(
                  HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(3)).build(),
                  BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Something that may be true by now. */
  interface Condition {
    boolean holds() throws InterruptedException;
  }

  /** Waits until a condition holds. */
  static void await(String what, Condition condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      require(what + " within " + PATIENCE, System.nanoTime() < end);
      Thread.sleep(200);
    }
  }

  private static void require(String what, boolean holds) {
    if (!holds) {
      throw new AssertionError("waited in vain: " + what);
    }
  }

  @Override
  public void close() throws Exception {
    // the roles first, and none of them started again meanwhile
    roles.values().forEach(ChildProcess::close);
    for (int i = closeables.size() - 1; i >= 0; i--) {
      closeables.get(i).close();
    }
  }
}
