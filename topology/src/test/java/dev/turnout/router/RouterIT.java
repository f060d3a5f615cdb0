package dev.turnout.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.SettingKind;
import dev.turnout.config.SettingValues;
import dev.turnout.control.model.ModelPublisher;
import dev.turnout.gateway.GatewaySettings;
import dev.turnout.gateway.traffic.AskListener;
import dev.turnout.gateway.traffic.KafkaTraffic;
import dev.turnout.schema.ModelEvent;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.ReplyAddress;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RouterModelRecord;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.DeadLetters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterIT {
  private static final Duration PATIENCE = RealKafka.PATIENCE;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final TinyEncoder encoder = new TinyEncoder();

  private static int decisions(RealKafka kafka) {
    return kafka.committed(List.of(kafka.topics.decisions())).size();
  }

  @ParameterizedTest
  @CsvSource({
    "EXACTLY_ONCE, CLASSIC",
    "AT_LEAST_ONCE, CLASSIC",
    "EXACTLY_ONCE, STREAMS",
    "AT_LEAST_ONCE, STREAMS"
  })
  void shouldRouteEndToEnd(ProcessingGuarantee guarantee, GroupProtocol protocol) throws Exception {
    String prefix = "it-" + guarantee.name().charAt(0) + protocol.name().charAt(0);
    try (RealKafka kafka = RealKafka.withTopics(prefix)) {
      // given
      kafka.publishLlms();
      kafka.publishModel("m1");
      kafka.sendQueries(0, 500);

      // when
      try (Router router =
          Router.start(
              kafka.settings(
                  "router.guarantee",
                  SettingKind.nameOf(guarantee),
                  "router.group-protocol",
                  SettingKind.nameOf(protocol)),
              encoder,
              meters)) {
        RealKafka.await(
            "500 decisions",
            PATIENCE,
            () -> RealKafka.perQuery(kafka.decisions()).size() == 500,
            () -> "but " + kafka.decisions().size() + " decisions by " + router.status());

        // then
        assertThat(router.status().ready()).as("%s", router.status()).isTrue();
        assertThat(router.status().modelVersion()).isEqualTo("m1");
      }
      List<RoutingDecision> decided =
          kafka.committed(kafka.topics.decisions(), RoutingDecision.class);
      List<RoutingDecision> requested = new ArrayList<>();
      for (String llm : TinyModels.LLMS) {
        for (RoutedRequest request :
            kafka.committed(kafka.topics.requests(llm), RoutedRequest.class)) {
          assertThat(request.getDecision().getLlm()).isEqualTo(llm);
          assertThat(request.getDecision().getQueryId()).isEqualTo(request.getQuery().getId());
          requested.add(request.getDecision());
        }
      }
      assertThat(decided).containsAll(requested);
      assertThat(RealKafka.perQuery(kafka.committed(kafka.requestTopics()))).hasSize(500);
      if (guarantee == ProcessingGuarantee.EXACTLY_ONCE) {
        kafka.requireEachOnce(500);
      }
      assertThat(meters.get("turnout.batch.size").summary().mean()).isGreaterThan(10);
      assertThat(meters.find("turnout.encoded.singly").counters().iterator().next().count())
          .isZero();
      assertThat(meters.get("turnout.stage").tag("stage", "total").timer().count())
          .isGreaterThanOrEqualTo(500);
    }
  }

  @Test
  void shouldDeadLetterEveryBadInputAndGoOn() throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("it-bad")) {
      // given
      kafka.publishLlms();
      kafka.publishModel("m1");
      byte[] unknownSchema = kafka.bytes(Query.newBuilder().setId("u").setText("text").build());
      unknownSchema[1] = 0x7e;
      Map<String, byte[]> bad = new TreeMap<>();
      bad.put("UNDECODABLE", "no avro".getBytes(StandardCharsets.UTF_8));
      bad.put("UNKNOWN_SCHEMA", unknownSchema);
      bad.put("EMPTY_TEXT", kafka.bytes(Query.newBuilder().setId("e").setText("").build()));
      bad.put("MISSING_ID", kafka.bytes(Query.newBuilder().setId("").setText("text").build()));
      bad.put(
          "TOO_LARGE",
          kafka.bytes(Query.newBuilder().setId("t").setText("x".repeat(3 << 20)).build()));
      bad.put(
          "NOT_TEXT",
          kafka.bytes(Query.newBuilder().setId("n").setText("\u0000\u0001\u0002").build()));
      bad.put(
          "DEADLINE_PASSED",
          kafka.bytes(
              Query.newBuilder().setId("d").setText("late").setDeadline(Instant.EPOCH).build()));

      // when
      kafka.sendQueries(0, 20);
      bad.values().forEach(value -> kafka.send("bad", value));
      kafka.send("bad", null);
      kafka.sendQueries(20, 40);
      try (Router router = Router.start(kafka.settings(), encoder, meters)) {
        RealKafka.await("40 decisions", PATIENCE, () -> decisions(kafka) == 40);
        RealKafka.await(
            "dead letters",
            PATIENCE,
            () -> kafka.committed(List.of(kafka.topics.dlq())).size() == bad.size() + 1);
        assertThat(router.status().live()).isTrue();
      }

      // then
      List<ConsumerRecord<byte[], byte[]>> letters = kafka.committed(List.of(kafka.topics.dlq()));
      Map<String, byte[]> byReason = new TreeMap<>();
      for (ConsumerRecord<byte[], byte[]> letter : letters) {
        String reason =
            new String(
                letter.headers().lastHeader(DeadLetters.REASON).value(), StandardCharsets.UTF_8);
        if (letter.value() == null) {
          assertThat(reason).isEqualTo("NULL_VALUE");
        } else {
          byReason.put(reason, letter.value());
        }
      }
      assertThat(byReason.keySet()).isEqualTo(bad.keySet());
      bad.forEach((reason, value) -> assertThat(byReason.get(reason)).isEqualTo(value));
    }
  }

  @Test
  void shouldCommitFewQueriesBeforeTheIntervalEnds() throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("it-few", 1)) {
      // given transactions that would stay open for ten minutes
      kafka.publishLlms();
      kafka.publishModel("m1");
      kafka.sendQueries(0, 3);

      // when
      try (Router unusedRouter =
          Router.start(
              kafka.settings(
                  "kafka.commit.interval.ms", "600000", "router.transaction-timeout", "11m"),
              encoder,
              meters)) {
        RealKafka.await("3 decisions", PATIENCE, () -> decisions(kafka) == 3);

        // then
        assertThat(RealKafka.perQuery(kafka.committed(kafka.requestTopics()))).hasSize(3);
      }
    }
  }

  @Test
  void shouldTellTheGatewayThatWaits() throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("it-replies", 1)) {
      // given a router by transactions, and two gateways
      kafka.publishLlms();
      kafka.publishModel("m1");
      try (Router router = Router.start(kafka.settings(), encoder, meters);
          KafkaTraffic one = traffic(kafka);
          KafkaTraffic other = traffic(kafka)) {
        // when one id is asked for its decision at both, and what cannot be routed
        AskEnd first = new AskEnd();
        AskEnd second = new AskEnd();
        AskEnd refused = new AskEnd();
        Query decideOnly = query("same", "one").setDecideOnly(true).build();
        one.ask(decideOnly, null, first);
        // what comes of an address that does not exist stops nothing
        kafka.send(
            "astray",
            kafka.bytes(
                Query.newBuilder(decideOnly).setReply(new ReplyAddress(99, "nobody")).build()));
        other.ask(decideOnly, null, second);
        other.ask(query("empty", " ").build(), null, refused);

        // then
        assertThat(first.get()).startsWith("decided same");
        assertThat(second.get()).startsWith("decided same");
        assertThat(refused.get()).startsWith("refused EMPTY_TEXT");
        assertThat(router.status().live()).isTrue();
        assertThat(kafka.decisions()).isEmpty();
        assertThat(kafka.committed(kafka.requestTopics())).isEmpty();
        // and who looks it up by its id is told the same, when the transaction has ended
        RealKafka.await(
            "the refusal",
            PATIENCE,
            () ->
                one.refusal("empty")
                    .join()
                    .filter(found -> found.reason().equals("EMPTY_TEXT"))
                    .isPresent());
      }
    }
  }

  private static Query.Builder query(String id, String text) {
    return Query.newBuilder()
        .setId(id)
        .setText(text)
        .setDeadline(Instant.now().plus(PATIENCE).plusSeconds(60));
  }

  private static KafkaTraffic traffic(RealKafka kafka) {
    return KafkaTraffic.start(
        GatewaySettings.from(SettingValues.of(kafka.texts())),
        Clock.systemUTC(),
        new SimpleMeterRegistry());
  }

  /** How an ask ended, in words. */
  private static final class AskEnd implements AskListener {
    private final CompletableFuture<String> end = new CompletableFuture<>();

    @Override
    public void decided(RoutingDecision decision) {
      end.complete("decided " + decision.getQueryId() + " " + decision.getLlm());
    }

    @Override
    public void answered(Outcome outcome, @Nullable RoutingDecision decision) {
      end.complete("answered " + outcome.getStatus());
    }

    @Override
    public void refused(String reason, String detail) {
      end.complete("refused " + reason + " " + detail);
    }

    @Override
    public void failed(Throwable failure) {
      end.complete("failed " + failure);
    }

    String get() throws Exception {
      return end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Test
  void shouldServeTheLastGoodModelWhenACorruptOneIsPublished() throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("it-corrupt")) {
      // given
      kafka.publishLlms();
      kafka.publishModel("m1");
      try (Router router = Router.start(kafka.settings(), encoder, meters)) {

        // when
        publishCorrupt(kafka, "m2");
        RealKafka.await(
            "the rejection", PATIENCE, () -> meters.counter("turnout.model.rejected").count() == 1);
        kafka.sendQueries(0, 50);
        RealKafka.await("50 decisions", PATIENCE, () -> decisions(kafka) == 50);

        // then
        assertThat(router.status().ready()).isTrue();
        assertThat(kafka.committed(kafka.topics.decisions(), RoutingDecision.class))
            .allSatisfy(decision -> assertThat(decision.getModelVersion()).isEqualTo("m1"));
      }
    }
  }

  private static void publishCorrupt(RealKafka kafka, String version) throws Exception {
    byte[] broken = TinyModels.model(version, TinyModels.LLMS).toBytes();
    broken[broken.length / 2] ^= 0x55;
    RouterModelRecord chunk =
        RouterModelRecord.newBuilder()
            .setVersion(version)
            .setKind(ModelEvent.CHUNK)
            .setChunk(0)
            .setChunks(1)
            .setPayload(ByteBuffer.wrap(broken))
            .setCreatedAt(Instant.now())
            .build();
    RouterModelRecord manifest =
        RouterModelRecord.newBuilder()
            .setVersion(version)
            .setKind(ModelEvent.MANIFEST)
            .setChunks(1)
            .setDigest(TinyModels.model(version, TinyModels.LLMS).digest())
            .setCreatedAt(Instant.now())
            .build();
    var serializer = AvroSerdes.of(RouterModelRecord.class, kafka.serdes).serializer();
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        ModelPublisher publisher = kafka.models()) {
      for (RouterModelRecord record : List.of(chunk, manifest)) {
        producer
            .send(
                new ProducerRecord<>(
                    kafka.topics.models(),
                    0,
                    (version + "/" + record.getKind()).getBytes(StandardCharsets.UTF_8),
                    serializer.serialize(kafka.topics.models(), record)))
            .get();
      }
      publisher.promote(version, "unaware that it is corrupt");
    }
  }

  @Test
  void shouldSwapModelsUnderLoadWithoutADecisionThatHasNone() throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("it-swap")) {
      // given
      kafka.publishLlms();
      kafka.publishModel("m0");
      try (Router router = Router.start(kafka.settings(), encoder, meters);
          ModelPublisher publisher = kafka.models()) {

        // when
        for (int version = 1; version <= 8; version++) {
          kafka.sendQueries((version - 1) * 250, version * 250);
          if (version == 1) {
            RealKafka.await("decisions of m0", PATIENCE, () -> decisions(kafka) == 250);
          }
          publisher.publish(
              TinyModels.model("m" + version, TinyModels.LLMS), "m" + (version - 1), "newer");
        }
        RealKafka.await("m8 to serve", PATIENCE, () -> "m8".equals(router.status().modelVersion()));
        kafka.sendQueries(2_000, 2_100);
        RealKafka.await("2,100 decisions", PATIENCE, () -> decisions(kafka) == 2_100);
      }

      // then
      List<RoutingDecision> all = kafka.committed(kafka.topics.decisions(), RoutingDecision.class);
      assertThat(all)
          .allSatisfy(
              decision -> {
                assertThat(decision.getModelVersion()).matches("m[0-8]");
                assertThat(decision.getRanking()).hasSize(3);
              });
      assertThat(all.stream().map(RoutingDecision::getModelVersion).distinct().count())
          .isGreaterThan(1);
      assertThat(all)
          .filteredOn(d -> number(d) >= 2_000)
          .allMatch(d -> d.getModelVersion().equals("m8"));
    }
  }

  private static int number(RoutingDecision decision) {
    return Integer.parseInt(Objects.requireNonNull(decision.getQueryId()).substring(2));
  }

  @Test
  void shouldNameMissingTopicsAndTheRemedy() {
    try (RealKafka kafka = RealKafka.withTopics("it-here")) {
      RouterSettings elsewhere = kafka.settings("topics.prefix", "it-nowhere");
      assertThatThrownBy(() -> Router.start(elsewhere, encoder, meters).close())
          .isInstanceOf(MissingTopicsException.class)
          .hasMessageContaining("it-nowhere.queries")
          .hasMessageContaining("turnout topics --create");
    }
  }
}
