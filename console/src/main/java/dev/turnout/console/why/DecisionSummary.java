package dev.turnout.console.why;

import static j2html.TagCreator.div;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.strong;

import dev.turnout.console.page.Bar;
import dev.turnout.console.page.Tint;
import dev.turnout.console.page.Words;
import dev.turnout.console.recent.SeenQuery;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.topic.BoundedText;
import j2html.tags.DomContent;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The decision in words, and what was asked.
 *
 * @param query null when its topic does not keep it any more
 */
record DecisionSummary(SeenQuery seen, @Nullable Query query, Instant at) {
  private static final int LONGEST_TEXT = 16 << 10;

  DomContent element() {
    RoutingDecision decision = seen.decision();
    return section(
            div(
                    h2(Bar.dot(Tint.of(decision.getLlm())), span(decision.getLlm())),
                    span(Words.time(seen.at()) + " · " + Words.ago(seen.at(), at))
                        .withClass("muted"))
                .withClass("head"),
            p(decision.getReason()),
            p(withoutCost(decision)).withClass("lead"),
            div(
                tag("explored", decision.getExplored(), "warn"),
                tag("unlike the training data", decision.getOutOfDistribution(), "warn"),
                tag(
                    "fallback: " + decision.getFallback(),
                    decision.getFallback() != Fallback.NONE,
                    "bad")),
            text())
        .withClass("panel");
  }

  private static DomContent tag(String word, boolean shown, String kind) {
    return shown ? span(word).withClass("tag " + kind) : span();
  }

  /** What predicted success alone would have chosen, among those that might answer. */
  private static DomContent withoutCost(RoutingDecision decision) {
    Optional<LlmScore> best =
        decision.getRanking().stream()
            .filter(LlmScore::getEligible)
            .max(Comparator.comparingDouble(LlmScore::getPredictedSuccess));
    if (best.isEmpty()) {
      return span("No LLM was eligible.");
    }
    LlmScore llm = best.get();
    if (llm.getLlm().equals(decision.getLlm())) {
      return span("Without regard to cost and latency it would have been the same LLM.");
    }
    return span(
        span("Without regard to cost and latency it would have been "),
        strong(llm.getLlm()),
        span(
            ", with a predicted success of "
                + Words.percent(llm.getPredictedSuccess())
                + " for "
                + Words.usd(Words.orNaN(llm.getExpectedCostUsd()))
                + "."));
  }

  private DomContent text() {
    String asked = query == null ? seen.text().orElse("") : query.getText();
    return asked.isBlank()
        ? p("What was asked is not on the topics any more.").withClass("muted")
        : pre(BoundedText.cut(asked, LONGEST_TEXT))
            .withClass("text")
            .attr("tabindex", "0")
            .attr("role", "region")
            .attr("aria-label", "What was asked");
  }
}
