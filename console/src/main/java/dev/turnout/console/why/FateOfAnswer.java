package dev.turnout.console.why;

import static dev.turnout.console.page.Tables.column;
import static dev.turnout.console.page.Tables.number;
import static dev.turnout.console.page.Tables.scrolling;
import static j2html.TagCreator.dd;
import static j2html.TagCreator.div;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import dev.turnout.console.page.Words;
import dev.turnout.console.recent.SeenQuery;
import dev.turnout.schema.Attempt;
import dev.turnout.schema.Outcome;
import j2html.tags.DomContent;
import java.util.Locale;
import java.util.Objects;

/** What became of the request, and what graders said of it. */
record FateOfAnswer(SeenQuery seen) {

  DomContent element() {
    return section(
            h2("What became of it"),
            seen.outcomes().isEmpty()
                ? p("No outcome yet.").withClass("muted")
                : each(seen.outcomes(), FateOfAnswer::outcome),
            h3("Grades"),
            grades())
        .withClass("panel");
  }

  private static DomContent outcome(Outcome outcome) {
    String status = outcome.getStatus().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return div(
        dl(
                dt("LLM"),
                dd(
                    span(outcome.getLlm()),
                    outcome.getShadow() ? span(" for grading only").withClass("note") : span()),
                dt("Ended"),
                dd(
                    (outcome.getCancelled() ? "cancelled" : status)
                        + ", "
                        + Words.time(outcome.getFinishedAt())),
                dt("Cost"),
                dd(Words.usd(Words.orNaN(outcome.getCostUsd()))),
                dt("Latency"),
                dd(
                    Words.millis(Words.orNaN(outcome.getLatencyMs()))
                        + (outcome.getFirstTokenMs() == null
                            ? ""
                            : ", first token after "
                                + Words.millis(outcome.getFirstTokenMs().doubleValue()))),
                dt("Tokens"),
                dd(
                    tokens(outcome.getPromptTokens())
                        + " in, "
                        + tokens(outcome.getCompletionTokens())
                        + " out"))
            .withClass("pairs"),
        each(outcome.getTrail(), FateOfAnswer::attempt),
        iff(
            outcome.getError() != null,
            p(span(Objects.toString(outcome.getError(), "")).withClass("bad"))),
        iff(
            outcome.getAnswer() != null,
            pre(Objects.toString(outcome.getAnswer(), ""))
                .withClass("text")
                .attr("tabindex", "0")
                .attr("role", "region")
                .attr("aria-label", "Answer of " + outcome.getLlm())));
  }

  private static DomContent attempt(Attempt attempt) {
    return p("Before: " + attempt.getLlm() + ", " + attempt.getError()).withClass("muted");
  }

  private static String tokens(Number tokens) {
    return tokens == null ? Words.UNKNOWN : Words.count(tokens.longValue());
  }

  private DomContent grades() {
    if (seen.grades().isEmpty()) {
      return p("None.").withClass("muted");
    }
    return scrolling(
        "Grades",
        table(
            thead(tr(column("Grader"), column("LLM"), number("Reward"), column("Comment"))),
            tbody(
                each(
                    seen.grades(),
                    grade ->
                        tr(
                            td(grade.getGrader()),
                            td(grade.getLlm()),
                            td(Words.number(grade.getReward(), 2)).withClass("n"),
                            td(Objects.toString(grade.getComment(), "")))))));
  }
}
