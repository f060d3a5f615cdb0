package dev.turnout.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.turnout.config.SettingKind;
import dev.turnout.control.belief.CandidateRefiner;
import dev.turnout.control.tenant.TenantPublisher;
import dev.turnout.encoder.EncoderId;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.RecordSender;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.Reply;
import dev.turnout.schema.ReplyAddress;
import dev.turnout.schema.ReplyKind;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.Tenant;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.DeadLetters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Queries that fail on their way through a router on a real broker, among others that do not: one
 * for each of its sinks, whose topic takes less than it should, and one for what throws.
 */
class FailedQueriesIT {
  private static final int NEIGHBOURS = 6;
  private static final String STACK_OVERFLOW = "overflowing";

  @TempDir private Path directory;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Random random = new Random(11);
  private final Set<String> routed = new TreeSet<>();
  private int letters;
  private int poison;

  /** Overflows the stack on a text with the word, in a batch or alone. */
  private static QueryEncoder overflowing() {
    TinyEncoder tiny = new TinyEncoder();
    return new QueryEncoder() {
      @Override
      public EncoderId id() {
        return tiny.id();
      }

      @Override
      public float[][] encode(List<String> texts) {
        if (texts.stream().anyMatch(text -> text.contains(STACK_OVERFLOW))) {
          throw new StackOverflowError("told to");
        }
        return tiny.encode(texts);
      }

      @Override
      public void close() {}
    };
  }

  private static CandidateRefiner failing() {
    return (query, model, scores, candidates) -> {
      if (query.getId().equals("error")) {
        throw new NoClassDefFoundError("told to");
      }
      return candidates;
    };
  }

  private String noise(int length) {
    StringBuilder text = new StringBuilder();
    random.ints(length, 33, 127).forEach(each -> text.append((char) each));
    return text.toString();
  }

  private static Query query(String id, String text) {
    return Query.newBuilder().setId(id).setTenant("acme").setText(text).build();
  }

  private void neighbours(RealKafka kafka, String when) {
    for (int i = 0; i < NEIGHBOURS; i++) {
      String id = when + "-" + i;
      routed.add(id);
      kafka.send(id, kafka.bytes(query(id, "a question of " + id)));
    }
  }

  private Set<String> decided(RealKafka kafka) {
    Set<String> decided = new TreeSet<>(RealKafka.perQuery(kafka.decisions()).keySet());
    decided.retainAll(routed);
    return decided;
  }

