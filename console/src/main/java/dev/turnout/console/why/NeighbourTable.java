package dev.turnout.console.why;

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

import dev.turnout.console.now.LatestTable;
import dev.turnout.console.page.Bar;
import dev.turnout.console.page.Tint;
import dev.turnout.console.page.Words;
import dev.turnout.console.recent.RecentQueries.Neighbour;
import dev.turnout.console.recent.SeenQuery;
import dev.turnout.schema.Grade;
import dev.turnout.topic.BoundedText;
import j2html.tags.DomContent;
import java.time.Instant;
import java.util.List;

/** The latest graded queries that are most like one. */
record NeighbourTable(List<Neighbour> neighbours, Instant at) {
  private static final int LONGEST_TEXT = 200;

  DomContent element() {
    return section(
            h2("Nearest past queries"),
            neighbours.isEmpty()
                ? p("None of the latest graded decisions can be compared.").withClass("muted")
                : scrolling(
                    "Nearest past queries",
                    table(
                        thead(
                            tr(number("Alike"), column("Query"), column("Grades"), column("When"))),
                        tbody(
                            each(
                                neighbours,
                                each ->
                                    tr(
                                        td(Words.number(each.similarity(), 2)).withClass("n"),
                                        td(link(each.query())).withClass("cut"),
                                        td(each(each.query().grades(), NeighbourTable::grade)),
                                        td(Words.ago(each.query().at(), at))
                                            .withClass("muted")))))))
        .withClass("panel");
  }

  private static DomContent link(SeenQuery query) {
    String words = query.text().map(text -> text.replaceAll("\\s+", " ")).orElse(query.id());
    return a(BoundedText.cut(words, LONGEST_TEXT)).withHref(LatestTable.address(query.id()));
  }

  private static DomContent grade(Grade grade) {
    return span(
        Bar.dot(Tint.of(grade.getLlm())),
        span(grade.getLlm() + " " + Words.number(grade.getReward(), 2) + "  "));
  }
}
