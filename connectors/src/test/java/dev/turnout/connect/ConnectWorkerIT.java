package dev.turnout.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpServer;
import dev.turnout.access.Role;
import dev.turnout.connect.rows.ParquetFiles;
import dev.turnout.edge.EdgeCluster;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Priority;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.TopicCatalogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The connectors in a stock worker that has nothing of Turnout's but the plugin folder. */
class ConnectWorkerIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration WAIT = Duration.ofMinutes(10);
  private static final String SOURCE = "dev.turnout.connect.source.TurnoutFileSource";
  private static final String SINK = "dev.turnout.connect.sink.TurnoutFileSink";

  @TempDir private static Path folder;

  private static ConnectCluster workers;
  private static EdgeCluster cluster;
  private static TopicCatalogue topics;
  private static Path in;
  private static Path out;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(
        WorkerProcess.libraries().isPresent(),
        "the worker is not laid out; build the module connect-worker first");
    in = Files.createDirectories(folder.resolve("in"));
    out = Files.createDirectories(folder.resolve("out"));
    workers = ConnectCluster.start(folder);
    cluster = workers.kafka();
    topics = workers.topics();
  }

  @AfterAll
  static void stop() throws Exception {
    if (workers != null) {
      workers.close();
    }
  }

  @Test
  void shouldSayWhatIsWrongWithAConfiguration() throws Exception {
    // when
    Map<String, String> source =
        workers
            .any()
            .errors(
                SOURCE,
                Map.of(
                    "connector.class",
                    SOURCE,
                    "name",
                    "s",
                    "path",
                    "/no/such/folder/*.csv",
                    "records",
                    "questions",
                    "row.max.bytes",
                    "1"));
    Map<String, String> relative =
        workers
            .any()
            .errors(
                SOURCE,
                Map.of(
                    "connector.class", SOURCE, "name", "s", "path", "a.csv", "records", "grades"));
    Map<String, String> sink =
        workers
            .any()
            .errors(
                SINK,
                Map.of(
                    "connector.class",
                    SINK,
                    "name",
                    "s",
                    "folder",
                    "out",
                    "rows",
                    "joined",
                    "topics",
                    "turnout.decisions,turnout.outcomes"));

    // then
    assertThat(source.get("path")).contains("/no/such/folder", "mount it on every worker");
    assertThat(source.get("records")).contains("queries", "grades", "openai-batch");
    assertThat(source).containsKey("row.max.bytes");
    assertThat(relative.get("path")).contains("absolute folder", "/data/in/*.jsonl");
    assertThat(sink.get("folder")).contains("absolute path");
    assertThat(sink.get("feedback.topic")).contains("turnout.feedback", "add it");
  }

  @Test
  void shouldCarryEachRowOnceInAndOutThoughAWorkerIsKilled() throws Exception {
    // given
    Path queries = in.resolve("some.jsonl");
    append(queries, queryRows(0, 40) + "{\"txet\": \"a slip\"}\n");
    append(
        in.resolve("grades.csv"),
        "queryId,llm,reward,comment\np0,a,1,\"two\nlines\"\np1,a,7,\np2,a,0.5,\n");
    append(in.resolve("batch.requests"), batchRow("r1", "Why?"));
    for (int i = 0; i < 40; i++) {
      decided(i);
    }
    graded("q0");
    passed();
    workers.configure(
        "queries", Role.CONNECT_SOURCE, source("*.jsonl", "queries", topics.queries()));
    workers.configure("grades", Role.CONNECT_SOURCE, source("*.csv", "grades", topics.feedback()));
    workers.configure(
        "batches", Role.CONNECT_SOURCE, source("*.requests", "openai-batch", topics.queries()));
    workers.configure("records", Role.CONNECT_SINK, sink("records", "jsonl", topics.decisions()));
    workers.configure(
        "joined",
        Role.CONNECT_SINK,
        sink(
            "joined",
            "parquet",
            topics.decisions() + "," + topics.outcomes() + "," + topics.feedback()));
    workers.configure(
        "results", Role.CONNECT_SINK, sink("openai-batch", "jsonl", topics.outcomes()));
    cluster.read(topics.queries(), Query.class, found -> found.size() >= 41);
    await(() -> !jsonLines("records").isEmpty());
    await(() -> !parquet("joined").isEmpty());
    assertThat(workers.size()).isEqualTo(2);

    // when
    append(queries, queryRows(40, 80));
    workers.killWorkerOf("queries");
    for (int i = 40; i < 80; i++) {
      decided(i);
    }
    graded("q79");
    passed();
    cluster.send(topics.outcomes(), "x", Outcome.class, batchOutcome());
    cluster.send(topics.outcomes(), "x", Outcome.class, batchOutcome());

    // then the other has all tasks, and nothing is lost or there twice
    assertThat(workers.size()).isEqualTo(1);
    List<Query> asked =
        cluster.read(
            topics.queries(), Query.class, found -> found.stream().anyMatch(q -> is(q, "q79")));
    assertThat(asked.stream().map(Query::getId).filter(id -> id.startsWith("q")))
        .containsExactlyElementsOf(ids(80));
    Query batch =
        asked.stream()
            .filter(each -> "batch".equals(each.getMetadata().get("batch.name")))
            .findFirst()
            .get();
    assertThat(batch.getText()).isEqualTo("Why?");
    assertThat(batch.getPriority()).isEqualTo(Priority.BATCH);
    assertThat(batch.getMetadata())
        .containsEntry("batch.name", "batch")
        .containsEntry("batch.custom_id", "r1");
    List<Grade> grades =
        cluster.read(topics.feedback(), Grade.class, found -> people(found).size() >= 2);
    assertThat(people(grades)).extracting(Grade::getQueryId).containsExactly("p0", "p2");
    assertThat(people(grades).get(0).getComment()).isEqualTo("two\nlines");
    List<String> letters =
        cluster.readBytes(topics.dlq(), found -> found.size() >= 2).stream()
            .map(letter -> header(letter, DeadLetters.DETAIL))
            .toList();
    assertThat(letters)
        .hasSize(2)
        .anyMatch(said -> said.contains("some.jsonl line 41") && said.contains("txet"))
        .anyMatch(said -> said.contains("grades.csv line 4") && said.contains("reward"));
    await(() -> jsonLines("records").size() >= 80);
    assertThat(jsonLines("records").stream().map(line -> line.split("\"")[3]))
        .containsExactlyElementsOf(ids(80));
    await(() -> parquet("joined").size() >= 80);
    List<GenericRecord> rows = parquet("joined");
    assertThat(rows.stream().map(row -> row.get("queryId").toString()))
        .containsExactlyElementsOf(ids(80));
    assertThat(rows.get(79).get("text")).hasToString("Why 79?");
    assertThat((List<?>) rows.get(79).get("answers")).hasSize(1);
    for (int graded : new int[] {0, 79}) {
      assertThat((List<?>) rows.get(graded).get("grades"))
          .extracting(each -> ((GenericRecord) each).get("reward"))
          .containsExactly(0.75);
    }
    await(() -> !lines(out.resolve("openai-batch").resolve("batch_output.jsonl")).isEmpty());
    assertThat(lines(out.resolve("openai-batch").resolve("batch_output.jsonl")))
        .singleElement()
        .asString()
        .contains("\"custom_id\":\"r1\"", "\"status_code\":200", "because");
  }

  @Test
  void shouldFetchABatchAndBringItsResultsBack() throws Exception {
    // given a server that has two files in turn
    AtomicReference<String> content = new AtomicReference<>(batchRow("r1", "Why?"));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/jobs/night.jsonl",
        exchange -> {
          byte[] body = Objects.requireNonNull(content.get()).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    Path fetched = Files.createDirectories(folder.resolve("fetched"));
    try {
      Map<String, String> source =
          new HashMap<>(source("*.jsonl", "openai-batch", topics.queries()));
      source.put("path", fetched.resolve("*.jsonl").toString());
      source.put("url", "http://localhost:" + server.getAddress().getPort() + "/jobs/night.jsonl");
      source.put("url.poll.ms", "100");
      Map<String, String> sink = sink("openai-batch", "jsonl", topics.outcomes());
      sink.put("folder", out.resolve("fetched").toString());

      // when each query that comes is answered
      workers.configure("fetched", Role.CONNECT_SOURCE, source);
      workers.configure("fetched-results", Role.CONNECT_SINK, sink);
      Query first = fetched("r1");
      content.set(batchRow("r2", "How?"));
      Query second = fetched("r2");
      for (Query each : List.of(first, second)) {
        cluster.send(topics.outcomes(), each.getId(), Outcome.class, answer(each));
      }

      // then each file has its results beside it, and was read once though it was fetched often
      assertThat(first.getMetadata().get("batch.name")).startsWith("night-");
      assertThat(second.getMetadata().get("batch.name"))
          .startsWith("night-")
          .isNotEqualTo(first.getMetadata().get("batch.name"));
      for (Query each : List.of(first, second)) {
        Path results =
            out.resolve("fetched").resolve(each.getMetadata().get("batch.name") + "_output.jsonl");
        await(() -> !lines(results).isEmpty());
        assertThat(lines(results))
            .singleElement()
            .asString()
            .contains(each.getMetadata().get("batch.custom_id"), "\"status_code\":200", "because");
      }
    } finally {
      server.stop(0);
    }
  }

  @Test
  void shouldFailAtARowThatIsNoneIfToldSoAndGoOnWhenItIsMended() throws Exception {
    // given
    Path file = in.resolve("strict.rows");
    String good = "{\"id\":\"s0\",\"text\":\"Why?\"}\n{\"id\":\"s1\",\"text\":\"How?\"}\n";
    append(file, good + "{\"txet\": \"a slip\"}\n");
    Map<String, String> strict = new HashMap<>(source("*.rows", "queries", topics.queries()));
    strict.put("malformed.rows", "fail");

    // when
    workers.configure("strict", Role.CONNECT_SOURCE, strict);
    await(() -> task("strict").path("state").asText().equals("FAILED"));

    // then the task says where, and the rows before it are queries
    assertThat(task("strict").path("trace").asText())
        .contains("strict.rows line 3", "txet", "malformed.rows=dead-letter");
    cluster.read(topics.queries(), Query.class, found -> ids(found, "s").size() >= 2);

    // when the row is mended
    Files.writeString(file, good + "{\"id\":\"s2\",\"text\":\"When?\"}\n");
    workers.any().restart("strict");

    // then it goes on there
    List<Query> queries =
        cluster.read(topics.queries(), Query.class, found -> ids(found, "s").size() >= 3);
    assertThat(ids(queries, "s")).containsExactly("s0", "s1", "s2");
  }

  private static List<String> ids(List<Query> queries, String prefix) {
    return queries.stream().map(Query::getId).filter(id -> id.startsWith(prefix)).toList();
  }

  /** The only task of a connector; nothing while there is none. */
  private static JsonNode task(String connector) {
    try {
      return workers.tasks(connector).stream().findFirst().orElse(MissingNode.getInstance());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String batchRow(String id, String question) {
    return ("{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
            + "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}}\n")
        .formatted(id, question);
  }

  /** The query of a fetched request. */
  private static Query fetched(String customId) {
    return cluster
        .read(
            topics.queries(),
            Query.class,
            found -> found.stream().anyMatch(query -> isFetched(query, customId)))
        .stream()
        .filter(query -> isFetched(query, customId))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isFetched(Query query, String customId) {
    return query.getMetadata().getOrDefault("batch.name", "").startsWith("night-")
        && customId.equals(query.getMetadata().get("batch.custom_id"));
  }

  private static Outcome answer(Query query) {
    return Outcome.newBuilder(batchOutcome())
        .setQueryId(query.getId())
        .setMetadata(query.getMetadata())
        .build();
  }

  private static Map<String, String> source(String pattern, String records, String topic) {
    return Map.of(
        "connector.class",
        SOURCE,
        "tasks.max",
        "1",
        "path",
        in.resolve(pattern).toString(),
        "records",
        records,
        "topic",
        topic,
        "dead.letter.topic",
        topics.dlq(),
        "grader",
        "people",
        "poll.interval.ms",
        "100");
  }

  private static Map<String, String> sink(String rows, String format, String read) {
    Map<String, String> config =
        new HashMap<>(
            Map.of(
                "connector.class",
                SINK,
                "tasks.max",
                "2",
                "topics",
                read,
                "folder",
                out.resolve(rows).toString(),
                "rows",
                rows,
                "format",
                format,
                "file.max.rows",
                "16",
                "file.max.ms",
                "500",
                "join.wait.ms",
                Long.toString(WAIT.toMillis())));
    config.put("decisions.topic", topics.decisions());
    config.put("outcomes.topic", topics.outcomes());
    config.put("feedback.topic", topics.feedback());
    return config;
  }

  private static void decided(int i) throws Exception {
    String id = "q" + i;
    cluster.send(topics.decisions(), id, RoutingDecision.class, EdgeCluster.decision(id, "a"));
    Outcome outcome =
        Outcome.newBuilder()
            .setQueryId(id)
            .setLlm("a")
            .setStatus(OutcomeStatus.SUCCEEDED)
            .setAnswer("because")
            .setQueryText("Why " + i + "?")
            .setFinishedAt(Instant.now())
            .build();
    cluster.send(topics.outcomes(), id, Outcome.class, outcome);
  }

  private static void graded(String id) throws Exception {
    cluster.send(topics.feedback(), id, Grade.class, grade(id));
  }

  private static Grade grade(String id) {
    return Grade.newBuilder()
        .setQueryId(id)
        .setLlm("a")
        .setGrader("judge")
        .setReward(0.75)
        .setGradedAt(Instant.now())
        .build();
  }

  private static List<Grade> people(List<Grade> grades) {
    return grades.stream().filter(each -> each.getGrader().equals("people")).toList();
  }

  /** Time goes by on the topics of outcomes and grades: whatever was decided has waited. */
  private static void passed() throws Exception {
    long later = Instant.now().plus(WAIT).toEpochMilli() + 1;
    String topic = topics.feedback();
    byte[] grade =
        AvroSerdes.of(Grade.class, cluster.serde()).serializer().serialize(topic, grade("none"));
    cluster.send(new ProducerRecord<>(topic, null, later, null, grade));
    topic = topics.outcomes();
    byte[] outcome =
        AvroSerdes.of(Outcome.class, cluster.serde())
            .serializer()
            .serialize(topic, Outcome.newBuilder(batchOutcome()).setMetadata(Map.of()).build());
    cluster.send(new ProducerRecord<>(topic, null, later, null, outcome));
  }

  private static Outcome batchOutcome() {
    return Outcome.newBuilder()
        .setQueryId("x")
        .setLlm("a")
        .setStatus(OutcomeStatus.SUCCEEDED)
        .setResponse("{\"choices\":[{\"message\":{\"content\":\"because\"}}]}")
        .setMetadata(Map.of("batch.name", "batch", "batch.custom_id", "r1"))
        .setFinishedAt(Instant.now())
        .build();
  }

  private static String queryRows(int from, int to) {
    StringBuilder rows = new StringBuilder();
    for (int i = from; i < to; i++) {
      rows.append("{\"id\":\"q%d\",\"text\":\"Why %d?\"}%n".formatted(i, i));
    }
    return rows.toString();
  }

  private static List<String> ids(int count) {
    return IntStream.range(0, count).mapToObj(i -> "q" + i).toList();
  }

  private static boolean is(Query query, String id) {
    return query.getId().equals(id);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static List<String> jsonLines(String rows) {
    return finished(rows).stream().flatMap(file -> lines(file).stream()).toList();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static List<GenericRecord> parquet(String rows) {
    return finished(rows).stream().flatMap(file -> ParquetFiles.read(file).stream()).toList();
  }

  /** The files under their final names, which sort as their offsets do. */
  private static List<Path> finished(String rows) {
    Path at = out.resolve(rows);
    if (!Files.isDirectory(at)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(at)) {
      return files.filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void await(BooleanSupplier done) throws InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!done.getAsBoolean()) {
      if (Instant.now().isAfter(deadline)) {
        throw new AssertionError("it did not come to be\n" + workers.any().log());
      }
      Thread.sleep(100);
    }
  }
}
