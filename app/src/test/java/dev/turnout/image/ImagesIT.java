package dev.turnout.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import com.sun.net.httpserver.HttpServer;
import dev.turnout.local.registry.InProcessRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.lifecycle.Startables;

/** The packaged images on a network of their own, with a broker from the same image. */
@Timeout(1800)
class ImagesIT {
  private static final int PROBES = 9464;
  private static final int GATEWAY = 8080;
  private static final int GRACE_SECONDS = 30;
  private static final int EXIT_ON_SIGTERM = 143;
  private static final String KEY = "a-key-of-this-test-alone-0123456789";
  private static final Duration PATIENCE = Duration.ofMinutes(6);

  /** What Kubernetes sets beside services that are called so; no configuration. */
  private static final Map<String, String> SERVICE_LINKS =
      Map.of(
          "TURNOUT_GATEWAY_SERVICE_HOST", "10.0.0.1",
          "TURNOUT_GATEWAY_SERVICE_PORT_HTTP", "80",
          "TURNOUT_GATEWAY_PORT", "tcp://10.0.0.1:80",
          "TURNOUT_GATEWAY_PORT_80_TCP_ADDR", "10.0.0.1",
          "TURNOUT_ROUTER_PORT", "tcp://10.0.0.2:9464",
          "TURNOUT_METRICS_PORT", "tcp://10.0.0.3:9464");

  private final List<GenericContainer<?>> containers = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, String> environment = new LinkedHashMap<>(SERVICE_LINKS);

  private final String volume = "turnout-broker-" + UUID.randomUUID();

  @TempDir Path dir;

  @AfterEach
  void removeContainers() {
    containers.forEach(GenericContainer::stop);
    if (!containers.isEmpty()) {
      docker().removeVolumeCmd(volume).exec();
    }
  }

