package dev.turnout.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.SettingValues;
import dev.turnout.dlq.DeadLetterTopic;
import dev.turnout.dlq.Letter;
import dev.turnout.dlq.LetterPosition;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.CommittedReader;
import dev.turnout.kafka.RecordSender;
import dev.turnout.local.broker.EmbeddedBroker;
import dev.turnout.local.registry.InProcessRegistry;
import dev.turnout.router.Router;
import dev.turnout.router.RouterSettings;
import dev.turnout.schema.Query;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.DeadLetterMark;
import dev.turnout.topic.DeadLetterState;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.TopicAdmin;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters that a real router made, and {@code turnout dlq} against a real broker. */
@Timeout(300)
class DeadLettersIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** More than a dead letter carries; it fits the topic compressed. */
  private static final int LARGE = 9_900_000;

  @TempDir static Path dir;

  private static EmbeddedBroker broker;
  private static InProcessRegistry registry;
  private static QueryEncoder encoder;

  private record Run(int exitCode, String out, String err) {
    JsonNode json() throws IOException {
      List<String> lines = out.lines().toList();
      return new ObjectMapper().readTree(lines.get(lines.size() - 1));
    }
  }

  /** An installation of its own on the shared broker. */
  private record Installation(TopicCatalogue topics, Path config, RecordSender sender) {

    static Installation create(String prefix) throws Exception {
      TopicCatalogue topics = TopicCatalogue.withPrefix(prefix).withPartitions(2);
      try (Admin admin = Admin.create(client())) {
        TopicAdmin.create(admin, topics, (short) 1);
      }
      Path config =
          Files.writeString(
              dir.resolve(prefix + ".yaml"),
              """
              kafka: {bootstrap.servers: "%s", compression.type: zstd}
              registry: {url: "%s"}
              topics: {prefix: %s, replication: 1, partitions: 2}
              """
                  .formatted(broker.bootstrapServers(), registry.url(), prefix));
      return new Installation(
          topics, config, RecordSender.open(client(), Map.of("compression.type", "zstd")));
    }

    void send(String topic, @Nullable Integer partition, String key, byte[] value)
        throws Exception {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topic, partition, bytes(key), value);
      record.headers().add("trace", bytes("trace of " + key));
      sender.send(record).get(1, TimeUnit.MINUTES);
    }

    byte[] query(String id, String text) {
      return AvroSerdes.of(Query.class, serde())
          .serializer()
          .serialize(topics.queries(), Query.newBuilder().setId(id).setText(text).build());
    }

    List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      CommittedReader.readAll(client(), topic, records::add);
      return records;
    }

    List<ConsumerRecord<byte[], byte[]>> committed(String topic, String key) {
      return committed(topic).stream()
          .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(key))
          .toList();
    }

    /** Letters and marks on the dead-letter topic. */
    int onDlq() {
      return committed(topics.dlq()).size();
    }

    Run dlq(String... args) {
      return turnout(config, "dlq", args);
    }

    JsonNode letters(String... args) throws IOException {
      List<String> all = new ArrayList<>(List.of("list", "--json"));
      all.addAll(List.of(args));
      return dlq(all.toArray(String[]::new)).json();
    }

    int waiting() {
      int[] count = new int[1];
      new DeadLetterTopic(client(), topics.dlq())
          .read(letter -> count[0] += letter.state() == DeadLetterState.WAITING ? 1 : 0);
      return count[0];
    }

    /** Position of the latest letter about a query. */
    String positionOf(String id) throws IOException {
      String found = "";
      for (JsonNode letter : letters("--state", "all").get("letters")) {
        found =
            letter.get("query_id").asText().equals(id) ? letter.get("position").asText() : found;
      }
      return found;
    }
  }

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(EmbeddedBroker.Settings.temporary());
    registry = InProcessRegistry.start(0, null);
    encoder = Encoders.open(EncoderSettings.staticEncoder());
  }

  @AfterAll
  static void stopBroker() {
    encoder.close();
    broker.close();
    registry.close();
  }

  private static Map<String, Object> client() {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  private static Map<String, Object> serde() {
    return Map.of("schema.registry.url", registry.url());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Run turnout(Path config, String command, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(args));
    all.addAll(List.of("--config", config.toString()));
    int code =
        Turnout.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }

  private static Router router(TopicCatalogue topics) {
    Map<String, String> texts =
        new HashMap<>(ConnectionSettings.texts(broker.bootstrapServers(), registry.url(), topics));
    texts.put("topics.replication", "1");
    texts.put("kafka.state.dir", dir.resolve("state").toString());
    return Router.start(
        RouterSettings.from(SettingValues.of(texts), "test"), encoder, new SimpleMeterRegistry());
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited in vain: %s", what).isLessThan(end);
      Thread.sleep(50);
    }
  }

  private static Producer<byte[], byte[]> transactional(String id) {
    Map<String, Object> config = new HashMap<>(client());
    config.put("transactional.id", id);
    Producer<byte[], byte[]> producer = Clients.producer(config);
    producer.initTransactions();
    return producer;
  }

  /** Grows with every command that takes the transactional id of the replays over. */
  private static int epoch(Admin admin, TopicCatalogue topics) {
    String id = topics.dlq() + "-replay";
    try {
      return admin
          .describeTransactions(List.of(id))
          .description(id)
          .get(1, TimeUnit.MINUTES)
          .producerEpoch();
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldListShowReplayAndDropWhatTheRouterRefused() throws Exception {
    Installation at = Installation.create("letters");
    TopicCatalogue topics = at.topics();
    byte[] large = new byte[LARGE];
    Arrays.fill(large, (byte) 'x');
    try (RecordSender sender = at.sender();
        Router router = router(topics)) {
      // given what cannot be read, what is too large to carry, and queries before there is an LLM
      await("assignment", () -> router.status().started());
      at.send(topics.queries(), 1, "garbage\n\u009b2J", bytes("no avro \u001b[2J"));
      at.send(topics.queries(), 0, "large", large);
      at.send(topics.queries(), null, "q-1", at.query("q-1", "Why is the sky blue?"));
      at.send(topics.queries(), null, "q-2", at.query("q-2", "Why is grass green?"));
      await("four letters", () -> at.onDlq() == 4);

      // then the list says what, why and where from
      JsonNode list = at.letters();
      assertThat(list.get("waiting").asInt()).isEqualTo(4);
      assertThat(list.get("waiting_by_reason").get("NO_LLM").asInt()).isEqualTo(2);
      assertThat(at.letters("--reason", "no_llm").get("letters"))
          .extracting(letter -> letter.get("query_id").asText())
          .containsExactlyInAnyOrder("q-1", "q-2");
      assertThat(at.letters("--stage", "worker").get("letters")).isEmpty();
      assertThat(at.letters("--since", "1h").get("letters")).hasSize(4);
      assertThat(at.letters("--since", "2100-01-01T00:00:00Z").get("letters")).isEmpty();
      Run text = at.dlq("list");
      assertThat(text.out())
          .contains("garbage\\n\\u009b2J", "letters.queries 0:0", Integer.toString(LARGE))
          .contains("4 wait (2 NO_LLM, 1 TOO_LARGE, 1 UNDECODABLE); 0 were replayed, 0 dropped");
      assertThat(text.out().chars()).noneMatch(c -> c == 0x1b || c == 0x9b);

      // and a letter shows its content
      String first = at.positionOf("q-1");
      assertThat(at.dlq("show", first).out())
          .contains("NO_LLM", "trace: trace of q-1", "dev.turnout.schema.Query")
          .contains("\"Why is the sky blue?\"");
      String garbage = at.positionOf("garbage\n\u009b2J");
      assertThat(at.dlq("show", garbage).out())
          .contains("not decoded", "6e 6f 20 61 76 72 6f", "no avro .[2J");
      String reference = at.positionOf("large");
      Path raw = dir.resolve("raw");
      assertThat(at.dlq("show", reference, "--raw", raw.toString()).out())
          .contains("left out", "value", "%,d bytes".formatted(LARGE));
      assertThat(Files.readAllBytes(raw)).isEqualTo(large);
      assertThat(at.dlq("show", "0:999").err()).contains("no dead letter at 0:999", "dlq list");
      assertThat(at.dlq("show", "first").exitCode()).isEqualTo(2);
      assertThat(at.dlq("replay").err()).contains("--reason", "--all");

      // and whoever checks the installation is told
      assertThat(turnout(at.config(), "topics", "--create").exitCode()).isZero();
      assertThat(turnout(at.config(), "check", "--connect").out())
          .contains("4 dead letters wait", "turnout dlq list");

      // when the cause is mended
      Run dry = at.dlq("replay", "--reason", "NO_LLM", "--dry-run");
      assertThat(dry.out()).contains("would be sent to letters.queries", "2 would be replayed");
      assertThat(at.onDlq()).isEqualTo(4);
      assertThat(turnout(at.config(), "llms", "add", "alpha").exitCode()).isZero();
      await("an LLM", () -> !router.serving().directory().all().isEmpty());
      Run replay = at.dlq("replay", "--reason", "NO_LLM", "--json");

      // then the queries are routed, once, as their producer sent them
      assertThat(replay.exitCode()).as(replay.out() + replay.err()).isZero();
      assertThat(replay.json().get("replayed")).hasSize(2);
      await("decisions", () -> at.committed(topics.decisions()).size() == 2);
      List<ConsumerRecord<byte[], byte[]>> sent = at.committed(topics.queries(), "q-1");
      assertThat(sent).hasSize(2);
      assertThat(sent.get(1).value()).isEqualTo(sent.get(0).value());
      assertThat(sent.get(1).partition()).isEqualTo(sent.get(0).partition());
      assertThat(sent.get(1).headers().lastHeader("trace").value())
          .isEqualTo(bytes("trace of q-1"));
      assertThat(sent.get(1).headers().lastHeader(DeadLetterMark.REPLAYS).value())
          .isEqualTo(bytes("1"));
      assertThat(sent.get(1).headers().lastHeader(DeadLetters.REASON)).isNull();

      // and a second replay does nothing and says so
      Run again = at.dlq("replay", first, "--json");
      assertThat(again.exitCode()).isZero();
      assertThat(again.out()).contains("was replayed before; nothing is done");
      assertThat(again.json().get("before").get(0).asText()).isEqualTo(first);
      assertThat(at.committed(topics.queries(), "q-1")).hasSize(2);
      assertThat(at.letters("--state", "replayed").get("letters")).hasSize(2);

      // when two parts refused one record, what replays it settles both letters
      ConsumerRecord<byte[], byte[]> refused =
          at.committed(topics.queries(), "garbage\n\u009b2J").get(0);
      sender
          .send(DeadLetters.of(refused, topics.dlq(), "UNDECODABLE", "again", "other"))
          .get(1, TimeUnit.MINUTES);
      Run both = at.dlq("replay", "--all", "--json");
      assertThat(both.json().get("replayed")).as(both.out()).hasSize(2);

      // then each record was sent once more, the large one from where it stood, and refused anew
      await("both are refused again", () -> at.waiting() == 2);
      assertThat(at.committed(topics.queries(), "large")).hasSize(2);
      assertThat(at.committed(topics.queries(), "large").get(1).value()).isEqualTo(large);
      assertThat(at.committed(topics.queries(), "garbage\n\u009b2J")).hasSize(2);
      assertThat(at.letters().get("letters"))
          .allMatch(letter -> letter.get("replays").asInt() == 1);
      assertThat(at.letters().get("replayed").asInt()).isEqualTo(5);

      // when what is left is dropped
      assertThat(at.dlq("drop", "--all").exitCode()).isZero();

      // then nothing waits, and no replay brings it back
      assertThat(at.letters().get("waiting").asInt()).isZero();
      assertThat(at.letters().get("dropped").asInt()).isEqualTo(2);
      String dropped = at.letters("--state", "dropped").at("/letters/0/position").asText();
      assertThat(at.dlq("replay", dropped).out()).contains("was dropped before");
      assertThat(turnout(at.config(), "check", "--connect").out())
          .doesNotContain("dead letters wait");
      assertThat(at.committed(topics.decisions())).hasSize(2);
    }
  }

  @Test
  void shouldKnowWhatALetterBeforeTheStretchReplayed() throws Exception {
    // given a record that two parts refuse, the second when the first one's letter was replayed
    Installation at = Installation.create("earlier");
    TopicCatalogue topics = at.topics();
    try (RecordSender sender = at.sender()) {
      at.send(topics.queries(), 0, "q", at.query("q", "Why?"));
      ConsumerRecord<byte[], byte[]> refused = at.committed(topics.queries(), "q").get(0);
      sender
          .send(DeadLetters.of(refused, topics.dlq(), "NO_LLM", "none", "route"))
          .get(1, TimeUnit.MINUTES);
      assertThat(at.dlq("replay", "--all").exitCode()).isZero();
      DeadLetterTopic reader = new DeadLetterTopic(client(), topics.dlq());
      Map<TopicPartition, Long> replayed = reader.extent().ends();
      sender
          .send(DeadLetters.of(refused, topics.dlq(), "UNDECODABLE", "none", "other"))
          .get(1, TimeUnit.MINUTES);
      ConsumerRecord<byte[], byte[]> replay = at.committed(topics.queries(), "q").get(1);
      sender
          .send(DeadLetters.of(replay, topics.dlq(), "NO_LLM", "none", "route"))
          .get(1, TimeUnit.MINUTES);

      // when the newest part is read, without time for what is before it, then with some
      CommittedReader.Extent newest = new CommittedReader.Extent(replayed, reader.extent().ends());
      Map<String, DeadLetterState> hasty = new HashMap<>();
      Map<String, DeadLetterState> patient = new HashMap<>();
      long left = reader.read(newest, Duration.ZERO, letter -> add(hasty, letter));
      long none = reader.read(newest, PATIENCE, letter -> add(patient, letter));

      // then only what was replayed counts as that
      assertThat(left).isPositive();
      assertThat(none).isZero();
      assertThat(hasty)
          .isEqualTo(Map.of("other", DeadLetterState.WAITING, "route", DeadLetterState.WAITING));
      assertThat(patient)
          .isEqualTo(Map.of("other", DeadLetterState.REPLAYED, "route", DeadLetterState.WAITING));
      String other =
          at.letters("--state", "all", "--stage", "other").at("/letters/0/position").asText();
      assertThat(
              new DeadLetterTopic(client(), topics.dlq()).at(LetterPosition.parse(other)).state())
          .isEqualTo(DeadLetterState.REPLAYED);
    }
  }

  private static void add(Map<String, DeadLetterState> states, Letter letter) {
    states.put(letter.stage(), letter.state());
  }

  @Test
  void shouldReplayOnceThoughTheCommandIsKilledInTheMiddle() throws Exception {
    Installation at = Installation.create("killed");
    TopicCatalogue topics = at.topics();
    try (RecordSender sender = at.sender()) {
      // given letters of queries and of a topic that is gone
      for (int i = 0; i < 3; i++) {
        String id = "q-" + i;
        at.send(topics.queries(), 0, id, at.query(id, "question " + i));
        ConsumerRecord<byte[], byte[]> record = at.committed(topics.queries(), id).get(0);
        sender
            .send(DeadLetters.of(record, topics.dlq(), "NO_LLM", "none", "route"))
            .get(1, TimeUnit.MINUTES);
      }
      ConsumerRecord<byte[], byte[]> request =
          new ConsumerRecord<>(topics.requests("gone"), 0, 5, bytes("r"), bytes("request"));
      sender
          .send(DeadLetters.of(request, topics.dlq(), "UNDECODABLE", "none", "worker"))
          .get(1, TimeUnit.MINUTES);
      ConsumerRecord<byte[], byte[]> foreign =
          new ConsumerRecord<>("elsewhere", 0, 5, bytes("f"), bytes("foreign"));
      sender
          .send(DeadLetters.of(foreign, topics.dlq(), "UNDECODABLE", "none", "worker"))
          .get(1, TimeUnit.MINUTES);

      // when a replay is killed after its first record reached the broker
      Path log = dir.resolve("killed.log");
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Turnout.class.getName(),
                  "dlq",
                  "replay",
                  "--reason",
                  "NO_LLM",
                  "--config",
                  Files.writeString(
                          dir.resolve("halting.yaml"),
                          Files.readString(at.config())
                              .replace(
                                  "kafka: {",
                                  "kafka: {interceptor.classes: "
                                      + HaltOnAcknowledgement.class.getName()
                                      + ", "))
                      .toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      assertThat(child.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue())
          .as(Files.readString(log))
          .isEqualTo(HaltOnAcknowledgement.EXIT_CODE);
      assertThat(at.letters().get("waiting").asInt()).isEqualTo(5);

      // then the same command finishes the work, and nothing is there twice
      Run replay = at.dlq("replay", "--all", "--json");
      assertThat(replay.json().get("replayed")).as(replay.out() + replay.err()).hasSize(3);
      assertThat(replay.exitCode()).isEqualTo(1);
      assertThat(replay.json().get("failed")).hasSize(2);
      assertThat(replay.out())
          .contains("topic killed.requests.gone does not exist any more")
          .contains("elsewhere, which carries no traffic of this installation");
      assertThat(at.committed(topics.queries())).hasSize(6);
      for (int i = 0; i < 3; i++) {
        assertThat(at.committed(topics.queries(), "q-" + i)).hasSize(2);
      }
      assertThat(at.letters().get("waiting").asInt()).isEqualTo(2);
      assertThat(at.dlq("replay", "--reason", "NO_LLM", "--json").json().get("replayed")).isEmpty();
      assertThat(at.committed(topics.queries())).hasSize(6);

      // given a letter whose mark lies behind a transaction that is still open
      at.send(topics.queries(), 0, "q-3", at.query("q-3", "question 3"));
      ConsumerRecord<byte[], byte[]> hidden = at.committed(topics.queries(), "q-3").get(0);
      sender
          .send(DeadLetters.of(hidden, topics.dlq(), "NO_LLM", "none", "route"))
          .get(1, TimeUnit.MINUTES);
      String position = at.positionOf("q-3");
      try (Producer<byte[], byte[]> open = transactional("somebody's");
          Admin admin = Admin.create(client())) {
        open.beginTransaction();
        open.send(DeadLetters.of(request, topics.dlq(), "NOT_TEXT", "none", "route"))
            .get(1, TimeUnit.MINUTES);
        LetterPosition marked = LetterPosition.parse(position);
        sender
            .send(
                new DeadLetterMark(
                        marked.partition(), marked.offset(), DeadLetterState.REPLAYED, null)
                    .on(topics.dlq()))
            .get(1, TimeUnit.MINUTES);
        int epoch = epoch(admin, topics);

        // when it is replayed
        CompletableFuture<Run> hasty =
            CompletableFuture.supplyAsync(() -> at.dlq("replay", position));
        await("the command writes alone", () -> epoch(admin, topics) != epoch);

        // then the command waits until it can see the mark
        open.commitTransaction();
        assertThat(hasty.get(2, TimeUnit.MINUTES).out()).contains("was replayed before");
        assertThat(at.committed(topics.queries(), "q-3")).hasSize(1);
      }
    }
  }
}