  private static List<ConsumerRecord<byte[], byte[]>> letters(RealKafka kafka) {
    Map<String, ConsumerRecord<byte[], byte[]>> byOffset = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> letter : kafka.committed(List.of(kafka.topics.dlq()))) {
      byOffset.putIfAbsent(
          header(letter, DeadLetters.TOPIC) + header(letter, DeadLetters.OFFSET), letter);
    }
    List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>(byOffset.values());
    letters.sort((a, b) -> Long.compare(a.offset(), b.offset()));
    return letters;
  }

  private static String header(ConsumerRecord<byte[], byte[]> letter, String key) {
    var header = letter.headers().lastHeader(key);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** Sends a query that fails, between two lots of others, and waits for its dead letter. */
  private ConsumerRecord<byte[], byte[]> fails(RealKafka kafka, String what, byte[] value)
      throws InterruptedException {
    neighbours(kafka, what + "-before");
    kafka.send(what, value);
    neighbours(kafka, what + "-after");
    letters++;
    poison++;
    RealKafka.await(
        what + ": the neighbours and a dead letter",
        RealKafka.PATIENCE,
        () -> decided(kafka).equals(routed) && letters(kafka).size() == letters);
    return letters(kafka).get(letters - 1);
  }

  private ConsumerRecord<byte[], byte[]> failsInLedger(RealKafka kafka) throws Exception {
    Outcome outcome =
        Outcome.newBuilder()
            .setQueryId(noise(1_000))
            .setTenant("acme")
            .setLlm(TinyModels.LLMS.get(0))
            .setStatus(OutcomeStatus.SUCCEEDED)
            .setFinishedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
            .build();
    String topic = kafka.topics.outcomes();
    try (RecordSender sender = RecordSender.open(kafka.clientConfig())) {
      sender
          .send(
              topic,
              "outcome",
              (ignored, data) -> data,
              AvroSerdes.of(Outcome.class, kafka.serdes).serializer().serialize(topic, outcome))
          .get();
    }
    letters++;
    poison++;
    RealKafka.await(
        "a dead letter of the ledger", RealKafka.PATIENCE, () -> letters(kafka).size() == letters);
    return letters(kafka).get(letters - 1);
  }

  private double replaced(String cause) {
    return meters.find("turnout.thread.replaced").tag("cause", cause).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  private static void setBudget(RealKafka kafka) throws InterruptedException {
    try (TenantPublisher tenants =
        TenantPublisher.open(kafka.topics.tenants(), kafka.clientConfig())) {
      tenants.publish(
          Tenant.newBuilder()
              .setTenant("acme")
              .setBudgetUsdPerHour(1e6)
              .setUpdatedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
              .build());
    }
  }

  @ParameterizedTest
  @EnumSource(ProcessingGuarantee.class)
  void shouldDeadLetterTheQueryThatFailsAndRouteTheOthers(ProcessingGuarantee guarantee)
      throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("failed", 1);
        LoweredTopics limits = LoweredTopics.of(kafka);
        QueryEncoder encoder = overflowing()) {
      // given
      kafka.publishLlms();
      kafka.publishModel("m1");
      setBudget(kafka);
      try (Router router =
          Router.start(
              kafka.settings(
                  "router.guarantee",
                  SettingKind.nameOf(guarantee),
                  "kafka.state.dir",
                  directory.toString()),
              encoder,
              meters,
              failing())) {
        neighbours(kafka, "first");
        RealKafka.await("first decisions", RealKafka.PATIENCE, () -> decided(kafka).equals(routed));

        List<String> decisions = List.of(kafka.topics.decisions());
        List<String> events = List.of(kafka.topics.budgetEvents());
        int decision = limits.largest(decisions);
        int event = limits.largest(events);

        // when a request is larger than its topic takes
        limits.lower(kafka.requestTopics(), 3_000);
        ConsumerRecord<byte[], byte[]> letter =
            fails(kafka, "request", kafka.bytes(query("request", noise(6_000))));
        limits.restore(kafka.requestTopics());

        // then it becomes a reference
        assertThat(header(letter, DeadLetters.REASON)).isEqualTo("TOO_LARGE");
        assertThat(header(letter, DeadLetters.DETAIL)).contains(".requests.", "max.message.bytes");
        assertThat(header(letter, DeadLetters.OMITTED)).contains("value");
        assertThat(letter.value()).isNull();

        // when a decision is
        limits.lower(decisions, decision + 400);
        letter = fails(kafka, "decision", kafka.bytes(query(noise(1_000), "text")));
        limits.restore(decisions);

        // then
        assertThat(header(letter, DeadLetters.DETAIL)).contains(kafka.topics.decisions());

        // when a movement of a budget is
        limits.lower(events, event + 400);
        letter = fails(kafka, "event", kafka.bytes(query(noise(1_000), "text")));

        // then
        assertThat(header(letter, DeadLetters.DETAIL)).contains(kafka.topics.budgetEvents());

        // when one is that the ledger makes of an outcome
        letter = failsInLedger(kafka);
        limits.restore(events);

        // then it is the outcome that is set aside
        assertThat(header(letter, DeadLetters.REASON)).isEqualTo("TOO_LARGE");
        assertThat(header(letter, DeadLetters.STAGE)).isEqualTo("ledger");
        assertThat(header(letter, DeadLetters.TOPIC)).isEqualTo(kafka.topics.outcomes());

        // when something throws what nobody expects
        byte[] error =
            kafka.bytes(
                Query.newBuilder(query("error", "text"))
                    .setReply(new ReplyAddress(3, "ask-of-error"))
                    .build());
        letter = fails(kafka, "error", error);

        // then it is there as it was
        assertThat(header(letter, DeadLetters.REASON)).isEqualTo("INTERNAL_ERROR");
        assertThat(header(letter, DeadLetters.DETAIL)).contains("NoClassDefFoundError");
        assertThat(letter.value()).isEqualTo(error);

        // and whoever waits for it is told
        assertThat(kafka.committed(kafka.topics.replies(), Reply.class))
            .extracting(Reply::getAsk, Reply::getKind, Reply::getReason)
            .containsExactly(tuple("ask-of-error", ReplyKind.REFUSAL, "INTERNAL_ERROR"));

        // when not even that is possible
        poison++; // the decision that was asked for, and then the refusal
        limits.lower(List.of(kafka.topics.replies()), 100);
        letter =
            fails(
                kafka,
                "reply",
                kafka.bytes(
                    Query.newBuilder(query("reply", "text"))
                        .setDecideOnly(true)
                        .setReply(new ReplyAddress(3, "ask-of-reply"))
                        .build()));
        limits.restore(List.of(kafka.topics.replies()));

        // then the query is set aside all the same
        assertThat(header(letter, DeadLetters.DETAIL)).contains(kafka.topics.replies());

        // when the encoder does, then the query's neighbours are routed as ever, it by fallback
        neighbours(kafka, "encoder-before");
        routed.add("encoder");
        kafka.send("encoder", kafka.bytes(query("encoder", STACK_OVERFLOW)));
        neighbours(kafka, "encoder-after");
        RealKafka.await(
            "decisions without a vector", RealKafka.PATIENCE, () -> decided(kafka).equals(routed));
        assertThat(kafka.committed(kafka.topics.decisions(), RoutingDecision.class))
            .filteredOn(each -> each.getFallback() != Fallback.NONE)
            .extracting(RoutingDecision::getQueryId)
            .containsOnly("encoder");

        // when a dead letter itself is larger than its topic takes
        List<String> dlq = List.of(kafka.topics.dlq());
        limits.lower(dlq, 2_500);
        letter = fails(kafka, "letter", noise(6_000).getBytes(StandardCharsets.UTF_8));

        // then it becomes a reference with the reason that it had
        assertThat(header(letter, DeadLetters.REASON)).isEqualTo("UNDECODABLE");
        assertThat(header(letter, DeadLetters.SIZE)).isEqualTo("6000");
        assertThat(letter.value()).isNull();

        // and each of them cost one thread at most, none of them readiness
        assertThat(replaced("record")).isBetween(1.0, (double) poison);
        assertThat(replaced("outage") + replaced("unknown")).isZero();
        assertThat(router.status(Instant.now().plus(LoopState.TOLERATED).plusSeconds(5)).problems())
            .noneMatch(problem -> problem.contains("turnout-router has been failing"));

        // when not even a reference fits
        limits.lower(dlq, 100);
        neighbours(kafka, "full-before");
        kafka.send("full", noise(6_000).getBytes(StandardCharsets.UTF_8));
        neighbours(kafka, "full-after");

        // then the router waits and says for what
        RealKafka.await(
            "the router to say so",
            RealKafka.PATIENCE,
            () ->
                router
                    .status(Instant.now().plus(LoopState.TOLERATED).plusSeconds(1))
                    .problems()
                    .stream()
                    .anyMatch(
                        problem ->
                            problem.contains("turnout-router has been failing")
                                && problem.contains(kafka.topics.dlq())));
        assertThat(router.status().live()).isTrue();
        assertThat(letters(kafka)).hasSize(letters);

        // when it fits again
        limits.restore(dlq);

        // then it goes on
        letters++;
        RealKafka.await(
            "the rest",
            RealKafka.PATIENCE,
            () -> decided(kafka).equals(routed) && letters(kafka).size() == letters);
        RealKafka.await(
            "the router to be ready", RealKafka.PATIENCE, () -> router.status().ready());
      }
      if (guarantee == ProcessingGuarantee.EXACTLY_ONCE) {
        assertThat(kafka.committed(List.of(kafka.topics.dlq()))).hasSize(letters);
        kafka.requireEachOnce(routed.size());
      }
    }
  }
}