  @Test
  void shouldServeDrainAndHealWithoutARightToWrite() throws Exception {
    assumeTrue(
        Images.areBuilt(), "no images in " + Images.FOLDER + ": mvn -Pimage package makes them");
    assumeTrue(Images.isEngineThere(), "no Docker engine answers");
    Images images = Images.load();
    try (Network network = Network.newNetwork();
        InProcessRegistry registry = InProcessRegistry.start(0, null);
        PortToHost registryPort = PortToHost.open(URI.create(registry.url()).getPort())) {
      HttpServer llm = answering();
      environment.putAll(
          Map.of(
              "TURNOUT_KAFKA_BOOTSTRAP_SERVERS", "broker:9092",
              "TURNOUT_REGISTRY_URL", "http://host.docker.internal:" + registryPort.port(),
              "TURNOUT_TOPICS_REPLICATION", "1",
              "TURNOUT_METRICS_HOST", "0.0.0.0",
              "TURNOUT_GATEWAY_HOST", "0.0.0.0",
              "TURNOUT_GATEWAY_TIMEOUT", "5m",
              "TURNOUT_GATEWAY_TOKENS", KEY,
              "TURNOUT_WORKER_LLM", "alpha",
              "TURNOUT_WORKER_URL",
                  "http://host.docker.internal:" + llm.getAddress().getPort() + "/v1"));
      broker(images, network);
      tool(images, network, "topics", "--create");
      tool(images, network, "llms", "add", "alpha", "--input-price", "1", "--output-price", "2");

      // given the roles, ready
      GenericContainer<?> router = role(images.roles(), network, "router");
      GenericContainer<?> worker = role(images.roles(), network, "worker");
      GenericContainer<?> gateway = role(images.roles(), network, "gateway");
      GenericContainer<?> learner = role(images.learner(), network, "learner");
      Startables.deepStart(router, worker, gateway, learner).join();
      for (GenericContainer<?> role : List.of(router, worker, gateway, learner)) {
        awaitReady(role);
      }

      // when, then a question is answered
      assertThat(ask(gateway).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).statusCode())
          .isEqualTo(200);

      // when the router is cut off, then nothing is answered
      docker()
          .disconnectFromNetworkCmd()
          .withNetworkId(network.getId())
          .withContainerId(router.getContainerId())
          .exec();
      CompletableFuture<HttpResponse<String>> asked = ask(gateway);
      assertThatThrownBy(() -> asked.get(5, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);

      // when it is back, then it goes on
      docker()
          .connectToNetworkCmd()
          .withNetworkId(network.getId())
          .withContainerId(router.getContainerId())
          .exec();
      assertThat(asked.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).statusCode()).isEqualTo(200);

      // when each is asked to stop, then it closes in order within the grace period
      for (GenericContainer<?> role : List.of(gateway, router, worker, learner)) {
        assertThatItDrains(role);
      }
      llm.stop(0);
    }
  }

  private void broker(Images images, Network network) throws IOException {
    Path folder = Files.createDirectory(dir.resolve("broker"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        folder.resolve("server.properties"),
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@localhost:9093
        controller.listener.names=CONTROLLER
        listeners=BROKER://0.0.0.0:9092,CONTROLLER://localhost:9093
        advertised.listeners=BROKER://broker:9092
        inter.broker.listener.name=BROKER
        listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
        log.dirs=/var/lib/turnout/log
        offsets.topic.replication.factor=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        offsets.topic.num.partitions=4
        transaction.state.log.num.partitions=4
        share.coordinator.state.topic.num.partitions=4
        group.initial.rebalance.delay.ms=0
        """);
    Files.writeString(
        folder.resolve("logback.xml"), // the program's own is silent when a broker is up
        """
        <configuration>
          <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
            <encoder><pattern>%level %logger %msg%n</pattern></encoder>
          </appender>
          <logger name="kafka.server" level="INFO"/>
          <root level="WARN"><appender-ref ref="out"/></root>
        </configuration>
        """);
    java(
            images,
            network,
            folder,
            "kafka.tools.StorageTool",
            "format",
            "-t",
            Uuid.randomUuid().toString(),
            "-c",
            "/broker/server.properties")
        .withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(PATIENCE))
        .start();
    java(images, network, folder, "kafka.Kafka", "/broker/server.properties")
        .withNetworkAliases("broker")
        .waitingFor(Wait.forLogMessage(".*Kafka Server started.*", 1).withStartupTimeout(PATIENCE))
        .start();
  }

  /** A program of Kafka's from our own image. */
  private GenericContainer<?> java(
      Images images, Network network, Path folder, String... mainAndArguments) {
    String[] arguments = {
      "-Xmx384m", "-Dlogback.configurationFile=/broker/logback.xml", "-cp", "turnout.jar:lib/*"
    };
    String[] all = Arrays.copyOf(arguments, arguments.length + mainAndArguments.length);
    System.arraycopy(mainAndArguments, 0, all, arguments.length, mainAndArguments.length);
    return added(
        Images.container(images.roles(), network, all)
            .withCreateContainerCmdModifier(
                create -> {
                  create.withEntrypoint("java");
                  Objects.requireNonNull(create.getHostConfig())
                      .withTmpFs(Map.of("/tmp", "rw,exec,mode=1777"))
                      .withBinds(
                          new Bind(folder.toString(), new Volume("/broker"), AccessMode.ro),
                          new Bind(volume, new Volume("/var/lib/turnout")));
                }));
  }

  private void tool(Images images, Network network, String... arguments) {
    added(Images.container(images.roles(), network, arguments))
        .withEnv(environment)
        .withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(PATIENCE))
        .start();
  }

  private GenericContainer<?> role(String image, Network network, String role) {
    GenericContainer<?> container =
        added(Images.container(image, network, role))
            .withEnv(environment)
            .withEnv("TURNOUT_METRICS_PORT", Integer.toString(PROBES))
            .withExposedPorts(
                role.equals("gateway") ? new Integer[] {PROBES, GATEWAY} : new Integer[] {PROBES})
            .waitingFor(Wait.forHttp("/healthz").forPort(PROBES).withStartupTimeout(PATIENCE));
    return container;
  }

  private GenericContainer<?> added(GenericContainer<?> container) {
    containers.add(container);
    return container;
  }

  private void awaitReady(GenericContainer<?> role) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    HttpResponse<String> answer = get(role, "/readyz");
    while (answer.statusCode() != 200) {
      assertThat(System.nanoTime()).as(answer.body() + "\n" + role.getLogs()).isLessThan(end);
      Thread.sleep(100);
      answer = get(role, "/readyz");
    }
  }

  private HttpResponse<String> get(GenericContainer<?> role, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(
                URI.create("http://" + role.getHost() + ":" + role.getMappedPort(PROBES) + path))
            .build(),
        BodyHandlers.ofString());
  }

  private CompletableFuture<HttpResponse<String>> ask(GenericContainer<?> gateway) {
    return http.sendAsync(
        HttpRequest.newBuilder(
                URI.create(
                    "http://%s:%d/v1/chat/completions"
                        .formatted(gateway.getHost(), gateway.getMappedPort(GATEWAY))))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + KEY)
            .POST(
                BodyPublishers.ofString(
                    """
                    {"model": "auto", "messages": [{"role": "user", "content": "Why blue?"}]}
                    """))
            .build(),
        BodyHandlers.ofString());
  }

  private static void assertThatItDrains(GenericContainer<?> role) {
    docker().stopContainerCmd(role.getContainerId()).withTimeout(GRACE_SECONDS).exec();
    InspectContainerResponse ended = docker().inspectContainerCmd(role.getContainerId()).exec();
    assertThat(ended.getState().getExitCodeLong()).as(role.getLogs()).isEqualTo(EXIT_ON_SIGTERM);
    assertThat(role.getLogs()).contains("is asked to stop").doesNotContain("did not close");
    assertThat(ended.getConfig().getUser()).isEqualTo("65532:65532");
  }

  /** An LLM that speaks the OpenAI API. */
  private static HttpServer answering() throws IOException {
    byte[] answer =
        """
        {"choices": [{"message": {"role": "assistant", "content": "Because it is so."}}],
         "usage": {"prompt_tokens": 10, "completion_tokens": 5}}
        """
            .getBytes(StandardCharsets.UTF_8);
    HttpServer server = HttpServer.create(new InetSocketAddress("0.0.0.0", 0), 0);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
    return server;
  }

  private static DockerClient docker() {
    return DockerClientFactory.lazyClient();
  }
}
