package dev.turnout.console.now;

import static dev.turnout.console.page.Tables.column;
import static dev.turnout.console.page.Tables.number;
import static dev.turnout.console.page.Tables.scrolling;
import static j2html.TagCreator.a;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import dev.turnout.console.page.Bar;
import dev.turnout.console.page.Tint;
import dev.turnout.console.page.Words;
import dev.turnout.console.recent.SeenQuery;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.topic.BoundedText;
import j2html.tags.DomContent;
import j2html.tags.specialized.TrTag;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The latest decisions in a line each, with the way to why. */
public record LatestTable(List<SeenQuery> queries, Instant at) {
  private static final int LONGEST_TEXT = 160;

  /** Freezes the list. */
  public LatestTable {
    queries = List.copyOf(queries);
  }

  DomContent element() {
    return section(h2("Latest decisions"), rows()).withClass("panel");
  }

  /** The table alone. */
  public DomContent rows() {
    if (queries.isEmpty()) {
      return p("There is none.").withClass("muted");
    }
    return scrolling(
        "Decisions",
        table(
            thead(
                tr(
                    column("When"),
                    column("Query"),
                    column("LLM"),
                    column("Outcome"),
                    number("USD"),
                    number("Latency"),
                    number("Grade"))),
            tbody(each(queries, this::row))));
  }

  private TrTag row(SeenQuery query) {
    Outcome served = query.served().orElse(null);
    String llm = query.decision().getLlm();
    return tr(
        td(Words.ago(query.at(), at)).withClass("muted"),
        td(a(words(query)).withId("why-" + query.id()).withHref(address(query.id())))
            .withClass("cut"),
        td(Bar.dot(Tint.of(llm)), span(llm), marks(query)),
        td(outcome(served)),
        td(Words.usd(served == null ? Double.NaN : Words.orNaN(served.getCostUsd())))
            .withClass("n"),
        td(Words.millis(served == null ? Double.NaN : Words.orNaN(served.getLatencyMs())))
            .withClass("n"),
        td(Words.number(query.reward(served == null ? llm : served.getLlm()), 2)).withClass("n"));
  }

  private static String words(SeenQuery query) {
    return query
        .text()
        .map(text -> BoundedText.cut(text.replaceAll("\\s+", " "), LONGEST_TEXT))
        .filter(text -> !text.isBlank())
        .orElse(query.id());
  }

  private static DomContent marks(SeenQuery query) {
    return span(
        query.decision().getExplored() ? span(" explored").withClass("note") : span(),
        query.decision().getOutOfDistribution() ? span(" unusual").withClass("note") : span());
  }

  private static DomContent outcome(@Nullable Outcome served) {
    if (served == null) {
      return span("waits").withClass("muted");
    }
    String word = served.getStatus().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return span(served.getCancelled() ? "cancelled" : word)
        .withClass(served.getStatus() == OutcomeStatus.SUCCEEDED ? "good" : "bad");
  }

  /** Where a decision is explained. */
  public static String address(String queryId) {
    return "/why?id=" + URLEncoder.encode(queryId, StandardCharsets.UTF_8);
  }
}
