package dev.turnout.console.why;

import static j2html.TagCreator.a;
import static j2html.TagCreator.dd;
import static j2html.TagCreator.div;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.ul;

import dev.turnout.console.now.LatestTable;
import dev.turnout.console.page.Bar;
import dev.turnout.console.page.PageRequest;
import dev.turnout.console.page.Tint;
import dev.turnout.console.page.Words;
import dev.turnout.console.recent.SeenQuery;
import dev.turnout.console.why.CellTopics.CellTopic;
import dev.turnout.topic.BoundedText;
import j2html.tags.DomContent;
import java.util.List;
import java.util.Locale;

/** The cells of the traffic as topics, a card each. */
record TopicCards(CellTopics topics) {
  private static final int MOST_QUERIES = 5_000;
  private static final int MOST_CELLS = 24;
  private static final int LONGEST_TEXT = 200;

  static TopicCards of(PageRequest request) {
    List<SeenQuery> latest = request.state().recent().latest(MOST_QUERIES, each -> true);
    String model = CellTopics.model(latest);
    return new TopicCards(
        CellTopics.of(latest, model, request.state().posteriors(model), MOST_CELLS));
  }

  DomContent element() {
    if (topics.cells().isEmpty()) {
      return section(
              h2("Topics of the traffic"),
              p("No query of late lies in a cell of a model.").withClass("muted"))
          .withClass("panel");
    }
    return div(
        p(lead()).withClass("lead"), div(each(topics.cells(), TopicCards::card)).withClass("grid"));
  }

  private String lead() {
    double shown = topics.cells().stream().mapToDouble(CellTopic::share).sum();
    return "What the latest "
        + Words.count(topics.queries())
        + " queries are about, by the cells of model "
        + topics.modelVersion()
        + ", which learns of each LLM in each of them. "
        + (shown < 0.9995
            ? "These cells are the largest, with " + Words.percent(shown) + " of the queries. "
            : "")
        + (topics.others() == 0
            ? ""
            : Words.count(topics.others())
                + " more were decided by another model, or lie in no cell. ")
        + "The best LLM is the one that answers best, whatever it costs; which one is chosen weighs"
        + " cost too.";
  }

  private static DomContent card(CellTopic topic) {
    return section(
            h2(topic.words().isEmpty() ? "No word stands out" : String.join(", ", topic.words())),
            dl(
                    dt("Cell"),
                    dd(String.valueOf(topic.cell())),
                    dt("Share"),
                    dd(
                        div(span(Words.percent(topic.share())), Bar.of(topic.share(), "c0"))
                            .withClass("share")),
                    each(topic.best().stream().<DomContent>map(TopicCards::best)))
                .withClass("pairs"),
            ul(each(topic.examples(), TopicCards::example)).withClass("examples"))
        .withClass("panel");
  }

  private static DomContent best(BestOfCell best) {
    return each(
        dt("Best LLM"),
        dd(
            Bar.dot(Tint.of(best.llm())),
            span(best.llm() + ", predicted to be right in " + Words.percent(best.success())),
            span(Double.isNaN(best.deviation())
                    ? ""
                    : String.format(Locale.ROOT, " ± %.1f %%", 100 * best.deviation()))
                .withClass("note")),
        dt("How sure"),
        dd(
            Double.isNaN(best.sure())
                ? "no graded answer says so yet"
                : Words.percent(best.sure()) + " that no other LLM is better"),
        dt("Its grades"),
        dd(
            best.grades() == 0
                ? "none of late"
                : Words.number(best.reward(), 2)
                    + (Double.isNaN(best.error()) ? "" : " ± " + Words.number(best.error(), 2))
                    + " of "
                    + Words.count(best.grades())));
  }

  private static DomContent example(SeenQuery query) {
    String words = query.text().orElse(query.id()).replaceAll("\\s+", " ");
    return li(a(BoundedText.cut(words, LONGEST_TEXT)).withHref(LatestTable.address(query.id())));
  }
}
