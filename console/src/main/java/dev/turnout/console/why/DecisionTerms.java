package dev.turnout.console.why;

import static j2html.TagCreator.dd;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.section;

import dev.turnout.console.page.Words;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.schema.RoutingDecision;
import j2html.tags.DomContent;
import j2html.tags.specialized.DlTag;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Under which terms it was decided: constraints, conversation, exploration, model, times.
 *
 * @param query null when its topic does not keep it any more
 */
record DecisionTerms(RoutingDecision decision, @Nullable Query query) {

  DomContent element() {
    DlTag pairs = dl().withClass("pairs");
    pair(pairs, "Query", decision.getQueryId());
    pair(pairs, "Tenant", decision.getTenant());
    pair(pairs, "Constraints", constraints());
    pair(pairs, "Conversation", conversation());
    pair(pairs, "Policy", decision.getPolicy());
    pair(
        pairs,
        "Exploration",
        (decision.getExplored() ? "random, " : "the policy's best, ")
            + "chosen with probability "
            + Words.percent(decision.getPropensity()));
    pair(pairs, "Asked for grading", String.join(", ", decision.getShadow()));
    pair(pairs, "Model", decision.getModelVersion());
    if (decision.getStagedModelVersion() != null) {
      pair(
          pairs,
          "Model on trial",
          decision.getStagedModelVersion() + " would have chosen " + decision.getStagedLlm());
    }
    pair(pairs, "Encoder", decision.getEncoderId());
    pair(
        pairs,
        "Part of the traffic",
        decision.getCell() == null ? "" : "cell " + decision.getCell());
    pair(
        pairs,
        "Distance",
        decision.getDistance() == null ? "" : Words.number(decision.getDistance(), 3));
    pair(
        pairs,
        "Times",
        "waited "
            + Words.millis(decision.getQueueMicros() / 1_000.0)
            + ", encoded in "
            + Words.millis(decision.getEncodeMicros() / 1_000.0)
            + " (batch of "
            + decision.getBatchSize()
            + "), decided in "
            + Words.millis(decision.getDecideMicros() / 1_000.0));
    pair(pairs, "Router", decision.getRouterId() + " " + decision.getRouterVersion());
    return section(h2("Terms"), pairs).withClass("panel");
  }

  private static void pair(DlTag pairs, String name, @Nullable String value) {
    if (value != null && !value.isBlank()) {
      pairs.with(dt(name), dd(value));
    }
  }

  private String constraints() {
    if (query == null) {
      return "the query is not on its topic any more";
    }
    QueryConstraints limits = query.getConstraints();
    if (limits == null) {
      return "none";
    }
    List<String> words = new ArrayList<>();
    if (!limits.getAllowedLlms().isEmpty()) {
      words.add("only " + String.join(", ", limits.getAllowedLlms()));
    }
    add(words, "at most $", limits.getMaxCostUsd());
    add(words, "at most ms ", limits.getMaxLatencyMs());
    add(words, "success at least ", limits.getMinSuccess());
    add(words, "a cent is worth ", limits.getCostWeight());
    add(words, "a second is worth ", limits.getLatencyWeight());
    if (limits.getPolicy() != null) {
      words.add("policy " + limits.getPolicy());
    }
    if (Boolean.FALSE.equals(limits.getExplore())) {
      words.add("no exploration");
    }
    return words.isEmpty() ? "none" : String.join("; ", words);
  }

  private static void add(List<String> words, String name, @Nullable Number value) {
    if (value != null) {
      words.add(name + value);
    }
  }

  private String conversation() {
    List<String> words = new ArrayList<>();
    if (query != null && query.getSession() != null) {
      words.add(query.getSession());
    }
    String previous = decision.getPreviousLlm();
    if (previous != null) {
      words.add(
          previous.equals(decision.getLlm()) ? "kept " + previous : "took over from " + previous);
    }
    if (decision.getSwitchCostUsd() != null) {
      words.add("another LLM's reading costs " + Words.usd(decision.getSwitchCostUsd()));
    }
    return words.isEmpty() ? "stands alone" : String.join("; ", words);
  }
}
