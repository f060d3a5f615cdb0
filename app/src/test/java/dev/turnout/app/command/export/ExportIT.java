package dev.turnout.app.command.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.app.Turnout;
import dev.turnout.app.command.Connection;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.read.OutcomeDatasets;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.SettingValues;
import dev.turnout.connect.rows.RowFile;
import dev.turnout.connect.rows.RowFormat;
import dev.turnout.kafka.RecordSender;
import dev.turnout.local.broker.EmbeddedBroker;
import dev.turnout.local.registry.InProcessRegistry;
import dev.turnout.schema.Query;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicAdmin;
import dev.turnout.topic.TopicCatalogue;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code turnout export} against a real broker and registry. */
@Timeout(300)
class ExportIT {
  private static final int QUERIES = 60;

  @SuppressWarnings("TimeInStaticInitializer") // records lie around the present
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  private static final TopicCatalogue TOPICS =
      TopicCatalogue.withPrefix("export").withPartitions(3);

  @TempDir static Path dir;

  private static EmbeddedBroker broker;
  private static InProcessRegistry registry;
  private static Serializer<Query> queries;
  private static Serializer<TrainingSample> samples;

  private record Run(int exitCode, String out, String err) {
    JsonNode json() throws IOException {
      List<String> lines = out.lines().toList();
      return new ObjectMapper().readTree(lines.get(lines.size() - 1));
    }
  }

  @BeforeAll
  static void fillTopics() throws Exception {
    broker = EmbeddedBroker.start(EmbeddedBroker.Settings.temporary());
    registry = InProcessRegistry.start(0, null);
    try (Admin admin = Admin.create(client())) {
      TopicAdmin.create(admin, TOPICS, (short) 1);
    }
    queries = AvroSerdes.of(Query.class, serde()).serializer();
    samples = AvroSerdes.of(TrainingSample.class, serde()).serializer();
    try (RecordSender sender = RecordSender.open(client(), Map.of())) {
      for (int i = 0; i < QUERIES; i++) {
        String id = "q" + i;
        String text = "What is " + i + " times \"seven\"?\nSay it — in words.";
        send(sender, TOPICS.queries(), id, query(id, text), NOW);
        send(sender, TOPICS.samples(), id, sample(id, "big", "judge", 1, 0.02), NOW);
      }
      // two graders of one answer, a grade given anew, a shadow's answer without a cost
      send(sender, TOPICS.samples(), "q0", sample("q0", "big", "thumb", 0.2, 0.02), NOW);
      send(sender, TOPICS.samples(), "q0", sample("q0", "big", "thumb", 0, 0.02), NOW);
      send(sender, TOPICS.samples(), "q0", sample("q0", "small", "judge", 0.75, null), NOW);
      // a query that the topic retains no more, one that nobody graded, and one from long ago
      send(sender, TOPICS.samples(), "gone", sample("gone", "big", "judge", 1, 0.02), NOW);
      send(sender, TOPICS.queries(), "ungraded", query("ungraded", "Well?"), NOW);
      Instant longAgo = NOW.minus(Duration.ofDays(2));
      send(sender, TOPICS.queries(), "old", query("old", "Once?"), longAgo);
      send(sender, TOPICS.samples(), "old", sample("old", "big", "judge", 1, 0.02), longAgo);
      // bytes that nobody can read
      sender
          .send(
              new ProducerRecord<>(
                  TOPICS.samples(), 0, "x".getBytes(StandardCharsets.UTF_8), new byte[] {1, 2, 3}))
          .get(1, TimeUnit.MINUTES);
    }
  }

  @AfterAll
  static void stop() {
    queries.close();
    samples.close();
    broker.close();
    registry.close();
  }

  @Test
  void shouldWriteADataSetThatTrainUnderstands() throws Exception {
    // when
    Path file = dir.resolve("data/week.jsonl");
    Run run = turnout("export", "--from", "24h", "--to", file.toString(), "--json");

    // then every graded query of the time is there once, with its text
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.json().get("queries").asInt()).isEqualTo(QUERIES);
    assertThat(run.json().get("without_text").asInt()).isEqualTo(1);
    OutcomeDataset dataset = OutcomeDatasets.inspect(file);
    assertThat(dataset.llms()).containsExactlyInAnyOrder("big", "small");
    assertThat(dataset.queries()).hasSize(QUERIES);
    QueryOutcomes first =
        dataset.queries().stream().filter(q -> q.id().endsWith("/q0")).findFirst().orElseThrow();
    int big = dataset.llms().indexOf("big");
    int small = dataset.llms().indexOf("small");
    assertThat(first.question()).isEqualTo("What is 0 times \"seven\"?\nSay it — in words.");
    assertThat(first.rewards()[big]).isEqualTo(0.5);
    assertThat(first.costsUsd()[big]).isEqualTo(0.02);
    assertThat(first.rewards()[small]).isEqualTo(0.75);
    assertThat(first.costsUsd()[small]).isNaN();
    assertThat(file.resolveSibling("week.jsonl.unfinished")).doesNotExist();

