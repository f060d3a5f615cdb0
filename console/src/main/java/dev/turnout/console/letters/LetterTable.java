package dev.turnout.console.letters;

import static dev.turnout.console.page.Tables.column;
import static dev.turnout.console.page.Tables.number;
import static dev.turnout.console.page.Tables.scrolling;
import static j2html.TagCreator.a;
import static j2html.TagCreator.each;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import dev.turnout.console.page.Words;
import j2html.tags.DomContent;
import j2html.tags.specialized.TrTag;
import java.time.Instant;
import java.util.List;

/** Letters in a line each, with the way to what they hold. */
record LetterTable(List<LetterLine> letters, Instant at) {

  LetterTable {
    letters = List.copyOf(letters);
  }

  DomContent element() {
    return scrolling(
        "Dead letters",
        table(
            thead(
                tr(
                    column("When"),
                    column("Letter"),
                    column("Reason"),
                    column("Found by"),
                    column("Refused record"),
                    number("Bytes"),
                    column("Detail"))),
            tbody(each(letters, this::row))));
  }

  private TrTag row(LetterLine letter) {
    return tr(
        td(Words.ago(letter.when(), at)).withTitle(Words.time(letter.when())),
        td(a(letter.position().toString()).withHref(LettersPage.PATH + "?at=" + letter.position()))
            .withClass("id"),
        td(letter.reason()),
        td(letter.stage()),
        td(letter.origin().isEmpty() ? Words.UNKNOWN : letter.origin()).withClass("id"),
        td(Words.count(letter.bytes())).withClass("n"),
        td(letter.detail()).withClass("cut").withTitle(letter.detail()));
  }
}
