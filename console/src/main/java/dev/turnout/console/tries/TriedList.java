package dev.turnout.console.tries;

import static j2html.TagCreator.a;
import static j2html.TagCreator.button;
import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.form;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.input;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.summary;

import dev.turnout.console.now.LatestTable;
import dev.turnout.console.page.Bar;
import dev.turnout.console.page.Fragment;
import dev.turnout.console.page.PageRequest;
import dev.turnout.console.page.Tint;
import dev.turnout.console.page.Words;
import dev.turnout.console.why.RankingTable;
import dev.turnout.gateway.access.Rights;
import dev.turnout.schema.Turn;
import dev.turnout.topic.BoundedText;
import j2html.tags.DomContent;
import j2html.tags.specialized.DivTag;
import j2html.tags.specialized.FormTag;
import java.util.List;

/** What was tried, each with its ranking and its answers side by side, as they come. */
record TriedList(PageRequest request) {
  private static final int SHOWN = 5;
  private static final int MOST_RANKED = 8;
  private static final int LONGEST_TURN = 2_000;

  /** The newest apart from the others, since its answers change while they come. */
  List<Fragment> fragments() {
    List<Tried> latest = request.state().tries().latest();
    int newest = Math.min(1, latest.size());
    return List.of(
        new Fragment(
            "newest",
            latest.isEmpty()
                ? section(h2("Tried"), p("Nothing since this console started.").withClass("muted"))
                    .withClass("panel")
                : one(latest.get(0))),
        new Fragment(
            "earlier",
            div(each(latest.subList(newest, Math.min(SHOWN, latest.size())), this::one))));
  }

  private DomContent one(Tried tried) {
    return section(
            h2(BoundedText.cut(tried.question(), 300)),
            p(tried.decision().getReason()
                    + " ("
                    + tried.decision().getPolicy()
                    + ", "
                    + Words.time(tried.at())
                    + ")")
                .withClass("lead"),
            iff(tried.turns().size() > 1, conversation(tried)),
            new RankingTable(
                    tried.decision(),
                    request.state().posteriors(tried.decision().getModelVersion()))
                .best(MOST_RANKED),
            div(each(tried.answers(), this::answer)).withClass("grid"),
            p(a("Ask again").withId("again-" + tried.id()).withHref(from(tried.id()))))
        .withClass("panel");
  }

  private static String from(String id) {
    return TryPage.PATH + "?from=" + id;
  }

  private static DomContent conversation(Tried tried) {
    List<Turn> before = tried.turns().subList(0, tried.turns().size() - 1);
    return details(
            summary("What came before"),
            each(
                before,
                turn ->
                    p(
                        span(turn.getRole() + " ").withClass("note"),
                        span(BoundedText.cut(turn.getText(), LONGEST_TURN)))))
        .withId("before-" + tried.id());
  }

  private DivTag answer(TriedAnswer answer) {
    TriedAnswer.SoFar soFar = answer.soFar();
    boolean waits = soFar.text().isEmpty() && !soFar.ended();
    return div(
        h3(
            Bar.dot(Tint.of(answer.llm())),
            a(answer.llm()).withId("to-" + answer.id()).withHref(LatestTable.address(answer.id()))),
        pre(waits ? "An answer is on its way." : soFar.text())
            .withId("answer-" + answer.id())
            .withClass("text")
            .attr("tabindex", "0")
            .attr("role", "region")
            .attr("aria-label", "Answer of " + answer.llm()),
        iff(!soFar.trouble().isEmpty(), p(soFar.trouble()).withClass("bad")),
        p(soFar.ended() ? figures(soFar) : "It goes on.").withClass("note"),
        iff(soFar.ended() && !soFar.text().isEmpty(), next(answer, soFar)));
  }

  private static String figures(TriedAnswer.SoFar soFar) {
    return Words.millis(soFar.latencyMs())
        + (Double.isNaN(soFar.firstTokenMs())
            ? ""
            : ", first token after " + Words.millis(soFar.firstTokenMs()))
        + ", "
        + Words.usd(soFar.costUsd());
  }

  private DomContent next(TriedAnswer answer, TriedAnswer.SoFar soFar) {
    boolean mayGrade = request.visitor().rights().filter(Rights::mayGrade).isPresent();
    boolean graded = !Double.isNaN(soFar.reward());
    return div(
            iff(mayGrade && !graded, thumb(answer, "yes", "Good")),
            iff(mayGrade && !graded, thumb(answer, "no", "Bad")),
            iff(graded, span("Graded " + Words.number(soFar.reward(), 2) + ".").withClass("note")),
            a("Go on from here").withId("on-" + answer.id()).withHref(from(answer.id())))
        .withClass("row");
  }

  private static FormTag thumb(TriedAnswer answer, String good, String words) {
    return form(
            input().withType("hidden").withName("query").withValue(answer.id()),
            input().withType("hidden").withName("good").withValue(good),
            button(words)
                .withId(good + "-" + answer.id())
                .withType("submit")
                .withClass("quiet")
                .attr("aria-label", words + ": " + answer.llm()))
        .withMethod("post")
        .withAction(TryPage.PATH + "/grade");
  }
}
