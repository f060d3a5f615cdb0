package dev.turnout.router.decide;

import static dev.turnout.router.DrivenRouter.header;
import static dev.turnout.router.DrivenRouter.query;
import static dev.turnout.router.DrivenRouter.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.router.DrivenRouter;
import dev.turnout.router.TinyEncoder;
import dev.turnout.router.TinyModels;
import dev.turnout.schema.Conversation;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.LlmStatus;
import dev.turnout.schema.Needs;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.schema.ReplyAddress;
import dev.turnout.schema.ReplyKind;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.Turn;
import dev.turnout.serde.HalfPrecision;
import dev.turnout.topic.DeadLetters;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.test.TestRecord;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a conversation and the needs of a request make of a decision. */
class ConversationRoutingTest {
  private static final String QUESTION = "Prove that the halting problem is undecidable";

  @Test
  void shouldRouteAFollowUpLikeItsQuestion() {
    try (DrivenRouter router = router()) {
      // when one is encoded ahead, the other singly
      Query followUp = query("b", "yes, go on").setConversation(conversation(null)).build();
      router.publish(query("a", QUESTION).build(), followUp);
      router.publishUnprepared(List.of(router.bytes(followUp)));

      // then
      List<RoutingDecision> decisions = decisions(router);
      assertThat(decisions)
          .hasSize(3)
          .allSatisfy(
              decision -> {
                assertThat(decision.getLlm()).isEqualTo(decisions.get(0).getLlm());
                assertThat(HalfPrecision.unpack(decision.getEmbedding()))
                    .containsExactly(TinyEncoder.vector(QUESTION), Offset.offset(0x1p-11f));
              });
    }
  }

  @Test
  void shouldKeepTheLlmOfALongConversationAndSayWhatSwitchingWouldHaveCost() {
    try (DrivenRouter router = router()) {
      router.publish(query("a", QUESTION).build());
      String best = router.onlyDecision().getLlm();
      String other =
          TinyModels.LLMS.stream().filter(llm -> !llm.equals(best)).findFirst().orElseThrow();

      // when
      router.publish(
          query("short", QUESTION).setConversation(conversation(other)).build(),
          query("long", QUESTION)
              .setConversation(
                  Conversation.newBuilder(conversation(other)).setPrefixTokens(2_000_000).build())
              .build());

      // then
      RoutingDecision decision = decisions(router).get(1);
      assertThat(decision.getLlm()).isEqualTo(other);
      assertThat(decision.getPreviousLlm()).isEqualTo(other);
      assertThat(decision.getReason()).contains(other + " is kept");
      assertThat(decision.getPropensity()).isEqualTo(1);
      // a token costs a millionth of a dollar, in the cache a tenth of that
      assertThat(decision.getSwitchCostUsd()).isEqualTo(1.8, within(1e-9));
      assertThat(expectedCost(decision, other))
          .isEqualTo(expectedCost(decision, best) - 1.8, within(1e-9));
    }
  }

  @Test
  void shouldRecordExactPropensitiesWhereAConversationKeepsItsLlm() {
    try (DrivenRouter router =
        new DrivenRouter(settings("router.policy", "random", "router.switch-gain", "2"))
            .withModel("m1")
            .withAllLlms()) {
      // when
      router.publish(
          IntStream.range(0, 30)
              .mapToObj(
                  i ->
                      query("q" + i, "question " + i)
                          .setConversation(conversation("acme/beta"))
                          .build())
              .toArray(Query[]::new));

      // then
      assertThat(decisions(router))
          .hasSize(30)
          .allSatisfy(
              decision -> {
                assertThat(decision.getLlm()).isEqualTo("acme/beta");
                assertThat(decision.getPropensity()).isEqualTo(1, within(1e-12));
                assertThat(decision.getExplored()).isFalse();
              });
    }
  }

  @Test
  void shouldNeverLeaveTheLlmThatCalledATool() {
    try (DrivenRouter router = router()) {
      // when
      for (String llm : TinyModels.LLMS) {
        Conversation loop = Conversation.newBuilder(conversation(llm)).setToolLoop(true).build();
        router.publish(
            query(llm, "What is the weather in Bern?")
                .setConversation(loop)
                .setConstraints(QueryConstraints.newBuilder().setPolicy("random").build())
                .build());
      }

      // then
      assertThat(decisions(router))
          .hasSize(3)
          .allSatisfy(
              decision -> {
                assertThat(decision.getLlm()).isEqualTo(decision.getQueryId());
                assertThat(decision.getPropensity()).isEqualTo(1);
              });
    }
  }

  @Test
  void shouldGoOnWithAnotherWhenTheLlmThatCalledAToolIsGone() {
    try (DrivenRouter router =
        new DrivenRouter(settings())
            .withModel("m1")
            .withLlms(
                profile("acme/alpha").setStatus(LlmStatus.DRAINING).build(),
                profile("acme/beta").build())) {
      // when
      router.publish(
          query("a", "What is the weather in Bern?")
              .setConversation(
                  Conversation.newBuilder(conversation("acme/alpha")).setToolLoop(true).build())
              .build());

      // then
      RoutingDecision decision = router.onlyDecision();
      assertThat(decision.getLlm()).isEqualTo("acme/beta");
      assertThat(decision.getReason()).contains("acme/alpha called the tool but may not answer");
    }
  }

