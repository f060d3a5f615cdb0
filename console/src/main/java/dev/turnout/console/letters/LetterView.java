package dev.turnout.console.letters;

import static j2html.TagCreator.a;
import static j2html.TagCreator.button;
import static j2html.TagCreator.dd;
import static j2html.TagCreator.div;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.form;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.input;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;

import dev.turnout.console.page.Visitor;
import dev.turnout.console.page.Words;
import dev.turnout.dlq.Letter;
import dev.turnout.dlq.LetterContent;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.DeadLetterState;
import dev.turnout.topic.LogText;
import j2html.tags.DomContent;
import j2html.tags.specialized.FormTag;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;

/** One letter with what it holds, as much of it as a page bears. */
record LetterView(Letter letter, LetterDesk desk, Visitor visitor) {
  private static final int MOST_BYTES = 32 << 10;
  private static final int MOST_HEADERS = 40;

  DomContent element() {
    return div(
        p(a("All dead letters").withHref(LettersPage.PATH)),
        section(h2("Dead letter " + letter.position()), facts()).withClass("panel"),
        section(h2("What it holds"), content()).withClass("panel"),
        section(h2("Deal with it"), actions()).withClass("panel"));
  }

  private DomContent facts() {
    List<DomContent> pairs = new ArrayList<>();
    pair(pairs, "State", letter.state().toString());
    pair(pairs, "Reason", LogText.of(letter.reason()));
    pair(pairs, "Detail", LogText.of(letter.detail()));
    pair(pairs, "Found by", LogText.of(letter.stage()));
    pair(pairs, "Refused", Words.time(letter.when()));
    pair(
        pairs,
        "Record",
        letter.origin().map(Letter.Origin::toString).map(LogText::of).orElse("not said"));
    byte[] key = letter.record().key();
    pair(
        pairs,
        "Key",
        key == null
            ? "none"
            : LogText.of(BoundedText.cut(new String(key, StandardCharsets.UTF_8), 512)));
    pair(pairs, "Bytes", Words.count(letter.size()));
    if (letter.replays() > 0) {
      pair(pairs, "Replayed before", Words.count(letter.replays()));
    }
    int shown = 0;
    for (Header header : letter.producerHeaders()) {
      if (shown++ == MOST_HEADERS) {
        pair(pairs, "Headers", "more than " + MOST_HEADERS);
        break;
      }
      pair(
          pairs,
          "Header " + LogText.of(BoundedText.cut(header.key(), 128)),
          BoundedText.cut(LetterContent.text(header.value()), 512));
    }
    return dl().with(pairs).withClass("pairs");
  }

  private static void pair(List<DomContent> pairs, String name, String value) {
    pairs.add(dt(name));
    pairs.add(dd(value.isEmpty() ? Words.UNKNOWN : value));
  }

  private DomContent content() {
    LetterContent.Value value = desk.value(letter);
    if (value instanceof LetterContent.Value.Read read) {
      String text = LetterContent.pretty(read.json());
      String cut = BoundedText.cut(text, MOST_BYTES);
      return div(
          p(read.type() + ", schema " + read.schemaId()).withClass("lead"),
          pre(cut).withClass("text").attr("tabindex", "0"),
          more(text, cut));
    }
    String why = value instanceof LetterContent.Value.Unread unread ? unread.why() : "";
    byte[] bytes = letter.record().value() == null ? letter.head() : letter.record().value();
    return div(
        p("The value cannot be read: " + LogText.of(why)).withClass("lead"),
        bytes == null
            ? span()
            : pre(LetterContent.hex(bytes)).withClass("text").attr("tabindex", "0"));
  }

  private DomContent more(String text, String cut) {
    return text.length() == cut.length()
        ? span()
        : p("Cut here; turnout dlq show " + letter.position() + " prints all of it.")
            .withClass("muted");
  }

  private DomContent actions() {
    if (letter.state() != DeadLetterState.WAITING) {
      return p("It was dealt with: " + letter.state() + ".").withClass("muted");
    }
    if (!visitor.mayAdminister()) {
      return p(
              span("Replay and drop need an administrator's key: "),
              a("sign in").withHref("/key"),
              span("."))
          .withClass("lead");
    }
    return div(
            act("replay", "Replay", "", "Sends the refused record to where it came from, once."),
            act("drop", "Drop", "danger", "Nobody will see it again in the list."))
        .withClass("grid");
  }

  private FormTag act(String action, String name, String looks, String words) {
    return form(
            p(words).withClass("lead"),
            input().withType("hidden").withName("at").withValue(letter.position().toString()),
            button(name).withType("submit").withClass(looks))
        .withMethod("post")
        .withAction(LettersPage.PATH + "/" + action)
        .withClass("stack");
  }
}