    // and train says so
    Run check = execute("train", "--check", file.toString());
    assertThat(check.exitCode()).as(check.err()).isZero();
    assertThat(check.out()).contains("big", "small", "acme");
  }

  @Test
  void shouldWriteTheSameInSeveralPasses() throws Exception {
    // given room for a few queries at a time
    Connection connection =
        new Connection(
            ConnectionSettings.from(
                SettingValues.of(
                    ConnectionSettings.texts(broker.bootstrapServers(), registry.url(), TOPICS))));
    Path file = dir.resolve("passes.jsonl");
    List<String> steps = new ArrayList<>();

    // when
    OutcomeExport.Exported exported;
    try (RowFile rows = RowFormat.JSONL.create(file, OutcomeRow.SCHEMA)) {
      exported =
          new OutcomeExport(connection, NOW.minus(Duration.ofHours(1)), steps::add, 20).to(rows);
    }

    // then
    assertThat(exported).isEqualTo(new OutcomeExport.Exported(QUERIES, QUERIES + 4, 1));
    assertThat(steps.size()).isGreaterThan(4);
    assertThat(OutcomeDatasets.inspect(file).queries())
        .extracting(QueryOutcomes::id)
        .doesNotHaveDuplicates()
        .hasSize(QUERIES);
  }

  @Test
  void shouldWriteParquetAndTakeADate() throws Exception {
    // when
    Path file = dir.resolve("all.parquet");
    Run run = turnout("export", "--from", "2020-01-31", "--to", file.toString(), "--json");

    // then
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.json().get("queries").asInt()).isEqualTo(QUERIES + 1);

    // and train and eval read it as they read JSON Lines
    Path lines = dir.resolve("all.jsonl");
    assertThat(turnout("export", "--from", "2020-01-31", "--to", lines.toString()).exitCode())
        .isZero();
    OutcomeDataset parquet = OutcomeDatasets.inspect(file);
    OutcomeDataset json = OutcomeDatasets.inspect(lines);
    assertThat(parquet.llms()).containsExactlyInAnyOrderElementsOf(json.llms());
    assertThat(parquet.queries())
        .extracting(QueryOutcomes::question)
        .containsExactlyInAnyOrderElementsOf(
            json.queries().stream().map(QueryOutcomes::question).toList());
    Run check = execute("train", "--check", file.toString());
    assertThat(check.exitCode()).as(check.err()).isZero();
    assertThat(check.out()).contains("Parquet", "big", "small", "acme");
  }

  @Test
  void shouldRefuseWhatItCannotDo() {
    assertThat(turnout("export", "--from", "yesterday", "--to", "x.jsonl").err())
        .contains("--from yesterday is no moment such as");
    assertThat(turnout("export", "--from", "1h", "--to", "x.csv").err())
        .contains("--to x.csv must end with .jsonl or .parquet");
  }

  private static void send(
      RecordSender sender, String topic, String key, SpecificRecord record, Instant at)
      throws Exception {
    // one serializer a type: each registers its schema, which a slow machine does slowly
    byte[] value =
        record instanceof Query query
            ? queries.serialize(topic, query)
            : samples.serialize(topic, (TrainingSample) record);
    sender
        .send(
            new ProducerRecord<>(
                topic, null, at.toEpochMilli(), key.getBytes(StandardCharsets.UTF_8), value))
        .get(1, TimeUnit.MINUTES);
  }

  private static Query query(String id, String text) {
    return Query.newBuilder().setId(id).setText(text).setTenant("acme").build();
  }

  private static TrainingSample sample(
      String id, String llm, String grader, double reward, @Nullable Double costUsd) {
    return TrainingSample.newBuilder()
        .setQueryId(id)
        .setTenant("acme")
        .setEmbedding(ByteBuffer.allocate(0))
        .setEncoderId("none")
        .setLlm(llm)
        .setReward(reward)
        .setPropensity(1)
        .setCostUsd(costUsd)
        .setPolicy("argmax")
        .setModelVersion("1")
        .setGrader(grader)
        .setShadow(llm.equals("small"))
        .setDecidedAt(NOW)
        .setGradedAt(NOW)
        .build();
  }

  private static Run turnout(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(
        List.of(
            "--bootstrap",
            broker.bootstrapServers(),
            "--registry",
            registry.url(),
            "--prefix",
            "export"));
    return execute(all.toArray(String[]::new));
  }

  private static Run execute(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Turnout.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args);
    return new Run(code, out.toString(), err.toString());
  }

  private static Map<String, Object> client() {
    return new HashMap<>(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  private static Map<String, Object> serde() {
    return Map.of("schema.registry.url", registry.url());
  }
}
