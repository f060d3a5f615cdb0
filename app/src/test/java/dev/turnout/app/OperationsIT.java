package dev.turnout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.app.quickstart.scenario.SampleQuery;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.RecordSender;
import dev.turnout.kafka.TopicTail;
import dev.turnout.local.broker.EmbeddedBroker;
import dev.turnout.local.registry.InProcessRegistry;
import dev.turnout.model.RouterModel;
import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.SchemaRegistryClient;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicSchemas;
import dev.turnout.train.Progress;
import dev.turnout.train.Recipes;
import dev.turnout.train.TrainingSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands of an operator against a real broker and registry. */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperationsIT {

  @TempDir static Path dir;

  private static EmbeddedBroker broker;
  private static InProcessRegistry registry;
  private static Path config;

  private record Run(int exitCode, String out, String err) {
    JsonNode json() throws IOException {
      List<String> lines = out.lines().toList();
      return new ObjectMapper().readTree(lines.get(lines.size() - 1));
    }
  }

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start(EmbeddedBroker.Settings.temporary());
    registry = InProcessRegistry.start(0, null);
    config =
        Files.writeString(
            dir.resolve("turnout.yaml"),
            """
            kafka: {bootstrap.servers: "%s"}
            registry: {url: "%s"}
            topics: {prefix: ops, replication: 1, partitions: 2}
            """
                .formatted(broker.bootstrapServers(), registry.url()));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
    registry.close();
  }

  private static Run turnout(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--config", config.toString()));
    int code =
        Turnout.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }

  /** A model of two LLMs, trained on sample queries that the first one always answers better. */
  private static RouterModel model(long seed) {
    List<String> texts = SampleQuery.all().stream().limit(60).map(SampleQuery::text).toList();
    try (QueryEncoder encoder = Encoders.open(EncoderSettings.staticEncoder())) {
      float[][] rewards = new float[texts.size()][];
      for (int i = 0; i < rewards.length; i++) {
        rewards[i] = new float[] {i % 4 == 0 ? 0 : 1, i % 2};
      }
      return Recipes.named("turnout")
          .train(
              TrainingSet.of(
                  List.of("first", "second"),
                  encoder.encode(texts),
                  rewards,
                  new int[texts.size()]),
              encoder.id(),
              seed,
              Progress.silent());
    }
  }

  private static Schema query(String type) {
    return SchemaBuilder.record("Query")
        .namespace("dev.turnout.schema")
        .fields()
        .requiredString("id")
        .name("text")
        .type(type)
        .noDefault()
        .endRecord();
  }

  @Test
  void shouldWriteSchemasThatNeedNoOther() throws Exception {
    // given
    Path folder = dir.resolve("schemas");

    // when
    Run run = turnout("topics", "--schemas", folder.toString(), "--json");

    // then
    assertThat(run.exitCode()).isZero();
    assertThat(run.json().get("schemas")).hasSize(TopicSchemas.all().size());
    for (Schema schema : TopicSchemas.all()) {
      String text = Files.readString(folder.resolve(schema.getName() + ".avsc"));
      assertThat(new Schema.Parser().parse(text)).isEqualTo(schema);
    }
  }

  @Test
  @Order(1) // it begins without topics
  void shouldTakeAnInstallationFromTopicsToModelsAndLlms() throws Exception {
    // topics
    assertThat(turnout("check", "--connect").out()).contains("has no topic ops.queries");
    assertThat(turnout("topics", "--create").out())
        .contains("ops.queries", "ops.dlq", "held to BACKWARD: ", "ops.queries-value");
    assertThat(turnout("topics", "--create").out()).contains("there already", "registered already");
    assertThat(turnout("check", "--connect").exitCode()).isZero();

    // and what somebody does to their schemas: one that breaks readers is refused, one that breaks
    // other producers is told of
    SchemaRegistryClient producer =
        SchemaRegistryClient.direct(Map.of("schema.registry.url", registry.url()));
    assertThatThrownBy(() -> producer.register("ops.queries-value", query("int")))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("HTTP 409");
    int unusedId = producer.register("ops.queries-value", query("bytes"));
    producer.compatibility("ops.outcomes-value", "NONE");
    Run changed = turnout("check", "--connect");
    assertThat(changed.exitCode()).isEqualTo(1);
    assertThat(changed.out())
        .contains("text is bytes instead of string", "ops.outcomes-value has the rule NONE");
    assertThat(turnout("topics", "--create").out()).contains("ops.outcomes-value");

    // LLMs
    assertThat(turnout("llms", "add", "first", "--input-price", "0.5").exitCode()).isZero();
    assertThat(turnout("llms", "add", "second").exitCode()).isZero();
    assertThat(turnout("llms", "add", "first", "--latency", "900").out()).contains("changed");
    assertThat(turnout("llms", "drain", "second").exitCode()).isZero();
    JsonNode llms = turnout("llms", "list", "--json").json().get("llms");
    assertThat(llms.get(0).get("input_usd_per_million_tokens").asDouble()).isEqualTo(0.5);
    assertThat(llms.get(0).get("expected_latency_ms").asDouble()).isEqualTo(900);
    assertThat(llms.get(1).get("status").asText()).isEqualTo("DRAINING");
    Run unknown = turnout("llms", "drain", "third");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err()).contains("third").contains("first, second");
    assertThat(turnout("llms", "retire", "second").exitCode()).isZero();
    assertThat(turnout("llms", "list", "--json").json().get("llms")).hasSize(1);

    // what is known of a model, the options' own words first
    Run like = turnout("llms", "add", "openai/gpt-5", "--like", "gpt-5", "--input-price", "2");
    assertThat(like.out()).contains("Like gpt-5 (as of ", "check the prices", "dialect=openai");
    JsonNode known = turnout("llms", "list", "--json").json().get("llms").get(1);
    assertThat(known.get("input_usd_per_million_tokens").asDouble()).isEqualTo(2);
    assertThat(known.get("output_usd_per_million_tokens").asDouble()).isEqualTo(10);
    assertThat(known.get("context_window").asLong()).isEqualTo(400_000);
    assertThat(known.get("max_output_tokens").asLong()).isEqualTo(128_000);
    assertThat(known.get("capabilities").toString()).contains("tools", "vision");
    Run twin = turnout("llms", "add", "openai-gpt-5");
    assertThat(twin.exitCode()).isEqualTo(1);
    assertThat(twin.err()).contains("ops.requests.openai-gpt-5", "openai/gpt-5", "another id");
    assertThat(turnout("llms", "retire", "openai/gpt-5").exitCode()).isZero();

    // tenants
    assertThat(turnout("tenants", "set", "acme", "--burst", "1").err())
        .contains("tenant \"acme\"", "without a budget", "--budget USD");
    assertThat(turnout("tenants", "set", "acme", "--budget", "5", "--burst", "1").out())
        .contains("5.0 USD an hour, 1.0 USD at once");
    assertThat(turnout("tenants", "set", "acme", "--exploration-floor", "0.1").exitCode()).isZero();
    JsonNode acme = turnout("tenants", "list", "--json").json().get("tenants").get(0);
    assertThat(acme.get("tenant").asText()).isEqualTo("acme");
    assertThat(acme.get("budget_usd_per_hour").asDouble()).isEqualTo(5);
    assertThat(acme.get("burst_usd").asDouble()).isEqualTo(1);
    assertThat(acme.get("exploration_floor").asDouble()).isEqualTo(0.1);
    assertThat(acme.get("spent_usd").isNull()).isTrue();
    assertThat(turnout("tenants", "set", "acme", "--budget", "none").out())
        .contains("no budget; exploration floor 0.1");
    assertThat(turnout("tenants", "list").out()).containsPattern("acme +- +- +0.1 +- +-");
    assertThat(turnout("tenants", "remove", "other").err()).contains("no tenant other", "[acme]");
    assertThat(turnout("tenants", "remove", "acme").exitCode()).isZero();
    assertThat(turnout("tenants", "list", "--json").json().get("tenants")).isEmpty();

    // models
    RouterModel one = model(1);
    RouterModel two = model(2).withVersion("another");
    Path file = Files.write(dir.resolve("one.model"), one.toBytes());
    assertThat(turnout("models", "upload", file.toString(), "--promote").out())
        .contains("promoted");
    Files.write(file, two.toBytes());
    assertThat(turnout("models", "upload", file.toString()).exitCode()).isZero();
    assertThat(turnout("models", "list", "--json").json().get("serving").asText())
        .isEqualTo(one.version());
    assertThat(turnout("models", "stage", "another", "--share", "0.1").exitCode()).isZero();
    JsonNode staged = turnout("models", "list", "--json").json();
    assertThat(staged.get("staged").asText()).isEqualTo("another");
    assertThat(staged.get("canary_share").asDouble()).isEqualTo(0.1);
    assertThat(turnout("models", "list").out()).contains("staged at 10.0 %", "~ is on trial");
    assertThat(turnout("models", "rollback").out())
        .contains("trial of another ends", one.version());
    assertThat(turnout("models", "list", "--json").json().get("staged").isNull()).isTrue();
    assertThat(turnout("models", "stage", one.version()).err()).contains("serves already");
    assertThat(turnout("models", "promote", "another", "--reason", "won").exitCode()).isZero();
    assertThat(turnout("models", "show", "another").out())
        .contains("promoted", "won", "replaces  " + one.version());
    assertThat(turnout("models", "rollback").out()).contains(one.version());
    assertThat(turnout("models", "list", "--json").json().get("serving").asText())
        .isEqualTo(one.version());
    assertThat(turnout("models", "promote", "no-such-model").err()).contains("no-such-model");

    // a new LLM from probes
    StringBuilder probes = new StringBuilder();
    for (SampleQuery query : SampleQuery.all().subList(100, 130)) {
      probes
          .append(
              new ObjectMapper()
                  .writeValueAsString(
                      java.util.Map.of(
                          "id",
                          "train/" + query.id(),
                          "dataset",
                          "probes",
                          "question",
                          query.text(),
                          "scores",
                          java.util.Map.of("third", 1.0, "first", 0.5))))
          .append('\n');
    }
    Path probeFile = Files.writeString(dir.resolve("probes.jsonl"), probes);
    Run added = turnout("llms", "add", "third", "--probes", probeFile.toString());
    assertThat(added.exitCode()).as(added.err()).isZero();
    Run again = turnout("llms", "add", "first", "--probes", probeFile.toString());
    assertThat(again.err()).contains("knows first already");

    // nobody routes
    Run query = turnout("query", "Is anybody there?", "--wait", "1");
    assertThat(query.exitCode()).isEqualTo(1);
    assertThat(query.err()).contains("no decision").contains("is a router running");
  }

  @Test
  void shouldApplyWhatFilesDeclare() throws Exception {
    // given an installation that somebody creates while apply waits for it
    Path folder = Files.createDirectories(dir.resolve("declared"));
    RouterModel model = model(3).withVersion("declared");
    Files.write(folder.resolve("initial.model"), model.toBytes());
    String secret = "sk-turnout-rater-" + "0123456789abcdef".repeat(3);
    Files.writeString(folder.resolve("rater.secret"), secret + "\n");
    Path llms =
        Files.writeString(
            folder.resolve("llms.yaml"),
            """
            kind: Llm
            id: large
            like: gpt-4o
            expected_latency_ms: 900
            ---
            kind: Llm
            id: small
            input_usd_per_million_tokens: 0.1
            output_usd_per_million_tokens: 0.4
            """);
    Files.writeString(
        folder.resolve("others.yaml"),
        """
        kind: Tenant
        tenant: acme
        budget_usd_per_hour: 5
        ---
        kind: Key
        id: rater
        tenant: acme
        secret: {file: rater.secret}
        graders: [user]
        ---
        kind: Model
        file: initial.model
        stage: serving
        """);
    String[] apply = {"apply", "-f", folder.toString(), "--prefix", "gitops", "--json"};
    assertThat(turnout(apply).err()).contains("gitops.llms", "turnout topics --create");
    CompletableFuture<Run> waiting =
        CompletableFuture.supplyAsync(
            () -> turnout("apply", "-f", llms.toString(), "--prefix", "gitops", "--wait", "2m"));
    assertThat(turnout("topics", "--create", "--prefix", "gitops", "--wait", "2m").exitCode())
        .isZero();
    assertThat(waiting.get(3, TimeUnit.MINUTES).out())
        .contains("+ Llm large created", "+ Llm small created");

    // when it is tried
    Run tried = turnout("apply", "-f", folder.toString(), "--prefix", "gitops", "--dry-run");

    // then nothing is written
    assertThat(tried.exitCode()).isEqualTo(3);
    assertThat(tried.out())
        .contains("= Llm small unchanged", "+ Tenant acme created", "+ Model declared created");
    assertThat(turnout("tenants", "list", "--prefix", "gitops", "--json").json().get("tenants"))
        .isEmpty();

    // and when it is done, all is there, once
    Run done = turnout(apply);
    assertThat(done.exitCode()).as(done.err()).isZero();
    assertThat(counts(done)).isEqualTo("3 created, 0 changed, 0 removed, 2 unchanged");
    assertThat(counts(turnout(apply))).isEqualTo("0 created, 0 changed, 0 removed, 5 unchanged");
    JsonNode large =
        turnout("llms", "list", "--prefix", "gitops", "--json").json().get("llms").get(0);
    assertThat(large.get("context_window").asLong()).isEqualTo(128_000);
    assertThat(large.get("expected_latency_ms").asDouble()).isEqualTo(900);
    assertThat(turnout("models", "list", "--prefix", "gitops", "--json").json().get("serving"))
        .hasToString("\"declared\"");
    assertThat(turnout("keys", "list", "--prefix", "gitops").out())
        .contains("rater", "grade as user", "valid")
        .doesNotContain(secret);

    // and what people and learners do by hand meanwhile lasts
    Path next = Files.write(dir.resolve("next.model"), model(4).withVersion("next").toBytes());
    assertThat(
            turnout("models", "upload", next.toString(), "--promote", "--prefix", "gitops")
                .exitCode())
        .isZero();
    assertThat(turnout("llms", "drain", "small", "--prefix", "gitops").exitCode()).isZero();
    assertThat(turnout("keys", "revoke", "rater", "--prefix", "gitops").exitCode()).isZero();
    assertThat(counts(turnout(apply))).isEqualTo("0 created, 0 changed, 0 removed, 5 unchanged");

    // and what is changed or left out in the files changes or, if so wished, goes
    assertThat(turnout("llms", "add", "by-hand", "--prefix", "gitops").exitCode()).isZero();
    Files.writeString(
        llms, "kind: Llm\nid: small\nstatus: active\ndescription: fast\non_demand: true\n");
    assertThat(turnout(apply).out())
        .contains(
            "~ Llm small changed: status draining -> active; input_usd_per_million_tokens 0.1 ->"
                + " none; output_usd_per_million_tokens 0.4 -> none; description  -> fast;"
                + " on_demand false -> true");
    assertThat(
            turnout("apply", "-f", folder.toString(), "--prefix", "gitops", "--prune", "--dry-run")
                .out())
        .contains("- Llm by-hand removed", "- Llm large removed", "= Tenant acme unchanged");
    assertThat(
            counts(
                turnout(
                    "apply", "-f", folder.toString(), "--prefix", "gitops", "--prune", "--json")))
        .isEqualTo("0 created, 0 changed, 2 removed, 4 unchanged");
    assertThat(turnout("llms", "list", "--prefix", "gitops", "--json").json().get("llms"))
        .hasSize(1);
  }

  private static String counts(Run run) throws IOException {
    JsonNode json = run.json();
    return List.of("created", "changed", "removed", "unchanged").stream()
        .map(word -> json.get(word).asLong() + " " + word)
        .collect(Collectors.joining(", "));
  }

  @Test
  void shouldWaitForARegistryThatComesLast() throws Exception {
    // given topics, and no registry yet at the address where it is to be
    assertThat(turnout("topics", "--create", "--prefix", "late").exitCode()).isZero();
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path file = Files.writeString(dir.resolve("late.yaml"), "kind: Tenant\ntenant: acme\n");
    List<String> apply =
        List.of(
            "apply",
            "-f",
            file.toString(),
            "--prefix",
            "late",
            "--registry",
            "http://localhost:" + port);
    assertThat(turnout(apply.toArray(String[]::new)).exitCode()).isEqualTo(1);

    // when somebody applies with patience
    List<String> patient = new ArrayList<>(apply);
    patient.addAll(List.of("--wait", "2m"));
    CompletableFuture<Run> waiting =
        CompletableFuture.supplyAsync(() -> turnout(patient.toArray(String[]::new)));

    // then it is done as soon as the registry is there, and not before
    assertThatThrownBy(() -> waiting.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    try (InProcessRegistry late = InProcessRegistry.start(port, null)) {
      Run done = waiting.get(3, TimeUnit.MINUTES);
      assertThat(done.exitCode()).as("%s %s", late.url(), done.err()).isZero();
      assertThat(done.out()).contains("+ Tenant acme created");
    }
  }

  @Test
  void shouldSayAllThatIsWrongWithDeclarations() throws IOException {
    // given
    Path file =
        Files.writeString(
            dir.resolve("wrong.yaml"),
            """
            kind: Llm
            id: large
            latency: 900
            context_window: none
            ---
            kind: Tenant
            tenant: acme
            burst_usd: 1
            ---
            kind: Key
            id: open
            tenant: acme
            secret: sk-turnout-in-clear
            ---
            kind: Key
            id: unset
            tenant: acme
            secret: {env: TURNOUT_NO_SUCH_SECRET}
            ---
            kind: Model
            file: nowhere.model
            ---
            kind: Tenant
            tenant: acme
            ---
            kind: Llms
            """);

    // when
    Run run = turnout("apply", "-f", file.toString());

    // then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains(
            "wrong.yaml:1: document 1: latency: nobody knows this field; known are [",
            "document 1: context_window: must be a whole number",
            "wrong.yaml:6: document 2: burst_usd: needs a budget",
            "document 3: secret: does not stand in a document; say where it is, {env: NAME}",
            "document 4: secret: the environment variable TURNOUT_NO_SUCH_SECRET is not set",
            "document 5: stage: is missing; say uploaded, trial or serving",
            "nowhere.model cannot be read",
            "document 6: tenant: acme stands at " + file + ":6: document 2 already",
            "document 7: kind: must be one of [Llm, Tenant, Key, Model], not Llms",
            "nothing is changed")
        .doesNotContain("in-clear");
    Files.writeString(file, "kind: Llm\nid: a\nid: b\n");
    assertThat(turnout("apply", "-f", file.toString()).err())
        .contains("wrong.yaml:3: is not valid YAML: Duplicate field 'id'");
    Files.writeString(file, "");
    assertThat(turnout("apply", "-f", file.toString()).err()).contains("declares nothing");
  }

  @Test
  void shouldSayWhatIsWrongWithAModelFile() throws IOException {
    // given
    Path file = Files.writeString(dir.resolve("not.model"), "not a model");

    // when
    Run run = turnout("models", "upload", file.toString());

    // then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("not.model").contains("not a router model");
  }

  @Test
  void shouldFindWhatBecomesOfAQueryWhateverItsKeys() throws Exception {
    // given a command that waits for its decision and answer
    assertThat(turnout("topics", "--create").exitCode()).isZero();
    CompletableFuture<Run> asked =
        CompletableFuture.supplyAsync(
            () -> turnout("query", "Who is there?", "--answer", "--wait", "120"));
    Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
    Map<String, Object> serdes = Map.of("schema.registry.url", registry.url());
    String id = idOf("Who is there?", kafka, serdes);

    // when router and worker are of another kind: what they write has no keys
    try (RecordSender sender = RecordSender.open(kafka)) {
      sender.send(new ProducerRecord<>("ops.decisions", null, new byte[] {1, 2})).get();
      sender
          .send(
              new ProducerRecord<>(
                  "ops.decisions",
                  null,
                  AvroSerdes.of(RoutingDecision.class, serdes)
                      .serializer()
                      .serialize("ops.decisions", decision(id))))
          .get();
      sender
          .send(
              new ProducerRecord<>(
                  "ops.outcomes",
                  null,
                  AvroSerdes.of(Outcome.class, serdes)
                      .serializer()
                      .serialize("ops.outcomes", answer(id))))
          .get();
    }

    // then
    Run query = asked.get(3, TimeUnit.MINUTES);
    assertThat(query.exitCode()).as(query.err()).isZero();
    assertThat(query.out()).contains("acme/small", "It is I");
  }

  private static String idOf(String text, Map<String, Object> kafka, Map<String, Object> serdes) {
    List<String> found = new ArrayList<>();
    var queries = AvroSerdes.of(Query.class, serdes).deserializer();
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    try (TopicTail<byte[], byte[]> tail =
        TopicTail.fromBeginning(Clients.reader(kafka), List.of("ops.queries"))) {
      while (found.isEmpty() && System.nanoTime() < end) {
        tail.poll(
            Duration.ofMillis(100),
            record -> {
              Query query = queries.deserialize(record.topic(), record.value());
              if (query.getText().equals(text)) {
                found.add(query.getId());
              }
            });
      }
    }
    assertThat(found).as("queries that were published").hasSize(1);
    return found.get(0);
  }

  private static RoutingDecision decision(String id) {
    return RoutingDecision.newBuilder()
        .setQueryId(id)
        .setLlm("acme/small")
        .setRanking(List.of())
        .setPropensity(1)
        .setPolicy("argmax")
        .setModelVersion("m1")
        .setEncoderId("e1")
        .setExplored(false)
        .setOutOfDistribution(false)
        .setReason("the only one")
        .setDecidedAt(Instant.now())
        .build();
  }

  private static Outcome answer(String id) {
    return Outcome.newBuilder()
        .setQueryId(id)
        .setLlm("acme/small")
        .setStatus(OutcomeStatus.SUCCEEDED)
        .setAnswer("It is I")
        .setFinishedAt(Instant.now())
        .build();
  }
}
