package dev.turnout.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.SettingKind;
import dev.turnout.edge.EdgeCluster;
import dev.turnout.edge.RegistryGate;
import dev.turnout.kafka.LoopHealth;
import dev.turnout.kafka.LoopState;
import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmClient;
import dev.turnout.llm.LlmException;
import dev.turnout.llm.SimulatedLlmClient;
import dev.turnout.llm.SkillProfile;
import dev.turnout.llm.TokenPrices;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Priority;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.RecordLimits;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LlmWorkerIT {

  private static final String LLM = "acme/small";

  private static final SkillProfile PROFILE =
      new SkillProfile(
          LLM, Map.of("math", 0.9), 0.5, Duration.ofMillis(5), 0.3, 50, new TokenPrices(1, 2));

  private static EdgeCluster cluster;

  @BeforeAll
  static void start() {
    cluster =
        EdgeCluster.start(
            Map.of(
                // so that renewing is seen within seconds where a test wants it
                "group.share.min.record.lock.duration.ms",
                "2000",
                // so that a test can forbid what it wants to see refused
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found",
                "true"));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @ParameterizedTest
  @EnumSource(Delivery.class)
  void shouldAnswerEveryRequestOnceWrittenBeforeAndAfterItsStart(Delivery delivery)
      throws Exception {
    // given requests that wait already
    TopicCatalogue topics = cluster.freshTopics(LLM);
    for (int i = 0; i < 30; i++) {
      send(topics, "q" + i);
    }

    // when two workers share one partition
    WorkerSettings settings = settings(topics, "worker.delivery", SettingKind.nameOf(delivery));
    try (LlmWorker first = worker(settings, simulated());
        LlmWorker second = worker(settings, simulated())) {
      for (int i = 30; i < 60; i++) {
        send(topics, "q" + i);
      }
      List<Outcome> outcomes = outcomes(topics, 60);

      // then
      assertThat(first).isNotSameAs(second);
      assertThat(outcomes.stream().map(Outcome::getQueryId)).doesNotHaveDuplicates().hasSize(60);
      assertThat(outcomes)
          .allSatisfy(
              outcome -> {
                assertThat(outcome.getStatus()).isEqualTo(OutcomeStatus.SUCCEEDED);
                assertThat(outcome.getLlm()).isEqualTo(LLM);
                assertThat(outcome.getCostUsd()).isPositive();
                assertThat(outcome.getLatencyMs()).isNotNegative();
                assertThat(outcome.getMetadata()).containsEntry("domain", "math");
              });
    }
    if (delivery == Delivery.SHARE_GROUP) {
      assertThat(groupTypes(settings.groupId())).containsExactly(GroupType.SHARE);
    }
  }

  @Test
  void shouldLetMoreWorkersThanPartitionsWork() throws Exception {
    // given one partition and two workers that take one request at a time, and answer nothing until
    // both have one
    TopicCatalogue topics = cluster.freshTopics(LLM);
    WorkerSettings one = settings(topics, "worker.concurrency", "1");
    WorkerSettings other = settings(topics, "worker.concurrency", "1");
    CompletableFuture<Completion> atFirst = new CompletableFuture<>();
    CompletableFuture<Completion> atSecond = new CompletableFuture<>();
    CompletableFuture<Completion> atBoth = atFirst.thenCombine(atSecond, (a, b) -> a);

    try (LlmWorker first = worker(one, answering(atFirst, atBoth));
        LlmWorker second = worker(other, answering(atSecond, atBoth))) {
      // when
      for (int i = 0; i < 20; i++) {
        send(topics, "q" + i);
      }
      List<Outcome> outcomes = outcomes(topics, 20);

      // then both had their share
      assertThat(first).isNotSameAs(second);
      assertThat(outcomes.stream().map(Outcome::getWorker).collect(Collectors.toSet()))
          .containsExactlyInAnyOrder(one.workerId(), other.workerId());
    }
  }

  @Test
  void shouldKeepWhatTakesLongerThanItsLockOrWaitsForASlotForSoLong() throws Exception {
    // given a lock of 15 s, answers that take 17 s, and two workers that ask for one at a time; a
    // shorter lock would be lost when a busy machine keeps a worker from its renewal for seconds
    TopicCatalogue topics = cluster.freshTopics(LLM);
    WorkerSettings settings = settings(topics, "worker.concurrency", "1");
    try (Admin admin = Admin.create(cluster.kafka())) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.GROUP, settings.groupId()),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("share.record.lock.duration.ms", "15000"),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
    Map<String, Integer> calls = new ConcurrentHashMap<>();
    LlmClient client =
        request -> {
          calls.merge(request.getQuery().getId(), 1, Integer::sum);
          return later(Duration.ofSeconds(17));
        };
    for (int i = 0; i < 4; i++) {
      send(topics, "q" + i);
    }

    // when
    try (LlmWorker first = worker(settings, client);
        LlmWorker second = worker(settings, client)) {
      awaitAnswered(topics, 4);

      // then nobody else was given any meanwhile
      assertThat(first).isNotSameAs(second);
      assertThat(calls).hasSize(4).allSatisfy((id, count) -> assertThat(count).isEqualTo(1));
    }
  }

  @ParameterizedTest
  @EnumSource(Delivery.class)
  void shouldFillASlotAgainWhateverTheOthersDo(Delivery delivery) throws Exception {
    // given two slots, and an answer that does not come before all others are there
    TopicCatalogue topics = cluster.freshTopics(LLM);
    Map<String, Integer> calls = new ConcurrentHashMap<>();
    CompletableFuture<Completion> slow = new CompletableFuture<>();
    LlmClient client =
        request -> {
          String id = request.getQuery().getId();
          calls.merge(id, 1, Integer::sum);
          return id.equals("slow") ? slow : later(Duration.ofMillis(1));
        };
    send(topics, "slow");
    for (int i = 0; i < 30; i++) {
      send(topics, "q" + i);
    }
    WorkerSettings settings =
        settings(
            topics, "worker.delivery", SettingKind.nameOf(delivery), "worker.concurrency", "2");

    try (LlmWorker worker = worker(settings, client)) {
      awaitAnswered(topics, 30);

      // when another worker comes, which rebalances a consumer group
      try (LlmWorker other =
          worker(settings(topics, "worker.delivery", SettingKind.nameOf(delivery)), client)) {
        for (int i = 30; i < 40; i++) {
          send(topics, "q" + i);
        }
        awaitAnswered(topics, 40);
        slow.complete(new Completion("at last", null, null, null, null));
        awaitAnswered(topics, 41);

        // then nobody was asked twice
        assertThat(calls).hasSize(41).allSatisfy((id, count) -> assertThat(count).isEqualTo(1));
        assertThat(other).isNotSameAs(worker);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Delivery.class)
  void shouldAnswerInteractiveRequestsBeforeBatch(Delivery delivery) throws Exception {
    // given two slots that batch requests hold, and more of them
    TopicCatalogue topics = cluster.freshTopics(LLM);
    BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    Map<String, CompletableFuture<Completion>> calls = new ConcurrentHashMap<>();
    LlmClient client =
        request -> {
          String id = request.getQuery().getId();
          CompletableFuture<Completion> answer = new CompletableFuture<>();
          calls.put(id, answer);
          asked.add(id);
          return answer;
        };
    for (int i = 0; i < 6; i++) {
      RoutedRequest request =
          EdgeCluster.request(
              Query.newBuilder()
                  .setId("batch" + i)
                  .setText("?")
                  .setPriority(Priority.BATCH)
                  .build(),
              LLM);
      cluster.send(topics.requests(LLM, Priority.BATCH), "batch" + i, RoutedRequest.class, request);
    }
    WorkerSettings settings =
        settings(
            topics, "worker.delivery", SettingKind.nameOf(delivery), "worker.concurrency", "2");

    try (LlmWorker worker = worker(settings, client)) {
      List<String> running = new ArrayList<>(List.of(taken(asked), taken(asked)));
      assertThat(running).allMatch(id -> id.startsWith("batch"));

      // when interactive ones come, and slots become free
      send(topics, "first");
      send(topics, "second");
      await("both in hand", () -> worker.waiting(Priority.INTERACTIVE) == 2);
      running.forEach(id -> answer(calls, id));

      // then they are next, and batch fills what they leave
      assertThat(List.of(taken(asked), taken(asked))).containsExactlyInAnyOrder("first", "second");
      answer(calls, "first");
      String next = taken(asked);
      assertThat(next).startsWith("batch");
      answer(calls, "second");
      answer(calls, next);
      for (int i = 0; i < 3; i++) {
        answer(calls, taken(asked));
      }
      awaitAnswered(topics, 8);
    }
  }

  private static String taken(BlockingQueue<String> asked) throws InterruptedException {
    return Objects.requireNonNull(asked.poll(1, TimeUnit.MINUTES), "nothing was asked");
  }

  private static void answer(Map<String, CompletableFuture<Completion>> calls, String id) {
    Objects.requireNonNull(calls.get(id), id)
        .complete(new Completion("an answer", null, null, null, null));
  }

  @ParameterizedTest
  @EnumSource(Delivery.class)
  void shouldTryAFailedRequestAgain(Delivery delivery) throws Exception {
    // given an LLM that fails at first
    TopicCatalogue topics = cluster.freshTopics(LLM);
    Map<String, Integer> calls = new ConcurrentHashMap<>();
    LlmClient shaky =
        request ->
            calls.merge(request.getQuery().getId(), 1, Integer::sum) < 3
                ? failing(LlmException.Kind.TRANSIENT)
                : simulated().complete(request);

    try (LlmWorker worker =
        worker(
            settings(
                topics,
                "worker.delivery",
                SettingKind.nameOf(delivery),
                "worker.retry-delay",
                "10ms"),
            shaky)) {
      // when
      send(topics, "q");

      // then
      assertThat(outcomes(topics, 1).get(0).getStatus()).isEqualTo(OutcomeStatus.SUCCEEDED);
      assertThat(calls).containsEntry("q", 3);
      assertThat(worker).isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Delivery.class)
  void shouldBuryARequestThatKeepsFailing(Delivery delivery) throws Exception {
    // given
    TopicCatalogue topics = cluster.freshTopics(LLM);
    LlmClient broken = request -> failing(LlmException.Kind.TRANSIENT);

    try (LlmWorker worker =
        worker(
            settings(
                topics,
                "worker.delivery",
                SettingKind.nameOf(delivery),
                "worker.retry-delay",
                "10ms"),
            broken)) {
      // when
      send(topics, "q");

      // then
      Outcome outcome = outcomes(topics, 1).get(0);
      assertThat(outcome.getStatus()).isEqualTo(OutcomeStatus.FAILED);
      assertThat(outcome.getError()).isEqualTo("out of order");
      ConsumerRecord<byte[], byte[]> letter =
          cluster.readBytes(topics.dlq(), letters -> !letters.isEmpty()).get(0);
      assertThat(header(letter, DeadLetters.REASON)).isEqualTo("ATTEMPTS_EXHAUSTED");
      assertThat(header(letter, DeadLetters.TOPIC)).isEqualTo(topics.requests(LLM));
      assertThat(header(letter, DeadLetters.STAGE)).isEqualTo("worker");
      assertThat(worker).isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Delivery.class)
  void shouldWaitOutARegistryThatRefuses(Delivery delivery) throws Exception {
    // given requests that wait, few deliveries for each, and a registry that lets nobody in
    TopicCatalogue topics = cluster.freshTopics(LLM);
    for (int i = 0; i < 20; i++) {
      send(topics, "q" + i);
    }
    try (RegistryGate gate = RegistryGate.before(cluster.registryUrl())) {
      gate.refuse(401, "{\"error_code\":40101,\"message\":\"Unauthorized\"}");
      AtomicInteger calls = new AtomicInteger();
      LlmClient counted =
          request -> {
            calls.incrementAndGet();
            return later(Duration.ofMillis(1));
          };
      WorkerSettings settings =
          settings(
              topics,
              "worker.delivery",
              SettingKind.nameOf(delivery),
              "worker.max-deliveries",
              "3",
              "worker.retry-delay",
              "10ms",
              "registry.url",
              gate.url());

      try (LlmWorker worker = worker(settings, counted)) {
        // given also that nobody has added the LLM
        await("a word about it", () -> problems(worker).contains("nobody has added LLM " + LLM));
        assertThat(worker.health(Instant.now()).ready()).isFalse();
        cluster.add(topics, LLM);

        // when it refuses more often than eight requests may be delivered, then is another's page
        await("refusals", () -> gate.refused() >= 24);
        gate.refuse(404, "<html>default backend - 404</html>");
        int refused = gate.refused();
        await("pages", () -> gate.refused() >= refused + 24);
        Instant later = Instant.now().plus(LoopState.TOLERATED);
        await("a problem in words", () -> !worker.health(later).ready());
        LoopHealth health = worker.health(later);
        gate.letThrough();

        // then the worker said what to do, and every request is answered
        assertThat(health.live()).isTrue();
        assertThat(health.problems())
            .anySatisfy(
                problem ->
                    assertThat(problem)
                        .contains("requests wait since")
                        .containsAnyOf("schema.registry.url", "basic.auth"));
        List<Outcome> outcomes =
            cluster.read(topics.outcomes(), Outcome.class, read -> ids(read).size() >= 20);
        assertThat(ids(outcomes)).hasSize(20);
        assertThat(outcomes).allMatch(outcome -> outcome.getStatus() == OutcomeStatus.SUCCEEDED);
        assertThat(calls.get()).isGreaterThanOrEqualTo(20);
        assertThat(endOffset(topics.dlq())).isZero();
        await("a worker that is ready", () -> worker.health(later).ready());
      }
    }
  }

  @Test
  void shouldNotAskAgainForAnAnswerThatOnlyAnOutageKeepsFromItsTopic() throws Exception {
    // given a registry that lets no outcome's schema be registered
    TopicCatalogue topics = cluster.freshTopics(LLM);
    try (RegistryGate gate = RegistryGate.before(cluster.registryUrl())) {
      AtomicInteger calls = new AtomicInteger();
      LlmClient last =
          request -> {
            calls.incrementAndGet();
            gate.refuse(403, "{\"error_code\":40301,\"message\":\"Forbidden\"}");
            return later(Duration.ofMillis(1));
          };
      WorkerSettings settings =
          settings(topics, "worker.retry-delay", "10ms", "registry.url", gate.url());

      try (LlmWorker worker = worker(settings, last)) {
        // when
        send(topics, "q");
        await("refusals", () -> gate.refused() >= 3);
        gate.letThrough();

        // then
        assertThat(outcomes(topics, 1)).extracting(Outcome::getQueryId).containsExactly("q");
        assertThat(calls).hasValue(1);
        assertThat(worker).isNotNull();
      }
    }
  }

  @Test
  void shouldEndARequestWhoseWorkersDie() throws Exception {
    // given a request that was delivered as often as may be, to workers that did not live to answer
    TopicCatalogue topics = cluster.freshTopics(LLM);
    send(topics, "q");
    WorkerSettings settings = settings(topics, "worker.max-deliveries", "3");
    assertThat(ShareGroupRules.apply(settings)).isEqualTo(8);
    for (int i = 0; i < 3; i++) {
      takeAndDie(settings);
    }
    AtomicInteger calls = new AtomicInteger();
    LlmClient slow =
        request -> {
          calls.incrementAndGet();
          return new CompletableFuture<>();
        };

    // when
    try (LlmWorker worker = worker(settings, slow)) {
      // then it is not asked a fourth time, and ends in both
      Outcome outcome = outcomes(topics, 1).get(0);
      assertThat(outcome.getStatus()).isEqualTo(OutcomeStatus.FAILED);
      assertThat(outcome.getError()).contains("delivered 4 times", "worker.max-deliveries");
      ConsumerRecord<byte[], byte[]> letter =
          cluster.readBytes(topics.dlq(), letters -> !letters.isEmpty()).get(0);
      assertThat(header(letter, DeadLetters.REASON)).isEqualTo("ATTEMPTS_EXHAUSTED");
      assertThat(calls).hasValue(0);
      assertThat(worker).isNotNull();
    }
  }

  /** A member that is given the request and leaves without a word about it. */
  private static void takeAndDie(WorkerSettings settings) {
    Map<String, Object> config = new HashMap<>(cluster.kafka());
    config.put("group.id", settings.groupId());
    config.put("share.acknowledgement.mode", "explicit");
    try (KafkaShareConsumer<byte[], byte[]> member =
        new KafkaShareConsumer<>(
            config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      member.subscribe(List.of(settings.requestTopic(Priority.INTERACTIVE)));
      await("the request", () -> !member.poll(Duration.ofMillis(500)).isEmpty());
    }
  }

  @Test
  void shouldReportRefusalsLateDeadlinesAndPoisonAtOnce() throws Exception {
    // given
    TopicCatalogue topics = cluster.freshTopics(LLM);
    AtomicInteger calls = new AtomicInteger();
    LlmClient refusing =
        request -> {
          calls.incrementAndGet();
          return failing(LlmException.Kind.REJECTED);
        };

    try (LlmWorker worker = worker(settings(topics), refusing)) {
      // when
      cluster.sendBytes(topics.requests(LLM), "poison", new byte[] {1, 2, 3});
      send(topics, "refused");
      Query late =
          Query.newBuilder()
              .setId("late")
              .setText("?")
              .setDeadline(Instant.now().minusSeconds(1))
              .build();
      cluster.send(
          topics.requests(LLM), "late", RoutedRequest.class, EdgeCluster.request(late, LLM));

      // then
      Map<String, OutcomeStatus> statuses =
          outcomes(topics, 2).stream()
              .collect(Collectors.toMap(Outcome::getQueryId, Outcome::getStatus));
      assertThat(statuses)
          .containsEntry("refused", OutcomeStatus.REJECTED)
          .containsEntry("late", OutcomeStatus.TIMED_OUT);
      assertThat(calls).hasValue(1);
      ConsumerRecord<byte[], byte[]> letter =
          cluster.readBytes(topics.dlq(), letters -> !letters.isEmpty()).get(0);
      assertThat(header(letter, DeadLetters.REASON)).isEqualTo("UNDECODABLE");
      assertThat(letter.value()).containsExactly(1, 2, 3);
      assertThat(worker).isNotNull();
    }
  }

  @Test
  void shouldKeepEveryOutcomeWithinItsLimit() throws Exception {
    // given an LLM whose answers are as long as the query asks, and the largest of all queries
    TopicCatalogue topics = cluster.freshTopics(LLM);
    Set<String> asked = ConcurrentHashMap.newKeySet();
    LlmClient talkative =
        request -> {
          asked.add(request.getQuery().getId());
          int length = Integer.parseInt(request.getQuery().getId());
          return CompletableFuture.completedFuture(
              new Completion("x".repeat(length), 1L, 2L, 0.25, null));
        };
    int longest = FieldLimits.ANSWER;
    Map<String, String> metadata = Map.of("m", "y".repeat(FieldLimits.METADATA - 1));

    try (LlmWorker worker = worker(settings(topics), talkative)) {
      // when
      ask(topics, longest, "t".repeat(FieldLimits.TEXT), metadata);
      ask(topics, longest + 1, "t", Map.of());
      ask(topics, 1, "t", Map.of("m", "y".repeat(FieldLimits.METADATA)));

      // then the largest comes whole, an answer beyond the limit is none but was paid for
      Map<String, Outcome> outcomes =
          outcomes(topics, 2).stream()
              .collect(
                  Collectors.toMap(Outcome::getQueryId, outcome -> outcome, (one, again) -> one));
      Outcome whole = Objects.requireNonNull(outcomes.get(Integer.toString(longest)));
      assertThat(whole.getStatus()).isEqualTo(OutcomeStatus.SUCCEEDED);
      assertThat(whole.getAnswer()).hasSize(longest);
      assertThat(whole.getQueryText()).hasSize(FieldLimits.TEXT);
      Outcome beyond = Objects.requireNonNull(outcomes.get(Integer.toString(longest + 1)));
      assertThat(beyond.getStatus()).isEqualTo(OutcomeStatus.FAILED);
      assertThat(beyond.getError()).contains("2097153 bytes, the limit is 2097152");
      assertThat(beyond.getCostUsd()).isEqualTo(0.25);

      // and what no router would send is refused unasked
      ConsumerRecord<byte[], byte[]> letter =
          cluster.readBytes(topics.dlq(), letters -> !letters.isEmpty()).get(0);
      assertThat(header(letter, DeadLetters.REASON)).isEqualTo("TOO_LARGE");
      assertThat(header(letter, DeadLetters.DETAIL))
          .contains("query.metadata has " + (FieldLimits.METADATA + 1) + " bytes");
      assertThat(asked).doesNotContain("1");

      // when somebody lowers what the topic takes
      cluster.setLimit(topics.outcomes(), 1 << 20);
      ask(topics, longest, "t", Map.of());

      // then there is an outcome all the same, which says what to do
      String remedy = "set its max.message.bytes to " + RecordLimits.OUTCOME.maxMessageBytes();
      Outcome emptied =
          cluster
              .read(
                  topics.outcomes(),
                  Outcome.class,
                  read ->
                      read.stream()
                          .anyMatch(each -> String.valueOf(each.getError()).contains(remedy)))
              .stream()
              .filter(outcome -> String.valueOf(outcome.getError()).contains(remedy))
              .findFirst()
              .orElseThrow();
      assertThat(emptied.getStatus()).isEqualTo(OutcomeStatus.FAILED);
      assertThat(emptied.getError()).contains(topics.outcomes());
      assertThat(emptied.getCostUsd()).isEqualTo(0.25);
      assertThat(worker).isNotNull();
    }
  }

  private static void ask(
      TopicCatalogue topics, int answer, String text, Map<String, String> metadata)
      throws Exception {
    Query query =
        Query.newBuilder()
            .setId(Integer.toString(answer))
            .setText(text)
            .setMetadata(metadata)
            .build();
    cluster.send(
        topics.requests(LLM), query.getId(), RoutedRequest.class, EdgeCluster.request(query, LLM));
  }

  @Test
  void shouldReplyWhereAskedIfThatIsAllowedButNotForAShadow() throws Exception {
    // given
    TopicCatalogue topics = cluster.freshTopics(LLM);
    String replies = topics.prefix() + "replies.app";
    try (Admin admin = Admin.create(cluster.kafka())) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(replies, 1, (short) 1), new NewTopic("someone-elses", 1, (short) 1)))
          .all()
          .get();
    }

    try (LlmWorker worker = worker(settings(topics), simulated())) {
      // when
      for (String replyTo :
          List.of(replies, topics.feedback(), topics.prefix() + "replies.none", "someone-elses")) {
        Query query =
            Query.newBuilder().setId("to-" + replyTo).setText("?").setReplyTo(replyTo).build();
        RoutedRequest request = EdgeCluster.request(query, LLM);
        cluster.send(topics.requests(LLM), query.getId(), RoutedRequest.class, request);
        RoutedRequest shadow =
            RoutedRequest.newBuilder(request)
                .setShadow(true)
                .setQuery(Query.newBuilder(query).setId("shadow").build())
                .build();
        cluster.send(topics.requests(LLM), "shadow", RoutedRequest.class, shadow);
      }

      // then
      assertThat(outcomes(topics, 8)).hasSize(8);
      assertThat(cluster.read(replies, Outcome.class, read -> !read.isEmpty()))
          .extracting(Outcome::getQueryId)
          .containsExactly("to-" + replies);
      assertThat(endOffset(topics.feedback())).isZero();
      assertThat(endOffset("someone-elses")).isZero();
      assertThat(worker).isNotNull();
    }
  }

  @Test
  void shouldGoOnWhereTheOtherDeliveryLeftOff() throws Exception {
    // given workers by one delivery after the other, and back again
    TopicCatalogue topics = cluster.freshTopics(LLM);
    Map<String, Integer> calls = new ConcurrentHashMap<>();
    LlmClient counting =
        request -> {
          calls.merge(request.getQuery().getId(), 1, Integer::sum);
          return simulated().complete(request);
        };
    int sent = 0;
    for (Delivery delivery :
        List.of(
            Delivery.SHARE_GROUP,
            Delivery.CONSUMER_GROUP,
            Delivery.SHARE_GROUP,
            Delivery.CONSUMER_GROUP)) {
      // when each finds requests that wait, and gets some more
      for (int i = 0; i < 5; i++) {
        send(topics, "q" + sent++);
      }
      WorkerSettings settings =
          settings(
              topics, "worker.delivery", SettingKind.nameOf(delivery), "worker.concurrency", "2");
      try (LlmWorker worker = worker(settings, counting)) {
        awaitAnswered(topics, sent);
        for (int i = 0; i < 5; i++) {
          send(topics, "q" + sent++);
        }
        awaitAnswered(topics, sent);
        assertThat(worker).isNotNull();
      }
      awaitEmpty(settings.groupId());
    }

    // then nothing was asked again but what a share group, twice, had in hand at its end: the
    // broker writes down late which of these were finished
    assertThat(calls).hasSize(40);
    assertThat(calls.values().stream().mapToInt(Integer::intValue).sum()).isBetween(40, 44);
  }

  @Test
  void shouldWaitWhileWorkersByTheOtherDeliveryRun() throws Exception {
    // given
    TopicCatalogue topics = cluster.freshTopics(LLM);
    Map<String, Integer> calls = new ConcurrentHashMap<>();
    LlmClient counting =
        request -> {
          calls.merge(request.getQuery().getId(), 1, Integer::sum);
          return simulated().complete(request);
        };
    WorkerSettings first = settings(topics, "worker.delivery", "share-group");
    WorkerSettings second = settings(topics, "worker.delivery", "consumer-group");
    send(topics, "before");

    try (LlmWorker running = worker(first, counting)) {
      awaitAnswered(topics, 1);
      try (LlmWorker waiting = worker(second, counting)) {
        // when
        await(() -> problems(waiting).contains("stop them"));

        // then it says for whom it waits, and answers once they are gone
        assertThat(waiting.health(Instant.now().plusSeconds(60)).ready()).isFalse();
        assertThat(problems(waiting)).contains(first.groupId(), "worker.delivery=share-group");
        running.close();
        send(topics, "after");
        awaitAnswered(topics, 2);
        assertThat(calls).containsEntry("after", 1);
      }
    }
  }

  @Test
  void shouldAnswerNothingBeforeItsGroupHasItsRules() throws Exception {
    // given a broker that does not let the group be configured
    TopicCatalogue topics = cluster.freshTopics(LLM);
    WorkerSettings settings = settings(topics);
    ResourcePattern group =
        new ResourcePattern(ResourceType.GROUP, settings.groupId(), PatternType.LITERAL);
    AclBinding deny =
        new AclBinding(
            group,
            new AccessControlEntry(
                "User:ANONYMOUS", "*", AclOperation.ALTER_CONFIGS, AclPermissionType.DENY));
    AclBinding allow =
        new AclBinding(
            group,
            new AccessControlEntry(
                "User:ANONYMOUS", "*", AclOperation.ALL, AclPermissionType.ALLOW));
    send(topics, "q");
    try (Admin admin = Admin.create(cluster.kafka())) {
      admin.createAcls(List.of(allow, deny)).all().get();
      AtomicInteger calls = new AtomicInteger();
      LlmClient counting =
          request -> {
            calls.incrementAndGet();
            return simulated().complete(request);
          };
      try (LlmWorker worker = worker(settings, counting)) {
        // when
        await(() -> problems(worker).contains("ALTER_CONFIGS"));

        // then it says so and is not ready, and answers once it is allowed
        assertThat(worker.health(Instant.now().plusSeconds(60)).ready()).isFalse();
        assertThat(problems(worker)).contains(settings.groupId(), "read_committed");
        assertThat(calls).hasValue(0);
        admin.deleteAcls(List.of(deny.toFilter())).all().get();
        awaitAnswered(topics, 1);
      }
    }
  }

  /** What a probe would be told in a minute, if nothing changed. */
  private static String problems(LlmWorker worker) {
    return worker.health(Instant.now().plusSeconds(60)).problems().toString();
  }

  private static void awaitAnswered(TopicCatalogue topics, int queries) {
    List<Outcome> outcomes =
        cluster.read(
            topics.outcomes(),
            Outcome.class,
            read -> read.stream().map(Outcome::getQueryId).distinct().count() >= queries);
    assertThat(outcomes.stream().map(Outcome::getQueryId).distinct()).hasSize(queries);
  }

  private static void awaitEmpty(String groupId) throws Exception {
    try (Admin admin = Admin.create(cluster.kafka())) {
      await(
          () ->
              admin.listGroups().all().get().stream()
                  .filter(group -> group.groupId().equals(groupId))
                  .allMatch(group -> group.groupState().equals(Optional.of(GroupState.EMPTY))));
    }
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    Instant deadline = Instant.now().plus(Duration.ofMinutes(1));
    while (!condition.call()) {
      assertThat(Instant.now()).isBefore(deadline);
      Thread.sleep(50);
    }
  }

  @Test
  void shouldNotSeeRequestsOfAnAbortedTransaction() throws Exception {
    // given
    TopicCatalogue topics = cluster.freshTopics(LLM);
    Map<String, Object> config = new HashMap<>(cluster.kafka());
    config.put("transactional.id", topics.prefix() + "router");
    try (KafkaProducer<byte[], byte[]> router =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      router.initTransactions();
      for (boolean commit : new boolean[] {false, true}) {
        router.beginTransaction();
        RoutedRequest request =
            EdgeCluster.request(commit ? "committed" : "aborted", LLM, Map.of());
        String topic = topics.requests(LLM);
        byte[] value =
            AvroSerdes.of(RoutedRequest.class, cluster.serde())
                .serializer()
                .serialize(topic, request);
        Future<RecordMetadata> unusedSend = router.send(new ProducerRecord<>(topic, value));
        router.flush();
        if (commit) {
          router.commitTransaction();
        } else {
          router.abortTransaction();
        }
      }
    }

    // when
    try (LlmWorker worker = worker(settings(topics), simulated())) {
      send(topics, "last");

      // then
      assertThat(outcomes(topics, 2))
          .extracting(Outcome::getQueryId)
          .containsExactlyInAnyOrder("committed", "last");
      assertThat(worker).isNotNull();
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    Instant deadline = Instant.now().plus(Duration.ofMinutes(2));
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("waited too long for %s", what).isBefore(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static Set<GroupType> groupTypes(String groupId) throws Exception {
    try (Admin admin = Admin.create(cluster.kafka())) {
      Set<GroupType> types = new HashSet<>();
      for (GroupListing group : admin.listGroups().all().get()) {
        if (group.groupId().equals(groupId)) {
          group.type().ifPresent(types::add);
        }
      }
      return types;
    }
  }

  private static long endOffset(String topic) throws Exception {
    try (Admin admin = Admin.create(cluster.kafka())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      return admin
          .listOffsets(Map.of(partition, OffsetSpec.latest()))
          .partitionResult(partition)
          .get()
          .offset();
    }
  }

  private static WorkerSettings settings(TopicCatalogue topics, String... keysAndTexts) {
    // most of this is about share groups; what holds for both says so
    List<String> texts = new ArrayList<>(List.of("worker.llm", LLM));
    texts.addAll(List.of("worker.delivery", "share-group"));
    texts.addAll(List.of(keysAndTexts));
    return WorkerSettings.from(cluster.values(topics, texts.toArray(String[]::new)));
  }

  private static LlmWorker worker(WorkerSettings settings, LlmClient client) {
    return LlmWorker.start(settings, client, new SimpleMeterRegistry());
  }

  private static LlmClient simulated() {
    return new SimulatedLlmClient(PROFILE, 7, 1);
  }

  private static CompletableFuture<Completion> later(Duration delay) {
    return new CompletableFuture<Completion>()
        .completeOnTimeout(
            new Completion("late answer", null, null, null, null),
            delay.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** A client that says that it was asked, and answers when others say so too. */
  private static LlmClient answering(
      CompletableFuture<Completion> asked, CompletableFuture<Completion> answer) {
    return request -> {
      asked.complete(new Completion("at last", null, null, null, null));
      return answer;
    };
  }

  private static CompletableFuture<Completion> failing(LlmException.Kind kind) {
    return CompletableFuture.failedFuture(new LlmException(kind, "out of order", null));
  }

  private static void send(TopicCatalogue topics, String id) throws Exception {
    cluster.send(
        topics.requests(LLM),
        id,
        RoutedRequest.class,
        EdgeCluster.request(id, LLM, Map.of("domain", "math")));
  }

  private static Set<String> ids(List<Outcome> outcomes) {
    return outcomes.stream().map(Outcome::getQueryId).collect(Collectors.toSet());
  }

  private static List<Outcome> outcomes(TopicCatalogue topics, int count) {
    return cluster.read(topics.outcomes(), Outcome.class, read -> read.size() >= count);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String key) {
    return new String(record.headers().lastHeader(key).value(), StandardCharsets.UTF_8);
  }
}
