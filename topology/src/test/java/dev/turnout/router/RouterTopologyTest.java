package dev.turnout.router;

import static dev.turnout.router.DrivenRouter.header;
import static dev.turnout.router.DrivenRouter.query;
import static dev.turnout.router.DrivenRouter.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.availability.Unavailable;
import dev.turnout.budget.BudgetSettings;
import dev.turnout.control.model.ServingSnapshot;
import dev.turnout.control.tenant.TenantTerms;
import dev.turnout.encoder.surface.QuerySurface;
import dev.turnout.encoder.surface.SurfaceReader;
import dev.turnout.router.encode.EncodedQueryHeader;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.LlmStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.schema.Reply;
import dev.turnout.schema.ReplyAddress;
import dev.turnout.schema.ReplyKind;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.HalfPrecision;
import dev.turnout.topic.DeadLetters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.streams.test.TestRecord;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RouterTopologyTest {

  @Test
  void shouldDecideAndRequestFromTheChosenLlm() {
    try (DrivenRouter router = new DrivenRouter(settings()).withModel("m1").withAllLlms()) {
      // given
      Query query = query("q-1", "How many apples?").setMetadata(Map.of("a", "b")).build();

      // when
      router.publish(query);

      // then
      List<TestRecord<String, RoutingDecision>> decisions = router.decisions();
      assertThat(decisions).hasSize(1);
      assertThat(decisions.get(0).key()).isEqualTo("q-1");
      RoutingDecision decision = decisions.get(0).value();
      assertThat(decision.getModelVersion()).isEqualTo("m1");
      assertThat(decision.getEncoderId()).isEqualTo(TinyEncoder.ID.toString());
      assertThat(decision.getRouterId()).isEqualTo("driven");
      assertThat(decision.getPolicy()).isEqualTo("argmax");
      assertThat(decision.getFallback()).isEqualTo(Fallback.NONE);
      assertThat(decision.getReason()).contains(decision.getLlm());
      assertThat(decision.getPropensity()).isEqualTo(1);
      assertThat(decision.getRanking())
          .extracting(LlmScore::getLlm)
          .containsExactlyInAnyOrderElementsOf(TinyModels.LLMS);
      assertThat(decision.getRanking().get(0).getLlm()).isEqualTo(decision.getLlm());
      assertThat(decision.getRanking())
          .isSortedAccordingTo((a, b) -> Double.compare(b.getScore(), a.getScore()));
      assertThat(decision.getRanking())
          .extracting(LlmScore::getExpectedCostUsd)
          .doesNotContainNull();
      assertThat(HalfPrecision.unpack(decision.getEmbedding()))
          .containsExactly(TinyEncoder.vector(query.getText()), Offset.offset(0x1p-11f));
      assertThat(QuerySurface.fromBytes(decision.getSurface().array()))
          .isEqualTo(SurfaceReader.shared().read(query.getText()));

      List<TestRecord<String, RoutedRequest>> requests = router.requests(decision.getLlm());
      assertThat(requests).hasSize(1);
      assertThat(requests.get(0).key()).isEqualTo("q-1");
      assertThat(requests.get(0).value())
          .isEqualTo(new RoutedRequest(query, decision, 1, false, List.of()));
      assertThat(requests.get(0).headers().lastHeader(EncodedQueryHeader.KEY)).isNull();
      assertThat(requests.get(0).headers().lastHeader("traceparent")).isNotNull();
      assertThat(requests.get(0).headers().lastHeader("producers-own")).isNull();
      assertThat(router.deadLetters()).isEmpty();
    }
  }

  @Test
  void shouldEncodeABatchAtOnce() {
    try (DrivenRouter router = new DrivenRouter(settings()).withModel("m1").withAllLlms()) {
      // when
      router.publish(query("a", "one").build(), query("b", "two").build());

      // then
      assertThat(router.encoder.batches).hasValue(1);
      assertThat(router.decisions())
          .hasSize(2)
          .allSatisfy(record -> assertThat(record.value().getBatchSize()).isEqualTo(2));
      assertThat(router.count("turnout.encoded.singly")).isZero();
    }
  }

  @Test
  void shouldEncodeALargeBatchInPartsAndGiveEachQueryItsOwnVector() {
    try (DrivenRouter router = new DrivenRouter(settings()).withModel("m1").withAllLlms()) {
      // when
      router.publish(
          IntStream.range(0, 150)
              .mapToObj(i -> query("q" + i, i % 10 == 3 ? " " : "text " + i).build())
              .toArray(Query[]::new));

      // then
      assertThat(router.encoder.batches).hasValue(3);
      assertThat(router.deadLetters()).hasSize(15);
      assertThat(router.decisions())
          .hasSize(135)
          .allSatisfy(
              record ->
                  assertThat(HalfPrecision.unpack(record.value().getEmbedding()))
                      .containsExactly(
                          TinyEncoder.vector("text " + record.key().substring(1)),
                          Offset.offset(0x1p-11f)));
    }
  }

  @Test
  void shouldEncodeSinglyWhatTheInterceptorLeft() {
    try (DrivenRouter router = new DrivenRouter(settings()).withModel("m1").withAllLlms()) {
      // when
      router.publishUnprepared(List.of(router.bytes(query("a", "one").build())));

      // then
      assertThat(router.onlyDecision().getFallback()).isEqualTo(Fallback.NONE);
      assertThat(router.count("turnout.encoded.singly")).isEqualTo(1);
    }
  }

  @Test
  void shouldEncodeSinglyWhenTheBatchFails() {
    try (DrivenRouter router = new DrivenRouter(settings()).withModel("m1").withAllLlms()) {
      // given
      router.encoder.failsOnBatches = true;

      // when
      router.publish(query("a", "one").build(), query("b", "two").build());

      // then
      assertThat(router.decisions())
          .hasSize(2)
          .allSatisfy(record -> assertThat(record.value().getFallback()).isEqualTo(Fallback.NONE));
      assertThat(router.count("turnout.batch.failed")).isEqualTo(1);
      assertThat(router.count("turnout.encoded.singly")).isEqualTo(2);
    }
  }

  @Test
  void shouldFallBackToTheBestOverallWhenAQueryCannotBeEncoded() {
    try (DrivenRouter router = new DrivenRouter(settings()).withModel("m1").withAllLlms()) {
      // when
      router.publish(query("a", "fine").build(), query("b", TinyEncoder.POISON).build());

      // then
      List<TestRecord<String, RoutingDecision>> decisions = router.decisions();
      assertThat(decisions.get(0).value().getFallback()).isEqualTo(Fallback.NONE);
      RoutingDecision fallback = decisions.get(1).value();
      assertThat(fallback.getFallback()).isEqualTo(Fallback.ENCODER_FAILED);
      assertThat(fallback.getLlm()).isEqualTo("acme/gamma");
      assertThat(fallback.getEmbedding()).isNull();
      assertThat(fallback.getReason()).contains("best overall").contains("could not be encoded");
      assertThat(fallback.getPropensity()).isEqualTo(1);
      assertThat(router.requests("acme/gamma")).extracting(TestRecord::key).contains("b");
      assertThat(router.count("turnout.fallback")).isEqualTo(1);
    }
  }

  @Test
  void shouldFallBackToTheConfiguredLlmWithoutAModel() {
    try (DrivenRouter router =
        new DrivenRouter(settings("router.fallback-llm", "acme/beta")).withAllLlms()) {
      // when
      router.publish(query("a", "one").build());

      // then
      RoutingDecision decision = router.onlyDecision();
      assertThat(decision.getFallback()).isEqualTo(Fallback.NO_MODEL);
      assertThat(decision.getLlm()).isEqualTo("acme/beta");
      assertThat(decision.getReason()).contains("configured").contains("no router model");
      assertThat(decision.getModelVersion()).isEmpty();
      assertThat(decision.getEmbedding()).isNotNull();
    }
  }

  @Test
  void shouldSendNothingToDrainingRetiredOrUnregisteredLlms() {
    try (DrivenRouter router =
        new DrivenRouter(settings("router.policy", "random"))
            .withModel("m1")
            .withLlms(
                TinyModels.profile("acme/alpha").setStatus(LlmStatus.DRAINING).build(),
                TinyModels.profile("acme/beta").build())) {
      // when
      router.publish(
          IntStream.range(0, 50)
              .mapToObj(i -> query("q" + i, "text " + i).build())
              .toArray(Query[]::new));

      // then
      assertThat(router.decisions())
          .hasSize(50)
          .allSatisfy(record -> assertThat(record.value().getLlm()).isEqualTo("acme/beta"))
          .allSatisfy(
              record ->
                  assertThat(record.value().getRanking())
                      .filteredOn(score -> !score.getEligible())
                      .extracting(LlmScore::getLlm, LlmScore::getIneligibleReason)
                      .containsExactlyInAnyOrder(
                          tuple("acme/alpha", "draining: it gets nothing new"),
                          tuple("acme/gamma", "not registered, or retired")));
    }
  }

  @Test
  void shouldExplainWhenNothingFitsTheLimits() {
    try (DrivenRouter router = new DrivenRouter(settings()).withModel("m1").withAllLlms()) {
      // given
      QueryConstraints tight = QueryConstraints.newBuilder().setMaxCostUsd(1e-9).build();

      // when
      router.publish(query("a", "one").setConstraints(tight).build());

      // then
      RoutingDecision decision = router.onlyDecision();
      assertThat(decision.getFallback()).isEqualTo(Fallback.NOTHING_ELIGIBLE);
      assertThat(decision.getReason()).contains("cost limit");
    }
  }

  @Test
  void shouldHonourTheQuerysOwnLimitsAndPolicy() {
    try (DrivenRouter router = new DrivenRouter(settings()).withModel("m1").withAllLlms()) {
      // given
      QueryConstraints own =
          QueryConstraints.newBuilder()
              .setAllowedLlms(List.of("acme/alpha", "acme/beta"))
              .setPolicy("random")
              .build();

      // when
      router.publish(query("a", "one").setConstraints(own).build());

      // then
      RoutingDecision decision = router.onlyDecision();
      assertThat(decision.getPolicy()).isEqualTo("random");
      assertThat(decision.getPropensity()).isEqualTo(0.5, within(1e-9));
      assertThat(decision.getRanking().get(2).getLlm()).isEqualTo("acme/gamma");
      assertThat(decision.getRanking().get(2).getEligible()).isFalse();
    }
  }

  @Test
  void shouldRefuseAPolicyThatIsUnknown() {
    try (DrivenRouter router = new DrivenRouter(settings()).withModel("m1").withAllLlms()) {
      // when
      router.publish(
          query("a", "one")
              .setConstraints(QueryConstraints.newBuilder().setPolicy("oracle").build())
              .build());

      // then
      assertThat(router.decisions()).isEmpty();
      TestRecord<String, byte[]> letter = router.deadLetters().get(0);
      assertThat(header(letter, DeadLetters.REASON)).isEqualTo("INVALID_CONSTRAINTS");
      assertThat(header(letter, DeadLetters.DETAIL)).contains("oracle").contains("argmax");
    }
  }

  @Test
  void shouldExploreByTheConfiguredFloorWhateverThePolicy() {
    RouterSettings floored = settings("router.exploration-floor", "0.1");
    try (DrivenRouter router =
        new DrivenRouter(floored)
            .withTenants(new TenantTerms("bold", null, 0.4))
            .withModel("m1")
            .withAllLlms()) {
      // when
      router.publish(
          IntStream.range(0, 1_000)
              .mapToObj(i -> query("q" + i, "text").setTenant(i % 2 == 0 ? "bold" : "").build())
              .toArray(Query[]::new));

      // then the third of the floor that falls on the best itself is no exploration
      List<RoutingDecision> decisions = router.decisions().stream().map(TestRecord::value).toList();
      assertThat(decisions)
          .hasSize(1_000)
          .allSatisfy(
              decision -> {
                double floor = decision.getTenant().equals("bold") ? 0.4 : 0.1;
                assertThat(decision.getPolicy()).isEqualTo("argmax");
                assertThat(decision.getPropensity())
                    .isEqualTo(
                        decision.getExplored() ? floor / 3 : 1 - 2 * floor / 3, within(1e-12));
                assertThat(
                        decision.getRanking().stream().mapToDouble(LlmScore::getPropensity).sum())
                    .isEqualTo(1, within(1e-12));
              });
      assertThat(explored(decisions, "")).isBetween(18L, 52L);
      assertThat(explored(decisions, "bold")).isBetween(105L, 162L);
    }
  }

  private static long explored(List<RoutingDecision> decisions, String tenant) {
    return decisions.stream()
        .filter(decision -> decision.getTenant().equals(tenant) && decision.getExplored())
        .count();
  }

  @Test
  void shouldNeitherExploreNorAskOthersForAQueryThatForbidsIt() {
    try (DrivenRouter router =
        new DrivenRouter(settings("router.exploration-floor", "1", "router.shadow-share", "1"))
            .withModel("m1")
            .withAllLlms()) {
      // given
      QueryConstraints strict = QueryConstraints.newBuilder().setExplore(false).build();

      // when
      router.publish(
          IntStream.range(0, 20)
              .mapToObj(i -> query("q" + i, "text").setConstraints(strict).build())
              .toArray(Query[]::new));

      // then
      assertThat(router.decisions())
          .hasSize(20)
          .allSatisfy(
              record -> {
                assertThat(record.value().getExplored()).isFalse();
                assertThat(record.value().getPropensity()).isEqualTo(1);
                assertThat(record.value().getShadow()).isEmpty();
              });
    }
  }

  @Test
  void shouldRepeatEveryDecisionInAReplay() {
    List<List<String>> runs = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      try (DrivenRouter router =
          new DrivenRouter(settings("router.policy", "sample", "router.seed", "7"))
              .withModel("m1")
              .withAllLlms()) {
        router.publish(
            IntStream.range(0, 100)
                .mapToObj(i -> query("q" + i, "text " + i).build())
                .toArray(Query[]::new));
        runs.add(router.decisions().stream().map(record -> record.value().getLlm()).toList());
      }
    }
    assertThat(runs.get(0)).isEqualTo(runs.get(1));
    assertThat(runs.get(0)).contains("acme/alpha", "acme/beta", "acme/gamma");
  }

  @Test
  void shouldSendAShareToAFurtherLlmForGradingOnly() {
    try (DrivenRouter router =
        new DrivenRouter(settings("router.shadow-share", "1")).withModel("m1").withAllLlms()) {
      // when
      router.publish(query("a", "one").build());

      // then
      RoutingDecision decision = router.onlyDecision();
      assertThat(decision.getShadow()).hasSize(1).doesNotContain(decision.getLlm());
      assertThat(router.requests(decision.getLlm()))
          .extracting(record -> record.value().getShadow())
          .containsExactly(false);
      assertThat(router.requests(decision.getShadow().get(0)))
          .extracting(record -> record.value().getShadow())
          .containsExactly(true);
    }
  }

  @Test
  void shouldLetACanaryServeItsShareByHashOfTheId() {
    try (DrivenRouter router = new DrivenRouter(settings()).withAllLlms()) {
      // given
      router.withModels("m1", "m2", 0.3);

      // when
      router.publish(
          IntStream.range(0, 1_000)
              .mapToObj(i -> query("q" + i, "text " + i).build())
              .toArray(Query[]::new));

      // then
      List<RoutingDecision> decisions = router.decisions().stream().map(TestRecord::value).toList();
      assertThat(decisions.stream().filter(d -> d.getModelVersion().equals("m2")).count())
          .isBetween(250L, 350L);
      ServingSnapshot serving = router.live.serving();
      assertThat(decisions)
          .allSatisfy(
              decision ->
                  assertThat(serving.modelFor(decision.getQueryId()))
                      .extracting(model -> model == null ? "" : model.version())
                      .isEqualTo(decision.getModelVersion()));
    }
  }

  @Test
  void shouldScoreAModelInShadowBesideTheServingOneAndServeNothingByIt() {
    try (DrivenRouter router = new DrivenRouter(settings()).withAllLlms();
        DrivenRouter alone = new DrivenRouter(settings()).withModel("m2").withAllLlms()) {
      // given
      router.withModels("m1", "m2", 0);
      Query[] queries =
          IntStream.range(0, 100)
              .mapToObj(i -> query("q" + i, "text " + i).build())
              .toArray(Query[]::new);

      // when
      router.publish(queries);
      alone.publish(queries);

      // then every decision is m1's and carries what m2 alone would have chosen
      List<RoutingDecision> decisions = router.decisions().stream().map(TestRecord::value).toList();
      List<RoutingDecision> others = alone.decisions().stream().map(TestRecord::value).toList();
      assertThat(decisions).extracting(RoutingDecision::getModelVersion).containsOnly("m1");
      assertThat(decisions).extracting(RoutingDecision::getStagedModelVersion).containsOnly("m2");
      assertThat(decisions)
          .extracting(RoutingDecision::getStagedLlm)
          .containsExactlyElementsOf(others.stream().map(RoutingDecision::getLlm).toList());
      assertThat(others).extracting(RoutingDecision::getStagedLlm).containsOnlyNulls();
      double agreeing = decisions.stream().filter(d -> d.getLlm().equals(d.getStagedLlm())).count();
      assertThat(agreeing).isBetween(1.0, 99.0);
      assertThat(router.meters.counter("turnout.staged.choice", "agrees", "true").count())
          .isEqualTo(agreeing);
      assertThat(router.meters.counter("turnout.staged.choice", "agrees", "false").count())
          .isEqualTo(100 - agreeing);
    }
  }

  @Test
  void shouldDeadLetterWhenNoLlmTakesRequests() {
    try (DrivenRouter router = new DrivenRouter(settings()).withModel("m1")) {
      // when
      router.publish(query("a", "one").build());

      // then
      assertThat(router.decisions()).isEmpty();
      assertThat(router.deadLetters())
          .extracting(record -> header(record, DeadLetters.REASON))
          .containsExactly("NO_LLM");
    }
  }

  @Test
  void shouldOnlyTellTheDecisionWhereNoMoreIsWanted() {
    try (DrivenRouter router =
        new DrivenRouter(settings("router.shadow-share", "1"))
            .withModel("m1")
            .withAllLlms()
            .withTenants(new TenantTerms("acme", BudgetSettings.of(1, 1), null))) {
      // given
      Query query =
          query("d", "one")
              .setTenant("acme")
              .setDecideOnly(true)
              .setReply(new ReplyAddress(0, "ask-1"))
              .build();

      // when
      router.publish(query);

      // then
      List<TestRecord<String, Reply>> replies = router.replies();
      assertThat(replies).hasSize(1);
      assertThat(replies.get(0).key()).isEqualTo("ask-1");
      Reply reply = replies.get(0).value();
      assertThat(reply.getKind()).isEqualTo(ReplyKind.DECISION);
      assertThat(reply.getDecision().getQueryId()).isEqualTo("d");
      assertThat(reply.getDecision().getRanking()).hasSize(TinyModels.LLMS.size());
      assertThat(reply.getDecision().getEmbedding()).isNull();
      assertThat(reply.getDecision().getSurface()).isNull();
      // and nobody is asked or charged, and nothing learnt
      assertThat(TinyModels.LLMS).allSatisfy(llm -> assertThat(router.requests(llm)).isEmpty());
      assertThat(router.decisions()).isEmpty();
      assertThat(router.spending()).isEmpty();
    }
  }

  @Test
  void shouldTellWhoWaitsThatAQueryIsRefused() {
    try (DrivenRouter router = new DrivenRouter(settings()).withModel("m1")) {
      // when
      router.publish(
          query("empty", " ").setReply(new ReplyAddress(0, "ask-1")).build(),
          query("nobody", "one").setReply(new ReplyAddress(0, "ask-2")).build(),
          query("astray", "one").setReply(new ReplyAddress(7, "ask-3")).build(),
          query("endless", "one").setReply(new ReplyAddress(0, "a".repeat(129))).build(),
          query("alone", "one").build());

      // then
      assertThat(router.deadLetters()).hasSize(5);
      assertThat(router.replies())
          .extracting(TestRecord::key, record -> record.value().getReason())
          .containsExactly(tuple("ask-1", "EMPTY_TEXT"), tuple("ask-2", "NO_LLM"));
    }
  }

  @Test
  void shouldRefuseToDecideForNobody() {
    try (DrivenRouter router = new DrivenRouter(settings()).withModel("m1").withAllLlms()) {
      router.publish(query("d", "one").setDecideOnly(true).build());

      assertThat(router.deadLetters())
          .extracting(record -> header(record, DeadLetters.REASON))
          .containsExactly("INVALID_CONSTRAINTS");
      assertThat(router.decisions()).isEmpty();
    }
  }

  @Test
  void shouldPassOverAnUnavailableLlmAndSayThatItWouldBeBest() {
    try (DrivenRouter router = new DrivenRouter(settings()).withModel("m1").withAllLlms()) {
      // given
      router.publish(query("before", "one").build());
      RoutingDecision before = router.onlyDecision();
      String best = before.getLlm();

      // when
      router.withUnavailable(Map.of(best, new Unavailable(Instant.EPOCH, "HTTP 500", false)));
      router.publish(query("meanwhile", "one").build());
      RoutingDecision meanwhile = router.onlyDecision();
      router.withUnavailable(Map.of());
      router.publish(query("after", "one").build());
      RoutingDecision after = router.onlyDecision();

      // then
      assertThat(meanwhile.getLlm()).isNotEqualTo(best);
      assertThat(meanwhile.getReason())
          .contains(best + " would be best but is unavailable since 00:00 UTC: HTTP 500");
      assertThat(meanwhile.getRanking())
          .filteredOn(place -> place.getLlm().equals(best))
          .singleElement()
          .satisfies(place -> assertThat(place.getEligible()).isFalse());
      assertThat(after.getLlm()).isEqualTo(best);
      assertThat(after.getReason()).isEqualTo(before.getReason());
      assertThat(after.getRanking()).isEqualTo(before.getRanking());
    }
  }
}
