package dev.turnout.worker.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.edge.EdgeCluster;
import dev.turnout.llm.LlmException;
import dev.turnout.llm.LlmException.Kind;
import dev.turnout.schema.Attempt;
import dev.turnout.schema.Conversation;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.LlmStatus;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NextLlmTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private final LlmException broken = new LlmException(Kind.TRANSIENT, "HTTP 500", null);

  private final Map<String, LlmProfile> profiles = new HashMap<>();
  private final RoutedRequest request = request(query().build());

  NextLlmTest() {
    for (String llm : List.of("alpha", "beta", "gamma", "delta")) {
      profiles.put(llm, profile(llm).build());
    }
  }

  @Test
  void shouldTakeTheNextOfTheRankingThatMayAnswer() {
    assertThat(next(request, broken)).isEqualTo("gamma");
    assertThat(next(asked(request, "gamma"), broken)).isEqualTo("delta");
    assertThat(next(asked(request, "gamma", "delta"), broken)).isNull();
  }

  @Test
  void shouldPassOverWhoIsDownDrainingOrUnknown() {
    assertThat(next(request, broken, "gamma")).isEqualTo("delta");
    profiles.put("gamma", profile("gamma").setStatus(LlmStatus.DRAINING).build());
    assertThat(next(request, broken)).isEqualTo("delta");
    profiles.remove("delta");
    assertThat(next(request, broken)).isNull();
  }

  @Test
  void shouldPassOverWhoIsTooSlowForTheTimeLeft() {
    Query query = query().setDeadline(NOW.plusMillis(400)).build();

    assertThat(next(request(query), broken)).isEqualTo("delta");
    assertThat(next(request(query().setDeadline(NOW).build()), broken)).isNull();
  }

  @Test
  void shouldAskNobodyForAShadowOrInAToolLoopOrBeyondTheBound() {
    assertThat(next(RoutedRequest.newBuilder(request).setShadow(true).build(), broken)).isNull();
    Conversation loop = Conversation.newBuilder().setToolLoop(true).build();
    assertThat(next(request(query().setConversation(loop).build()), broken)).isNull();
    assertThat(next(asked(request, "x", "y"), broken)).isNull();
  }

  @Test
  void shouldAskNobodyWhatWasTheClientsMistakeUnlessItOnlyNeedsRoom() {
    LlmException mistake = refused("{\"error\":{\"code\":\"invalid_request\"}}");
    LlmException tooLong = refused("{\"error\":{\"code\":\"context_length_exceeded\"}}");

    assertThat(next(request, mistake)).isNull();
    assertThat(next(request, tooLong)).isNull();
    profiles.put("alpha", profile("alpha").setContextWindow(8_000L).build());
    profiles.put("gamma", profile("gamma").setContextWindow(8_000L).build());
    assertThat(next(request, tooLong)).isNull();
    profiles.put("delta", profile("delta").setContextWindow(128_000L).build());
    assertThat(next(request, tooLong)).isEqualTo("delta");
    assertThat(next(request, mistake)).isNull();
    assertThat(next(request, new LlmException(Kind.CANCELLED, "cancelled", null))).isNull();
  }

  private @Nullable String next(RoutedRequest of, LlmException failure, String... down) {
    return new NextLlm("alpha", 2)
        .after(of, failure, new KnownLlms(profiles, Set.of(down)), NOW)
        .map(LlmProfile::getId)
        .orElse(null);
  }

  private static LlmException refused(String body) {
    return new LlmException(
        Kind.REJECTED, "HTTP 400", null, new LlmException.Refusal(400, body, null));
  }

  private static Query.Builder query() {
    return Query.newBuilder().setId("q").setText("?");
  }

  private static LlmProfile.Builder profile(String llm) {
    return LlmProfile.newBuilder()
        .setId(llm)
        .setTopic("requests." + llm)
        .setStatus(LlmStatus.ACTIVE)
        .setUpdatedAt(NOW);
  }

  private static RoutedRequest request(Query query) {
    RoutedRequest plain = EdgeCluster.request(query, "alpha");
    return RoutedRequest.newBuilder(plain)
        .setDecision(
            RoutingDecision.newBuilder(plain.getDecision())
                .setRanking(
                    List.of(
                        place("alpha", true, 100.0),
                        place("beta", false, 100.0),
                        place("gamma", true, 500.0),
                        place("delta", true, null)))
                .build())
        .build();
  }

  private static LlmScore place(String llm, boolean eligible, @Nullable Double latency) {
    return new LlmScore(llm, 0.1, 0.5, 0.5, null, latency, 0.25, eligible, null);
  }

  private static RoutedRequest asked(RoutedRequest request, String... llms) {
    return RoutedRequest.newBuilder(request)
        .setTrail(
            List.of(llms).stream()
                .map(
                    llm ->
                        Attempt.newBuilder()
                            .setLlm(llm)
                            .setStatus(OutcomeStatus.FAILED)
                            .setFinishedAt(NOW)
                            .build())
                .toList())
        .build();
  }
}
