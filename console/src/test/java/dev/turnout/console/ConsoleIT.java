package dev.turnout.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.SettingValues;
import dev.turnout.console.letters.LetterDesk;
import dev.turnout.gateway.access.KeySecret;
import dev.turnout.local.broker.EmbeddedBroker;
import dev.turnout.local.registry.InProcessRegistry;
import dev.turnout.schema.ApiKey;
import dev.turnout.schema.Grade;
import dev.turnout.schema.ModelEvent;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.RouterModelRecord;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.TopicAdmin;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The console against a real broker and registry. */
@Timeout(300)
class ConsoleIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String SECRET = "tk-" + "s".repeat(40);
  private static final String EVIL = "<script>alert(1)</script>";
  private static final TopicCatalogue TOPICS = TopicCatalogue.standard().withPartitions(2);

  @TempDir static Path dir;

  private static EmbeddedBroker broker;
  private static InProcessRegistry registry;
  private static KafkaProducer<byte[], byte[]> producer;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start(EmbeddedBroker.Settings.temporary());
    registry = InProcessRegistry.start(0, null);
    Map<String, Object> clients = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (Admin admin = Admin.create(clients)) {
      TopicAdmin.create(admin, TOPICS, (short) 1);
    }
    producer = new KafkaProducer<>(clients, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @AfterAll
  static void stop() {
    producer.close();
    registry.close();
    broker.close();
  }

  private static Console console() {
    Map<String, String> texts =
        new HashMap<>(ConnectionSettings.texts(broker.bootstrapServers(), registry.url(), TOPICS));
    texts.put("console.port", "0");
    texts.put("console.state-dir", dir.toString());
    return Console.start(ConsoleSettings.from(SettingValues.of(texts)), new SimpleMeterRegistry());
  }

  private static <T extends SpecificRecord> void send(
      String topic, String key, Class<T> type, T value) throws Exception {
    byte[] bytes =
        AvroSerdes.of(type, Map.of("schema.registry.url", registry.url()))
            .serializer()
            .serialize(topic, value);
    producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), bytes)).get();
  }

  private static HttpResponse<String> get(Console console, String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(console.url() + path)).build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(
      Console console, String path, String form, String... headers) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(console.url() + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .headers(headers)
            .POST(BodyPublishers.ofString(form))
            .build(),
        BodyHandlers.ofString());
  }

  private static HttpResponse<String> ask(Console console, String action, String form)
      throws Exception {
    return post(console, "/try/" + action, form, "Authorization", "Bearer " + SECRET);
  }

  private static String await(Console console, String path, Predicate<String> enough)
      throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    String body = "";
    while (System.nanoTime() < end) {
      body = get(console, path).body();
      if (enough.test(body)) {
        return body;
      }
    }
    throw new AssertionError(path + " did not come to show it: " + body);
  }

  private static void answer(String id, String llm, String text) throws Exception {
    Instant now = Instant.now();
    send(TOPICS.decisions(), id, RoutingDecision.class, Records.decision(id, llm, now, 1, 0));
    send(TOPICS.outcomes(), id, Outcome.class, Records.outcome(id, llm, text, now));
    send(TOPICS.feedback(), id, Grade.class, Records.grade(id, llm, "judge", 0.75, now));
  }

  private static void makeKey() throws Exception {
    send(
        TOPICS.keys(),
        "boss",
        ApiKey.class,
        ApiKey.newBuilder()
            .setId("boss")
            .setHash(KeySecret.hash(SECRET))
            .setTenant("default")
            .setAdminister(true)
            .setAsk(true)
            .setDecide(true)
            .setGraders(List.of("user"))
            .setCreatedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
            .build());
  }

  /** A query that a router refused. */
  private static void refuse(String id, String reason) throws Exception {
    byte[] query =
        AvroSerdes.of(Query.class, Map.of("schema.registry.url", registry.url()))
            .serializer()
            .serialize(
                TOPICS.queries(), Query.newBuilder().setId(id).setText("Who takes this?").build());
    producer
        .send(
            DeadLetters.of(
                new ConsumerRecord<>(
                    TOPICS.queries(), 0, 0, id.getBytes(StandardCharsets.UTF_8), query),
                TOPICS.dlq(),
                reason,
                "every LLM is down",
                "router"))
        .get();
  }

  @Test
  void shouldShowWhatTheTopicsSayAndStartAgainFromThem() throws Exception {
    String before = "q-" + UUID.randomUUID();
    String evil = "q-<b>" + UUID.randomUUID();
    // given a past
    makeKey();
    model("v1");
    answer(before, "first-alpha", "What was before?");
    try (Console console = console()) {
      await(console, "/now", body -> body.contains("What was before?"));

      // when
      answer(evil, "first-beta", "Is " + EVIL + " harmful?");

      // then it is counted and explained, and harmless
      String now = await(console, "/now", body -> body.contains("harmful?"));
      assertThat(now).doesNotContain("<script>alert").contains("&lt;script&gt;");
      await(console, "/now?window=30d", ConsoleIT::countsOneOfBeta);
      String why =
          await(
              console,
              "/why?id=" + URLEncoder.encode(evil, StandardCharsets.UTF_8),
              body -> body.contains("judge"));
      assertThat(why).contains("0.75", "What was before?").doesNotContain("<script>alert", "<b>");
      assertThat(await(console, "/why?q=BEFORE", body -> true)).contains("What was before?");

      // and a key is needed to change what serves
      HttpResponse<String> nobody =
          post(
              console, "/learning/promote", "version=v1&reason=x", "Sec-Fetch-Site", "same-origin");
      assertThat(nobody.statusCode()).isEqualTo(401);
      await(console, "/learning", body -> body.contains("v1"));
      HttpResponse<String> boss =
          post(
              console,
              "/learning/promote",
              "version=v1&reason=It+is+better",
              "Authorization",
              "Bearer " + SECRET);
      assertThat(boss.statusCode()).as(boss.body()).isEqualTo(303);
      String learning = await(console, "/learning", body -> body.contains("in charge"));
      assertThat(learning).contains("It is better (console, key boss)");

      // and for dead letters, which go back to where they came from
      String refused = "q-" + UUID.randomUUID();
      refuse(refused, "NO_LLM");
      String letters = get(console, "/letters?reason=NO_LLM").body();
      String place = letters.replaceFirst("(?s).*\"/letters\\?at=(\\d+:\\d+)\".*", "$1");
      assertThat(get(console, "/letters?at=" + place).body())
          .contains("dev.turnout.schema.Query", "Who takes this?", refused);
      HttpResponse<String> replayed =
          post(console, "/letters/replay", "at=" + place, "Authorization", "Bearer " + SECRET);
      assertThat(replayed.statusCode()).as(replayed.body()).isEqualTo(303);
      await(console, "/letters?at=" + place, body -> body.contains("REPLAYED"));
      assertThat(get(console, "/letters?reason=NO_LLM").body()).doesNotContain("at=" + place);

      // and older ones are a page further
      refuse("q-oldest", "OLDEST");
      for (int i = 0; i < LetterDesk.STRETCH; i++) {
        refuse("q-newer-" + i, "NEWER");
      }
      String newest = get(console, "/letters?reason=OLDEST").body();
      assertThat(newest).contains("NEWER, 500", "None waits.").doesNotContain("?at=");
      String further =
          newest
              .replaceFirst("(?s).*\"(/letters\\?reason=OLDEST&amp;before=[^\"]*)\">Older.*", "$1")
              .replace("&amp;", "&");
      String older = get(console, further).body();
      String oldest = older.replaceFirst("(?s).*\"/letters\\?at=(\\d+:\\d+)\".*", "$1");
      assertThat(older).contains("OLDEST, 1");
      assertThat(
              post(console, "/letters/drop", "at=" + oldest, "Authorization", "Bearer " + SECRET)
                  .statusCode())
          .isEqualTo(303);
      assertThat(get(console, further).body()).contains("None waits.");

      // and conversations are decided and answered by whoever routes and works
      try (RoutedByHand routed = new RoutedByHand(TOPICS, broker, registry)) {
        HttpResponse<String> tried =
            ask(
                console,
                "compare",
                "system=Be+brief&turn-1=Hi&turn-2=Hello&by-2=assistant"
                    + "&text=Who+answers+this%3F&max-cost=0.5");
        assertThat(tried.statusCode()).as(tried.body()).isEqualTo(303);
        assertThat(routed.allowed()).startsWith(List.of());
        String coming =
            await(
                console,
                "/try",
                body -> body.contains(">alpha says: <") && body.contains(">gamma says: <"));
        assertThat(coming)
            .contains("alpha is predicted to answer well", "It goes on.")
            .doesNotContain("Go on from here");
        // (side by side means in any order)
        assertThat(routed.allowed())
            .startsWith(List.of())
            .containsExactlyInAnyOrder(List.of(), List.of("alpha"), List.of("gamma"));
        assertThat(routed.chats())
            .hasSize(3)
            .containsOnly(
                "{\"messages\":[{\"role\":\"system\",\"content\":\"Be brief\"},"
                    + "{\"role\":\"user\",\"content\":\"Hi\"},"
                    + "{\"role\":\"assistant\",\"content\":\"Hello\"},"
                    + "{\"role\":\"user\",\"content\":\"Who answers this?\"}]}");

        // so many at a time
        for (int i = 0; i < 3; i++) {
          assertThat(ask(console, "ask", "text=Another").statusCode()).isEqualTo(303);
        }
        assertThat(ask(console, "decide", "text=Another").body())
            .contains("4 are being tried already");

        // and others again when they have been answered
        routed.finish();
        String answered =
            await(
                console,
                "/try",
                body ->
                    body.contains(">alpha says: Who answers this?<")
                        && body.contains(">gamma says: Who answers this?<")
                        && !body.contains("It goes on."));
        assertThat(answered).contains("Go on from here", "640 ms");
        assertThat(ask(console, "decide", "text=refuse+me").body())
            .contains("NO_LLM, nobody is up");

        // and a thumb is a grade
        String id = answered.replaceFirst("(?s).*from=(try-[0-9a-f-]{36}-2)\".*", "$1");
        assertThat(ask(console, "grade", "query=" + id + "&good=yes").statusCode()).isEqualTo(303);
        await(console, "/try", body -> body.contains("Graded 1.00"));
        await(console, "/why?id=" + id, body -> body.contains("<td>user</td>"));
      }

      // and keys are shown without their secrets
      assertThat(get(console, "/tenants").body())
          .contains("boss", "administer")
          .doesNotContain(SECRET, KeySecret.hash(SECRET));
    }

    // when it starts again
    try (Console console = console()) {
      // then it knows what was, and goes on
      await(console, "/why", body -> body.contains("What was before?"));
      await(console, "/now?window=30d", ConsoleIT::countsOneOfBeta);
    }
  }

  private static boolean countsOneOfBeta(String body) {
    return body.matches("(?s).*first-beta</span></th>((?!</tr>).)*<td class=\"n\">1</td>.*");
  }

  private static void model(String version) throws Exception {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    send(
        TOPICS.models(),
        version + "/0",
        RouterModelRecord.class,
        RouterModelRecord.newBuilder()
            .setVersion(version)
            .setKind(ModelEvent.CHUNK)
            .setChunk(0)
            .setChunks(1)
            .setPayload(ByteBuffer.wrap(new byte[] {1, 2, 3}))
            .setCreatedAt(now)
            .build());
    send(
        TOPICS.models(),
        version + "/MANIFEST",
        RouterModelRecord.class,
        RouterModelRecord.newBuilder()
            .setVersion(version)
            .setKind(ModelEvent.MANIFEST)
            .setChunks(1)
            .setReason("trained by hand")
            .setReport(Map.of("gate.difference.dr", "0.0210 [0.0040, 0.0380] ess=210 n=400"))
            .setCreatedAt(now)
            .build());
  }

  @Test
  void shouldShowADecisionWithinASecond() throws Exception {
    try (Console console = console()) {
      answer("q-warm", "alpha", "Warm?");
      await(console, "/now", body -> body.contains("Warm?"));
      long best = Long.MAX_VALUE;
      // the machine may be busy: the quickest of several tells what the console itself takes
      for (int i = 0; i < 5; i++) {
        String id = "q-timed-" + i;
        Instant now = Instant.now();
        send(TOPICS.decisions(), id, RoutingDecision.class, Records.decision(id, "alpha", now));
        long written = System.nanoTime();
        await(console, "/now", body -> body.contains(id));
        best = Math.min(best, System.nanoTime() - written);
      }
      System.out.printf("a decision is on the page %d ms after it was written%n", best / 1_000_000);
      assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofSeconds(1));
    }
  }
}
