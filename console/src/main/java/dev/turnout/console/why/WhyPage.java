package dev.turnout.console.why;

import static j2html.TagCreator.a;
import static j2html.TagCreator.button;
import static j2html.TagCreator.div;
import static j2html.TagCreator.form;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.input;
import static j2html.TagCreator.label;
import static j2html.TagCreator.li;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.ul;

import dev.turnout.console.now.LatestTable;
import dev.turnout.console.page.Page;
import dev.turnout.console.page.PageRequest;
import dev.turnout.console.page.Words;
import dev.turnout.console.recent.SeenQuery;
import dev.turnout.gateway.lookup.RefusedQuery;
import dev.turnout.schema.Query;
import j2html.tags.DomContent;
import j2html.tags.specialized.LiTag;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** A decision by the id of its query, or by words in it; without either, the latest, or topics. */
public final class WhyPage implements Page {
  private static final String PATH = "/why";
  private static final String TOPIC = "topic";
  private static final int MOST_FOUND = 50;
  private static final int NEAREST = 8;

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public String title() {
    return "Why this LLM";
  }

  @Override
  public DomContent content(PageRequest request) {
    Optional<String> id = request.value("id");
    Optional<String> words = request.value("q");
    DomContent found =
        id.isPresent()
            ? one(request, id.get())
            : words.map(text -> search(request, text)).orElseGet(() -> overview(request));
    return div(searchForm(id.or(() -> words).orElse("")), found);
  }

  private static DomContent searchForm(String asked) {
    return form(
            label("Find a decision").withFor("q"),
            input()
                .withId("q")
                .withName("q")
                .withType("search")
                .withValue(asked)
                .withPlaceholder("id of a query, words in it, an LLM or a tenant"),
            button("Find").withType("submit"))
        .withMethod("get")
        .withAction(PATH)
        .withClass("row")
        .attr("role", "search");
  }

  private static DomContent overview(PageRequest request) {
    boolean topics = request.value("by").filter(TOPIC::equals).isPresent();
    return div(
        nav(ul(
                    choice("Latest decisions", PATH, !topics),
                    choice("Topics of the traffic", PATH + "?by=" + TOPIC, topics))
                .withClass("choices"))
            .attr("aria-label", "Overviews"),
        topics ? TopicCards.of(request).element() : latest(request));
  }

  private static LiTag choice(String words, String to, boolean chosen) {
    return li(a(words).withHref(to).condAttr(chosen, "aria-current", "true"));
  }

  private static DomContent latest(PageRequest request) {
    List<SeenQuery> latest = request.state().recent().latest(MOST_FOUND, each -> true);
    return section(
            h2("Latest decisions"),
            p("The latest "
                    + Words.count(request.state().recent().size())
                    + " are searched by words; any other is found by its id for as long as the"
                    + " topics keep it.")
                .withClass("lead"),
            new LatestTable(latest, request.at()).rows())
        .withClass("panel");
  }

  /** A whole id leads to its decision, anything else to a list. */
  private static DomContent search(PageRequest request, String words) {
    if (request.state().recent().find(words).isPresent()) {
      return one(request, words);
    }
    String small = words.toLowerCase(Locale.ROOT);
    Predicate<SeenQuery> matches =
        query ->
            query.id().contains(words)
                || has(query.decision().getLlm(), small)
                || has(query.decision().getTenant(), small)
                || query.text().filter(text -> has(text, small)).isPresent();
    List<SeenQuery> found = request.state().recent().latest(MOST_FOUND, matches);
    if (found.isEmpty() && words.indexOf(' ') < 0) {
      // an id of before the latest
      return one(request, words);
    }
    return section(
            h2(found.isEmpty() ? "Nothing found" : "Found"),
            found.isEmpty()
                ? p("None of the latest decisions has these words.").withClass("lead")
                : new LatestTable(found, request.at()).rows())
        .withClass("panel");
  }

  private static boolean has(String text, String small) {
    return text.toLowerCase(Locale.ROOT).contains(small);
  }

  private static DomContent one(PageRequest request, String id) {
    Optional<SeenQuery> found = request.state().find(id);
    if (found.isEmpty()) {
      return missing(request, id);
    }
    SeenQuery seen = found.get();
    Query query = request.state().query(id).orElse(null);
    return div(
        new DecisionSummary(seen, query, request.at()).element(),
        new RankingTable(
                seen.decision(), request.state().posteriors(seen.decision().getModelVersion()))
            .element(),
        div(new FateOfAnswer(seen).element(), new DecisionTerms(seen.decision(), query).element())
            .withClass("grid"),
        new NeighbourTable(request.state().recent().nearest(seen.decision(), NEAREST), request.at())
            .element());
  }

  private static DomContent missing(PageRequest request, String id) {
    Optional<RefusedQuery> refused = request.state().refusal(id);
    return section(
            h2(refused.isPresent() ? "Refused" : "Nothing found"),
            p(span("Query "), span(id).withClass("mono")),
            refused
                .<DomContent>map(
                    why ->
                        p(
                            span(why.reason()).withClass("tag bad"),
                            span(" " + why.detail()),
                            span(" · " + Words.time(why.at())).withClass("muted")))
                .orElseGet(
                    () ->
                        p("Neither the latest decisions nor the topics know this id. Ids that"
                                + " carry no time are searched for in the last hour.")
                            .withClass("lead")))
        .withClass("panel");
  }
}
