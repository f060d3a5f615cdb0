package dev.turnout.console.tries;

import static j2html.TagCreator.a;
import static j2html.TagCreator.button;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.form;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.input;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;

import dev.turnout.console.page.PageRequest;
import dev.turnout.console.page.Words;
import dev.turnout.console.recent.SeenQuery;
import dev.turnout.console.state.Tried;
import dev.turnout.console.why.RankingTable;
import dev.turnout.gateway.access.Rights;
import dev.turnout.schema.Outcome;
import dev.turnout.topic.BoundedText;
import j2html.tags.DomContent;
import j2html.tags.specialized.DivTag;
import j2html.tags.specialized.FormTag;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What was tried, each with its ranking and its answers side by side. */
record TriedList(PageRequest request) {
  private static final int SHOWN = 5;
  private static final int MOST_RANKED = 8;
  private static final int MOST_BYTES = 16 << 10;

  DomContent element() {
    List<Tried> latest = request.state().tries().latest();
    if (latest.isEmpty()) {
      return section(h2("Tried"), p("Nothing since this console started.").withClass("muted"))
          .withClass("panel");
    }
    return div(each(latest.subList(0, Math.min(SHOWN, latest.size())), this::one));
  }

  private DomContent one(Tried tried) {
    return section(
            h2(BoundedText.cut(tried.text(), 300)),
            p(tried.decision().getReason()
                    + " ("
                    + tried.decision().getPolicy()
                    + ", "
                    + Words.ago(tried.at(), request.at())
                    + ")")
                .withClass("lead"),
            new RankingTable(
                    tried.decision(), request.state().posteriors(tried.decision().getModelVersion()))
                .best(MOST_RANKED),
            div(each(tried.asked(), this::answer)).withClass("grid"))
        .withClass("panel");
  }

  private DivTag answer(String id) {
    Optional<SeenQuery> seen = request.state().recent().find(id);
    String llm = seen.map(query -> query.decision().getLlm()).orElse("");
    Optional<Outcome> outcome = seen.flatMap(SeenQuery::served);
    return div(
        h3(
            llm.isEmpty()
                ? span("An answer is on its way")
                : a(llm).withId("to-" + id).withHref("/why?id=" + encoded(id))),
        outcome.<DomContent>map(each -> said(each)).orElseGet(() -> p("…").withClass("muted")),
        outcome
            .filter(each -> each.getAnswer() != null)
            .<DomContent>map(each -> thumbs(id, llm, seen))
            .orElseGet(() -> span()));
  }

  private static String encoded(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8);
  }

  private static DomContent said(Outcome outcome) {
    String answer = outcome.getAnswer();
    return div(
        pre(answer == null
                ? outcome.getStatus() + ": " + outcome.getError()
                : BoundedText.cut(answer, MOST_BYTES))
            .withClass("text")
            .attr("tabindex", "0"),
        p(Words.millis(Words.orNaN(outcome.getLatencyMs()))
                + ", "
                + Words.usd(Words.orNaN(outcome.getCostUsd())))
            .withClass("note"));
  }

  private DomContent thumbs(String id, String llm, Optional<SeenQuery> seen) {
    double reward = seen.map(query -> query.reward(llm)).orElse(Double.NaN);
    if (!Double.isNaN(reward)) {
      return p("Graded " + Words.number(reward, 2) + ".").withClass("note");
    }
    return request.visitor().rights().filter(Rights::mayGrade).isEmpty()
        ? span()
        : div(thumb(id, llm, "yes", "Good"), thumb(id, llm, "no", "Bad")).withClass("row");
  }

  private static FormTag thumb(String id, String llm, String good, String words) {
    return form(
            input().withType("hidden").withName("query").withValue(id),
            input().withType("hidden").withName("llm").withValue(llm),
            input().withType("hidden").withName("good").withValue(good),
            button(words)
                .withId(good + "-" + id)
                .withType("submit")
                .withClass("quiet")
                .attr("aria-label", words + ": " + llm))
        .withMethod("post")
        .withAction(TryPage.PATH + "/grade");
  }
}