  @Test
  void shouldAskOnlyLlmsThatCanDoWhatTheQueryNeeds() {
    try (DrivenRouter router =
        new DrivenRouter(settings("router.policy", "random"))
            .withModel("m1")
            .withLlms(
                profile("acme/alpha").setCapabilities(List.of("vision")).build(),
                profile("acme/beta").setCapabilities(List.of("vision", "tools")).build(),
                profile("acme/gamma").build())) {
      // when
      router.publish(needing("sees", "vision"), needing("acts", "tools"));
      router.publish(
          IntStream.range(0, 40)
              .mapToObj(i -> needing(i % 2 + "-" + i, i % 2 == 0 ? "vision" : "tools"))
              .toArray(Query[]::new));
      router.publish(needing("hears", "audio"));

      // then
      assertThat(chosen(router.decisions(), "0-")).containsExactly("acme/alpha", "acme/beta");
      TestRecord<String, byte[]> letter = router.deadLetters().get(0);
      assertThat(header(letter, DeadLetters.REASON)).isEqualTo("NO_LLM");
      assertThat(header(letter, DeadLetters.DETAIL))
          .contains("acme/gamma: its profile does not name audio");
    }
  }

  @Test
  void shouldCountTheWholePromptAndTheAnswer() {
    try (DrivenRouter router =
        new DrivenRouter(settings("router.policy", "random"))
            .withModel("m1")
            .withLlms(
                profile("acme/alpha").setContextWindow(4_000L).build(),
                profile("acme/beta").setContextWindow(200_000L).build(),
                profile("acme/gamma").setContextWindow(62_000L).build())) {
      // when
      router.publish(
          IntStream.range(0, 20)
              .mapToObj(i -> sized("fits" + i, 60_000, 4_000L))
              .toArray(Query[]::new));
      router.publish(sized("nowhere", 300_000, null));

      // then
      List<RoutingDecision> decisions = decisions(router);
      assertThat(decisions)
          .hasSize(21)
          .extracting(RoutingDecision::getLlm)
          .containsOnly("acme/beta");
      assertThat(decisions.get(20).getReason()).contains("no LLM fits");
    }
  }

  @Test
  void shouldRefuseRatherThanLeaveTheAllowedLlms() {
    try (DrivenRouter router =
        new DrivenRouter(settings())
            .withModel("m1")
            .withLlms(
                profile("acme/alpha").setStatus(LlmStatus.DRAINING).build(),
                profile("acme/beta").build())) {
      // when
      router.publish(
          query("a", "one")
              .setConstraints(
                  QueryConstraints.newBuilder()
                      .setAllowedLlms(List.of("eu-only", "acme/alpha"))
                      .build())
              .build());

      // then
      assertThat(router.decisions()).isEmpty();
      TestRecord<String, byte[]> letter = router.deadLetters().get(0);
      assertThat(header(letter, DeadLetters.REASON)).isEqualTo("NO_LLM");
      assertThat(header(letter, DeadLetters.DETAIL))
          .contains("eu-only: not registered")
          .contains("acme/alpha: draining");
    }
  }

  @Test
  void shouldOnlyDecideWhenNothingElseIsWanted() {
    try (DrivenRouter router = router()) {
      // when
      router.publish(
          query("a", "one").setDecideOnly(true).setReply(new ReplyAddress(0, "ask")).build());

      // then the gateway alone hears of it
      assertThat(router.replies())
          .singleElement()
          .satisfies(
              reply -> {
                assertThat(reply.value().getKind()).isEqualTo(ReplyKind.DECISION);
                assertThat(reply.value().getDecision().getShadow()).isEmpty();
              });
      assertThat(router.decisions()).isEmpty();
      assertThat(router.requested(TinyModels.LLMS)).isEmpty();
      assertThat(router.spending()).isEmpty();
    }
  }

  private static DrivenRouter router() {
    return new DrivenRouter(settings("router.shadow-share", "0"))
        .withModel("m1")
        .withLlms(
            TinyModels.LLMS.stream().map(llm -> profile(llm).build()).toArray(LlmProfile[]::new));
  }

  private static LlmProfile.Builder profile(String llm) {
    return TinyModels.profile(llm).setCachedInputUsdPerMillionTokens(0.1);
  }

  private static Conversation conversation(@Nullable String previous) {
    return Conversation.newBuilder()
        .setTurns(List.of(new Turn("assistant", "Suppose it were."), new Turn("user", QUESTION)))
        .setPreviousLlm(previous)
        .build();
  }

  private static Query needing(String id, String capability) {
    return query(id, "text of " + id)
        .setNeeds(Needs.newBuilder().setCapabilities(List.of(capability)).build())
        .build();
  }

  private static Query sized(String id, long promptTokens, @Nullable Long answer) {
    return query(id, "text of " + id)
        .setNeeds(
            Needs.newBuilder().setPromptTokens(promptTokens).setMaxOutputTokens(answer).build())
        .build();
  }

  private static List<RoutingDecision> decisions(DrivenRouter router) {
    return router.decisions().stream().map(TestRecord::value).toList();
  }

  private static double expectedCost(RoutingDecision decision, String llm) {
    return decision.getRanking().stream()
        .filter(score -> score.getLlm().equals(llm))
        .mapToDouble(LlmScore::getExpectedCostUsd)
        .findFirst()
        .orElse(Double.NaN);
  }

  private static List<String> chosen(
      List<TestRecord<String, RoutingDecision>> decisions, String prefix) {
    Set<String> llms =
        decisions.stream()
            .filter(record -> record.key().startsWith(prefix))
            .map(record -> record.value().getLlm())
            .collect(Collectors.toSet());
    return llms.stream().sorted().toList();
  }
}
