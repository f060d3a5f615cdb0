package dev.turnout.llm;

import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import java.time.Instant;
import java.util.List;

/** What a component asks an LLM on its own account, without a router. */
public final class UnroutedRequest {

  private UnroutedRequest() {}

  /**
   * A request whose decision was no choice.
   *
   * @param policy who asks
   * @param reason why, in words
   */
  public static RoutedRequest of(
      Query query, String llm, String policy, String reason, Instant decidedAt) {
    return RoutedRequest.newBuilder()
        .setQuery(query)
        .setDecision(
            RoutingDecision.newBuilder()
                .setQueryId(query.getId())
                .setLlm(llm)
                .setRanking(List.of())
                .setPropensity(1)
                .setPolicy(policy)
                .setModelVersion("")
                .setEncoderId("")
                .setExplored(false)
                .setOutOfDistribution(false)
                .setReason(reason)
                .setDecidedAt(decidedAt)
                .build())
        .build();
  }
}
