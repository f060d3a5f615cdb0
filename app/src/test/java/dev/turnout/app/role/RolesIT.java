package dev.turnout.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.app.Turnout;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.SettingValues;
import dev.turnout.control.llm.LlmPublisher;
import dev.turnout.local.broker.EmbeddedBroker;
import dev.turnout.local.broker.FreePort;
import dev.turnout.local.registry.InProcessRegistry;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicAdmin;
import dev.turnout.topic.TopicCatalogue;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every role as a process of its own, against a real broker, registry and HTTP endpoint. */
@Timeout(600)
class RolesIT {

  /** Each as often as it is to run on this one machine. */
  private static final List<String> ROLES =
      List.of("gateway", "router", "worker", "grader", "learner", "learner");

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int EXIT_ON_SIGTERM = 143;
  private static final String LLM = "alpha";

  private final List<Role> roles = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final TopicCatalogue topics = TopicCatalogue.withPrefix("roles").withPartitions(2);

  @TempDir Path dir;

  private record Role(String name, Process process, int metricsPort) {}

  @AfterEach
  void endProcesses() {
    roles.forEach(role -> role.process().destroyForcibly());
  }

  @Test
  void shouldSayWhatABrokerRefusesWhileItWaits() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.Settings.temporary())) {
      // given one broker, and topics of which there are to be three copies
      ConnectionSettings connection =
          ConnectionSettings.from(
              SettingValues.of(
                  Map.of(
                      "kafka.bootstrap.servers", broker.bootstrapServers(),
                      "topics.create", "true",
                      "topics.replication", "3")));
      CountDownLatch stop = new CountDownLatch(1);
      Startup startup = new Startup("router", stop);

      // when
      CompletableFuture<Void> start =
          CompletableFuture.runAsync(
              () -> startup.awaitTopics(connection, List.of("turnout.queries"), Startup.CREATE));

      // then it waits for more brokers, and does not say that there is none
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (!startup.health().started()) {
        assertThat(System.nanoTime()).isLessThan(end);
        Thread.sleep(20);
      }
      assertThat(startup.health().problems().get(0))
          .contains(broker.bootstrapServers(), "topics.replication")
          .doesNotContain("none answers");
      stop.countDown();
      assertThat(start).failsWithin(PATIENCE);
    }
  }

  @Test
  void shouldAnswerGradeAndLearnAndCloseOnSigterm() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.Settings.temporary());
        InProcessRegistry registry = InProcessRegistry.start(0, null);
        FakeLlmServer endpoint = FakeLlmServer.start()) {
      Map<String, Object> clients =
          Map.of(
              "bootstrap.servers", broker.bootstrapServers(),
              "schema.registry.url", registry.url());
      int gatewayPort = FreePort.find();
      Path config =
          Files.writeString(
              dir.resolve("turnout.yaml"),
              """
              kafka: {bootstrap.servers: "%s"}
              registry: {url: "%s"}
              topics: {prefix: roles, replication: 1, partitions: 2}
              encoder: {kind: static}
              router: {policy: thompson}
              worker: {llm: alpha, url: "%s"}
              grader: {url: "%s", model: judge}
              gateway: {port: %d, timeout: 60s}
              metrics: {host: localhost}
              """
                  .formatted(
                      broker.bootstrapServers(),
                      registry.url(),
                      endpoint.url(),
                      endpoint.url(),
                      gatewayPort));
      for (String name : ROLES) {
        int port = FreePort.find();
        String unique = name + "-" + roles.size();
        roles.add(new Role(unique, start(name, unique, config, port), port));
      }

      // given roles that were started before their topics: they wait, and say for what
      for (Role role : roles) {
        await(role, "/readyz", answer -> answer.body().contains("waiting for topics [roles."));
        await(role, "/startupz", answer -> answer.statusCode() == 200);
      }

      // and then topics, one LLM that takes requests and one that drains
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
          LlmPublisher llms = LlmPublisher.open(topics.llms(), clients)) {
        TopicAdmin.create(admin, topics, (short) 1);
        TopicAdmin.createRequests(admin, topics, List.of(LLM, "beta"), (short) 1);
        llms.publish(profile(LLM, LlmStatus.ACTIVE));
        llms.publish(profile("beta", LlmStatus.DRAINING));
      }
      for (Role role : roles) {
        await(role, "/readyz", answer -> answer.statusCode() == 200);
      }

      // when a question comes in through the gateway
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(
                      URI.create("http://localhost:" + gatewayPort + "/v1/chat/completions"))
                  .header("Content-Type", "application/json")
                  .POST(
                      BodyPublishers.ofString(
                          "{\"model\":\"turnout\",\"messages\":"
                              + "[{\"role\":\"user\",\"content\":\"Why is the sky blue?\"}]}"))
                  .build(),
              BodyHandlers.ofString());

      // then it is answered by the LLM that takes requests
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      JsonNode answer = new ObjectMapper().readTree(response.body());
      assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo(FakeLlmServer.ANSWER);
      assertThat(response.headers().firstValue("x-turnout-llm")).contains(LLM);
      String id = response.headers().firstValue("x-turnout-query-id").orElseThrow();

      // and each learner has a directory of its own
      assertThat(dir.resolve("state/turnout/0/roles-learner-join")).isDirectory();
      assertThat(dir.resolve("state/turnout/1/roles-learner-join")).isDirectory();

      // and decision, outcome, grade and sample are on their topics
      RoutingDecision decision =
          one(clients, topics.decisions(), RoutingDecision.class, id, RoutingDecision::getQueryId);
      assertThat(decision.getLlm()).isEqualTo(LLM);
      assertThat(decision.getPolicy()).isEqualTo("thompson");
      Outcome outcome = one(clients, topics.outcomes(), Outcome.class, id, Outcome::getQueryId);
      assertThat(outcome.getStatus()).isEqualTo(OutcomeStatus.SUCCEEDED);
      assertThat(outcome.getCostUsd()).isEqualTo((1_000 * 1.0 + 500 * 2.0) / 1e6);
      Grade grade = one(clients, topics.feedback(), Grade.class, id, Grade::getQueryId);
      assertThat(grade.getGrader()).isEqualTo("judge");
      assertThat(grade.getReward()).isEqualTo(0.8);
      TrainingSample sample =
          one(clients, topics.samples(), TrainingSample.class, id, TrainingSample::getQueryId);
      assertThat(sample.getLlm()).isEqualTo(LLM);
      assertThat(sample.getReward()).isEqualTo(0.8);
      assertThat(sample.getCostUsd()).isEqualTo(outcome.getCostUsd());

      // and a drill finds each of its queries once
      StringWriter drilled = new StringWriter();
      int code =
          Turnout.commandLine()
              .setOut(new PrintWriter(drilled))
              .execute(
                  "drill", "--rate", "10", "--for", "3s", "--json", "--config", config.toString());
      assertThat(drilled.toString()).contains("\"asked\":30,\"lost\":0,\"doubled\":0");
      assertThat(code).as(drilled.toString()).isZero();

      // and each exposes what the catalogue of metrics says, and nothing else of ours
      for (Role role : roles) {
        await(
            role,
            "/metrics",
            scraped -> {
              assertThat(Scrape.problems(kind(role), scraped.body())).isEmpty();
              return scraped.body().contains("turnout_");
            });
      }

      // when each is asked to stop
      for (Role role : roles) {
        role.process().destroy();

        // then it closes in order and in time
        assertThat(role.process().waitFor(45, TimeUnit.SECONDS)).as("%s ends", role).isTrue();
        assertThat(role.process().exitValue()).as(log(role.name())).isEqualTo(EXIT_ON_SIGTERM);
        assertThat(log(role.name())).contains("is asked to stop").doesNotContain("did not close");
      }
    }
  }

  private static dev.turnout.access.Role kind(Role role) {
    String name = role.name().substring(0, role.name().lastIndexOf('-'));
    return dev.turnout.access.Role.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private LlmProfile profile(String llm, LlmStatus status) {
    return LlmProfile.newBuilder()
        .setId(llm)
        .setTopic(topics.requests(llm))
        .setStatus(status)
        .setInputUsdPerMillionTokens(1.0)
        .setOutputUsdPerMillionTokens(2.0)
        .setUpdatedAt(Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MILLIS))
        .build();
  }

  private Process start(String role, String name, Path config, int metricsPort) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Turnout.class.getName(),
                role,
                "--config",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve(name + ".log").toFile());
    builder.environment().put("TURNOUT_METRICS_PORT", Integer.toString(metricsPort));
    builder.environment().put("OPT_OUT_TRACKING", "true");
    builder.environment().put("XDG_STATE_HOME", dir.resolve("state").toString());
    return builder.start();
  }

  private String log(String role) throws IOException {
    return Files.readString(dir.resolve(role + ".log"));
  }

  private void await(Role role, String path, Predicate<HttpResponse<String>> condition)
      throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    HttpRequest probe =
        HttpRequest.newBuilder(URI.create("http://localhost:" + role.metricsPort() + path)).build();
    String last = "";
    while (true) {
      assertThat(role.process().isAlive()).as(log(role.name())).isTrue();
      try {
        HttpResponse<String> answer = http.send(probe, BodyHandlers.ofString());
        if (condition.test(answer)) {
          return;
        }
        last = answer.body();
      } catch (ConnectException notYet) {
        last = notYet.toString();
      }
      assertThat(System.nanoTime())
          .as("%s of %s says %s: %s", path, role.name(), last, log(role.name()))
          .isLessThan(end);
      Thread.sleep(200);
    }
  }

  /** The first committed record of a query on a topic. */
  private static <T extends SpecificRecord> T one(
      Map<String, Object> clients,
      String topic,
      Class<T> type,
      String id,
      Function<T, String> queryId) {
    Deserializer<T> deserializer = AvroSerdes.of(type, clients).deserializer();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                clients.get("bootstrap.servers"),
                "isolation.level",
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          T value = deserializer.deserialize(topic, record.value());
          if (queryId.apply(value).equals(id)) {
            return value;
          }
        }
      }
    }
    throw new AssertionError("nothing about query " + id + " came on " + topic);
  }
}
