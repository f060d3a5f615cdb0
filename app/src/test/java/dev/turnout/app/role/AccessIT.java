package dev.turnout.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.access.Role;
import dev.turnout.app.Turnout;
import dev.turnout.local.broker.FreePort;
import dev.turnout.local.registry.InProcessRegistry;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Posterior;
import dev.turnout.schema.Query;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.TopicCatalogue;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every role and the operator's commands against a broker that allows nothing but what {@code
 * turnout acls} prints, by password and by certificate; and with one right less. How many of these
 * and which: {@code -Dturnout.access.rights=3} (or {@code all}) and {@code
 * -Dturnout.access.seed=1}.
 */
@Timeout(3600)
class AccessIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String LLM = "alpha";
  private static final String TENANT = "acme";
  private static final List<String> USERS = Arrays.stream(Role.values()).map(Role::word).toList();
  private static final List<String> SERVING =
      List.of("router", "learner", "worker", "grader", "gateway", "console");
  private static final TopicCatalogue TOPICS =
      TopicCatalogue.withPrefix("secured").withPartitions(1);
  private static final String REPLIES = TOPICS.prefix() + "replies.app";

  @TempDir static Path dir;

  private static SecuredBroker broker;
  private static InProcessRegistry registry;
  private static FakeLlmServer endpoint;
  private static Map<String, List<AclBinding>> rights;
  private static Map<String, String> settings = Map.of();
  private static int rounds;

  /** A query that went all the way; what there is of it is used again. */
  private static @Nullable String finished;

  private enum Login {
    PASSWORD,
    CERTIFICATE;

    Map<String, String> of(String user) {
      return this == PASSWORD ? broker.scram(user) : broker.tls(user);
    }

    /** What else differs: how Kafka hands out partitions and requests. */
    Map<String, String> settings() {
      return this == PASSWORD
          ? Map.of("worker.delivery", "share-group")
          : Map.of("router.group-protocol", "streams");
    }
  }

  /** Of a key that the operator made. */
  private static String secret = "";

  private record Run(int exitCode, String out, String err) {}

  @BeforeAll
  static void start() throws Exception {
    broker = SecuredBroker.start(dir, USERS);
    registry = InProcessRegistry.start(0, null);
    endpoint = FakeLlmServer.start();
    rights = new LinkedHashMap<>();
    broker.admin().createTopics(List.of(new NewTopic(REPLIES, 1, (short) 1))).all().get();
  }

  @AfterAll
  static void stop() {
    endpoint.close();
    registry.close();
    broker.close();
  }

  /** Gives every user exactly what the command prints for its role. */
  private static void grantFor(Login login) throws Exception {
    settings = login.settings();
    for (String user : USERS) {
      List<AclBinding> printed = printed(user);
      for (AclBinding former : rights.getOrDefault(user, List.of())) {
        if (!printed.contains(former)) {
          broker.revoke(former);
        }
      }
      broker.grant(printed);
      rights.put(user, printed);
    }
  }

  @ParameterizedTest
  @EnumSource(Login.class)
  void shouldDoAllItsWorkWithExactlyItsRights(Login login) throws Exception {
    // given an installation that an operator makes
    grantFor(login);
    Map<String, Run> commands = operate(login.of("operator"));
    assertThat(commands)
        .allSatisfy((name, run) -> assertThat(run.exitCode()).as(run.err()).isZero());

    try (SecuredRoles roles = roles(SERVING, login)) {
      await(() -> roles.notReady().isEmpty(), roles::notReady);

      // when an application asks, another asks through the gateway, and things go wrong
      String id = drive(login);
      HttpResponse<String> answered =
          roles.post(
              secret,
              "/v1/chat/completions",
              "{\"messages\":[{\"role\":\"user\",\"content\":\"Why is the sky blue?\"}]}");

      // then it is answered, replied to, graded twice, learnt from and charged
      assertThat(answered.statusCode()).as(answered.body()).isEqualTo(200);
      assertThat(read(TOPICS.outcomes(), Outcome.class, one -> one.getQueryId().equals(id)))
          .isNotNull();
      assertThat(read(REPLIES, Outcome.class, one -> one.getQueryId().equals(id))).isNotNull();
      assertThat(
              read(
                  TOPICS.feedback(),
                  Grade.class,
                  one -> one.getQueryId().equals(id) && one.getGrader().equals("judge")))
          .isNotNull();
      for (String grader : List.of("judge", "app")) {
        assertThat(
                read(
                    TOPICS.samples(),
                    TrainingSample.class,
                    one -> one.getQueryId().equals(id) && one.getGrader().equals(grader)))
            .isNotNull();
      }
      assertThat(read(TOPICS.posteriors(), Posterior.class, one -> true)).isNotNull();
      finished = id;
      assertThat(read(TOPICS.budgets(), BudgetState.class, one -> one.getTenant().equals(TENANT)))
          .isNotNull();
      HttpResponse<String> grade =
          roles.post(
              secret,
              "/v1/feedback",
              "{\"queryId\":\"%s\",\"grader\":\"user\",\"reward\":1}".formatted(id));
      assertThat(grade.statusCode()).as(grade.body()).isEqualTo(202);

      // and what none could use is dead-lettered by each
      for (String topic :
          List.of(TOPICS.queries(), TOPICS.requests(LLM), TOPICS.outcomes(), TOPICS.feedback())) {
        awaitDeadLetter(topic, id);
      }
      Run query =
          run(login.of("operator"), "query", "Is 1009 prime?", "--tenant", TENANT, "--answer");
      assertThat(query.exitCode()).as(query.err()).isZero();
    }
  }

  @Test
  void shouldNameTheRightThatIsMissing() throws Exception {
    // given
    grantFor(Login.PASSWORD);
    Map<String, Run> commands = operate(broker.scram("operator"));
    assertThat(commands)
        .allSatisfy((name, run) -> assertThat(run.exitCode()).as(run.err()).isZero());
    List<AclBinding> all =
        rights.values().stream()
            .flatMap(List::stream)
            .filter(AccessIT::isUsedInARound)
            // no part of a round, nor of this program
            .filter(right -> !right.entry().principal().equals("User:autoscaler"))
            .filter(right -> !right.entry().principal().startsWith("User:connect-"))
            // most of what it reads it reads when somebody looks
            .filter(right -> !right.entry().principal().equals("User:console"))
            .collect(Collectors.toList());
    long seed = Long.getLong("turnout.access.seed", 1);
    Collections.shuffle(all, new Random(seed));
    String howMany = System.getProperty("turnout.access.rights", "3");
    boolean every = howMany.equals("all");
    String first = finishedQuery();
    List<String> silent = new ArrayList<>();
    for (AclBinding right : every ? all : all.subList(0, Integer.parseInt(howMany))) {
      // when
      broker.revoke(right);
      String error = errorWithout(right, first);
      broker.grant(List.of(right));

      // then
      if (error == null) {
        silent.add(right.toString());
      }
      if (every) {
        System.out.println((error == null ? "NONE  " : "NAMED ") + right + ": " + error);
      }
    }
    assertThat(silent).as("seed %d", seed).isEmpty();
  }

  @Test
  void shouldTakeBearerTokensAndSayWhoIsRefused() throws Exception {
    // given
    grantFor(Login.PASSWORD);
    operate(broker.scram("operator"));

    // then a token is as good as a password
    Run listed = run(broker.bearer("operator"), "llms", "list");
    assertThat(listed.exitCode()).as(listed.err()).isZero();
    assertThat(listed.out()).contains(LLM);

    // and one without rights, or with a wrong password, is told
    Run stranger = run(broker.bearer("stranger"), "llms", "list");
    assertThat(stranger.exitCode()).isEqualTo(1);
    assertThat(stranger.err()).contains(TOPICS.llms(), "turnout acls");
    Map<String, String> wrong = new HashMap<>(broker.scram("operator"));
    wrong.computeIfPresent("sasl.jaas.config", (key, jaas) -> jaas.replace("-secret", "-guess"));
    Run refused = run(wrong, "llms", "list");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err())
        .contains("refuses this client", "kafka.sasl")
        .doesNotContain("operator-guess");
    Run check = run(wrong, "check", "--connect");
    assertThat(check.out()).contains("refuses this client").doesNotContain("operator-guess");
  }

  private static String finishedQuery() throws Exception {
    String id = finished;
    if (id == null) {
      try (SecuredRoles roles = roles(SERVING, Login.PASSWORD)) {
        await(() -> roles.notReady().isEmpty(), roles::notReady);
        String asked = drive(Login.PASSWORD);
        TrainingSample unused =
            read(
                TOPICS.samples(),
                TrainingSample.class,
                sample -> sample.getQueryId().equals(asked));
        id = asked;
        finished = id;
      }
    }
    return id;
  }

  /** Sends once more what came of a query, for a role that runs alone. */
  private static void repeat(String id) throws Exception {
    Predicate<ConsumerRecord<byte[], byte[]>> ofQuery =
        record -> new String(record.key(), StandardCharsets.UTF_8).equals(id);
    for (String topic : List.of(TOPICS.requests(LLM), TOPICS.outcomes())) {
      send(plain(), topic, id, read(topic, ofQuery).value());
    }
    Grade grade = read(TOPICS.feedback(), Grade.class, one -> one.getQueryId().equals(id));
    Grade another = Grade.newBuilder(grade).setGrader("again-" + rounds).setReward(0.25).build();
    send(plain(), TOPICS.feedback(), id, avro(Grade.class, TOPICS.feedback(), another));
  }

  /** Kafka's settings of the test itself. */
  private static Map<String, String> plain() {
    Map<String, String> plain = new HashMap<>();
    broker.test().forEach((key, value) -> plain.put(key, String.valueOf(value)));
    return plain;
  }

  /** Whether a round comes to what the right is for; the others are for rarer work. */
  private static boolean isUsedInARound(AclBinding right) {
    AclOperation operation = right.entry().operation();
    String name = right.pattern().name();
    boolean operator = right.entry().principal().equals("User:operator");
    boolean asked =
        Set.of(
                TOPICS.models(),
                TOPICS.llms(),
                TOPICS.tenants(),
                TOPICS.keys(),
                TOPICS.budgets(),
                TOPICS.decisions(),
                TOPICS.outcomes(),
                TOPICS.dlq())
            .contains(name);
    boolean published =
        Set.of(TOPICS.llms(), TOPICS.tenants(), TOPICS.keys(), TOPICS.queries()).contains(name);
    return switch (operation) {
      // of topics that are there since the first round, unless the round brings new ones
      case CREATE -> operator || name.equals(TOPICS.requestsPrefix());
      // of repartition topics, as they fill; of topics, when their limits are compared
      case DELETE, DESCRIBE_CONFIGS -> false;
      // of letters, when they are sent back
      case READ -> !operator || asked;
      // of a group's start, which is settled once in its life
      case WRITE -> !name.endsWith("-start") && (!operator || published);
      default -> true;
    };
  }

  /** Makes a round with one right less, until something names it; null if nothing does. */
  private static @Nullable String errorWithout(AclBinding right, String first) throws Exception {
    String user = right.entry().principal().substring("User:".length());
    Predicate<String> names =
        text ->
            text.contains(right.pattern().name())
                // who may not see a topic is told what one would be told without it
                && (text.toLowerCase(Locale.ROOT).contains("authoriz")
                    || text.contains("turnout topics --create"));
    if (user.equals("operator")) {
      return Stream.concat(
              operate(broker.scram(user)).values().stream(),
              Stream.of(run(broker.scram(user), "query", "Anybody?", "--wait", "1")))
          .map(Run::err)
          .filter(names)
          .findFirst()
          .orElse(null);
    }
    try (Complaints complaints = new Complaints();
        SecuredRoles roles = roles(List.of(user), Login.PASSWORD)) {
      try {
        drive(Login.PASSWORD);
        repeat(first);
      } catch (ExecutionException e) {
        return Optional.of(String.valueOf(e.getCause())).filter(names).orElse(null);
      }
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < end) {
        List<String> said = new ArrayList<>(roles.problems());
        said.addAll(complaints.texts());
        if (user.equals("gateway") && roles.problems().isEmpty()) {
          said.add(roles.post(secret, "/v1/queries", "{\"text\":\"Why is the sky blue?\"}").body());
          said.add(
              roles
                  .post(
                      secret,
                      "/v1/feedback",
                      "{\"queryId\":\"q\",\"llm\":\"alpha\",\"grader\":\"user\",\"reward\":1}")
                  .body());
        }
        for (String text : said) {
          if (names.test(text)) {
            return text;
          }
        }
        Thread.sleep(200);
      }
      return null;
    }
  }

  private static Map<String, Run> operate(Map<String, String> login) throws IOException {
    Map<String, Run> runs = new LinkedHashMap<>();
    runs.put("topics", run(login, "topics", "--create"));
    runs.put("llms", run(login, "llms", "add", LLM, "--input-price", "1", "--output-price", "2"));
    runs.put("llms list", run(login, "llms", "list"));
    runs.put("tenants", run(login, "tenants", "set", TENANT, "--budget", "5", "--burst", "1"));
    runs.put("tenants list", run(login, "tenants", "list"));
    Run made = run(login, "keys", "create", "--grade-as", "user", "--read", "*", "--json");
    runs.put("keys", made);
    secret =
        made.out()
            .lines()
            .reduce((first, last) -> last)
            .orElse("")
            .replaceFirst(".*\"secret\":\"([^\"]*)\".*", "$1");
    runs.put("keys list", run(login, "keys", "list"));
    runs.put("models", run(login, "models", "list"));
    runs.put("check", run(login, "check", "--connect"));
    return runs;
  }

  private static SecuredRoles roles(List<String> wanted, Login login) {
    int port = FreePort.find();
    return new SecuredRoles(
        wanted,
        role -> {
          Map<String, String> texts = texts(login.of(role));
          texts.put("gateway.port", Integer.toString(port));
          texts.put("learner.state-dir", dir.resolve("state").toString());
          texts.put("console.port", "0");
          texts.put("console.state-dir", dir.resolve("console").toString());
          return texts;
        },
        port);
  }

  private static Map<String, String> texts(Map<String, String> login) {
    Map<String, String> texts = new HashMap<>(settings);
    login.forEach((key, value) -> texts.put("kafka." + key, value));
    texts.put("registry.url", registry.url());
    texts.put("topics.prefix", "secured");
    texts.put("topics.replication", "1");
    texts.put("topics.partitions", "1");
    texts.put("encoder.kind", "static");
    texts.put("router.policy", "thompson");
    texts.put("worker.llm", LLM);
    texts.put("worker.url", endpoint.url());
    texts.put("grader.url", endpoint.url());
    texts.put("grader.model", "judge");
    return texts;
  }

  /** Sends a query, its grade and what is of no use, as who may; returns the query's id. */
  private static String drive(Login login) throws Exception {
    String id = "round-" + rounds++;
    Query query =
        Query.newBuilder()
            .setId(id)
            .setText("Why is the sky blue?")
            .setTenant(TENANT)
            .setReplyTo(REPLIES)
            .build();
    send(login.of("producer"), TOPICS.queries(), id, avro(Query.class, TOPICS.queries(), query));
    Grade grade =
        Grade.newBuilder()
            .setQueryId(id)
            .setLlm(LLM)
            .setGrader("app")
            .setReward(0.5)
            .setGradedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
            .build();
    send(login.of("feedback"), TOPICS.feedback(), id, avro(Grade.class, TOPICS.feedback(), grade));
    byte[] poison = {1, 2, 3};
    for (String topic :
        List.of(TOPICS.queries(), TOPICS.requests(LLM), TOPICS.outcomes(), TOPICS.feedback())) {
      send(plain(), topic, "poison-" + id, poison);
    }
    // an LLM that comes by its profile alone, so that a router makes its topic
    LlmProfile profile =
        LlmProfile.newBuilder()
            .setId("new-" + id)
            .setTopic(TOPICS.requests("new-" + id))
            .setStatus(LlmStatus.DRAINING)
            .setUpdatedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
            .build();
    send(plain(), TOPICS.llms(), profile.getId(), avro(LlmProfile.class, TOPICS.llms(), profile));
    return id;
  }

  private static <T extends SpecificRecord> byte[] avro(Class<T> type, String topic, T value) {
    return AvroSerdes.of(type, Map.of("schema.registry.url", registry.url()))
        .serializer()
        .serialize(topic, value);
  }

  private static void send(Map<String, String> login, String topic, String key, byte[] value)
      throws Exception {
    Map<String, Object> config = new HashMap<>(login);
    config.put("max.block.ms", 20_000);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value)).get();
    }
  }

  private static void awaitDeadLetter(String topic, String id) {
    ConsumerRecord<byte[], byte[]> unused =
        read(
            TOPICS.dlq(),
            letter ->
                new String(letter.key(), StandardCharsets.UTF_8).equals("poison-" + id)
                    && new String(
                            letter.headers().lastHeader(DeadLetters.TOPIC).value(),
                            StandardCharsets.UTF_8)
                        .equals(topic));
  }

  private static <T extends SpecificRecord> T read(
      String topic, Class<T> type, Predicate<T> wanted) {
    var deserializer =
        AvroSerdes.of(type, Map.of("schema.registry.url", registry.url())).deserializer();
    ConsumerRecord<byte[], byte[]> found =
        read(
            topic,
            record -> {
              byte[] value = record.value();
              // poison is shorter than any record
              return value != null
                  && value.length > 5
                  && wanted.test(deserializer.deserialize(topic, value));
            });
    return deserializer.deserialize(topic, found.value());
  }

  private static ConsumerRecord<byte[], byte[]> read(
      String topic, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    Map<String, Object> config = new HashMap<>(broker.test());
    config.put("isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          if (wanted.test(record)) {
            return record;
          }
        }
      }
    }
    throw new AssertionError("what was waited for did not come on " + topic);
  }

  private static void await(Callable<Boolean> condition, Callable<?> state) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("in vain: " + state.call());
      }
      Thread.sleep(100);
    }
  }

  /** A role's ACLs, as read from what the command prints for Kafka's own tool. */
  private static List<AclBinding> printed(String role) throws IOException {
    Run run =
        run(
            Map.of("bootstrap.servers", "localhost:9092"),
            "acls",
            "--role",
            role,
            "--principal",
            "User:" + role);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return PrintedRights.read(run.out());
  }

  private static Run run(Map<String, String> login, String... args) throws IOException {
    StringBuilder properties = new StringBuilder();
    texts(login)
        .forEach(
            (key, value) ->
                properties
                    .append(key)
                    .append('=')
                    .append(value.replace("\\", "\\\\"))
                    .append('\n'));
    Path config = Files.writeString(dir.resolve("command.properties"), properties);
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
}
