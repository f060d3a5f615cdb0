package dev.turnout.console.letters;

import static dev.turnout.console.page.Tables.column;
import static dev.turnout.console.page.Tables.number;
import static dev.turnout.console.page.Tables.scrolling;
import static j2html.TagCreator.a;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import dev.turnout.console.page.Words;
import dev.turnout.dlq.Letter;
import dev.turnout.topic.LogText;
import j2html.tags.DomContent;
import j2html.tags.specialized.TrTag;
import java.time.Instant;
import java.util.List;

/** Letters in a line each, with the way to what they hold. */
record LetterTable(List<Letter> letters, Instant at) {

  LetterTable {
    letters = List.copyOf(letters);
  }

  DomContent element() {
    if (letters.isEmpty()) {
      return section(h2("Waiting"), p("None waits.").withClass("muted")).withClass("panel");
    }
    return section(
            h2("Waiting, the latest " + letters.size()),
            scrolling(
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
                    tbody(each(letters, this::row)))))
        .withClass("panel");
  }

  private TrTag row(Letter letter) {
    return tr(
        td(Words.ago(letter.when(), at)).withTitle(Words.time(letter.when())),
        td(a(letter.position().toString()).withHref(LettersPage.PATH + "?at=" + letter.position()))
            .withClass("id"),
        td(LogText.of(letter.reason())),
        td(LogText.of(letter.stage())),
        td(letter.origin().map(Letter.Origin::toString).map(LogText::of).orElse(Words.UNKNOWN))
            .withClass("id"),
        td(Words.count(letter.size())).withClass("n"),
        td(LogText.of(letter.detail())).withClass("cut").withTitle(LogText.of(letter.detail())));
  }
}
