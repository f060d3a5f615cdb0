package dev.turnout.console.letters;

import static j2html.TagCreator.a;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.ul;

import dev.turnout.console.page.Page;
import dev.turnout.console.page.PageAction;
import dev.turnout.console.page.PageRequest;
import dev.turnout.console.page.Words;
import dev.turnout.dlq.LetterPosition;
import dev.turnout.topic.DeadLetterState;
import j2html.tags.DomContent;
import j2html.tags.specialized.LiTag;
import j2html.tags.specialized.PTag;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was refused, why, and what is in it; administrators replay and drop. */
public final class LettersPage implements Page {
  static final String PATH = "/letters";

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public String title() {
    return "Dead letters";
  }

  @Override
  public DomContent content(PageRequest request) {
    try {
      return request.value("at").map(at -> one(request, at)).orElseGet(() -> all(request));
    } catch (RuntimeException notToBeRead) {
      // there is no such letter, somebody else reads, or the brokers are away
      return p(String.valueOf(notToBeRead.getMessage())).withClass("notice").attr("role", "status");
    }
  }

  private static DomContent all(PageRequest request) {
    String reason = request.value("reason").orElse(null);
    String before = request.value("before").orElse("");
    LettersSeen seen = request.state().letters().waiting(reason, before);
    return div(
        p("Records that no role could use, each with the reason. Nothing is lost: mend the cause,"
                + " then send the record again, or drop the letter.")
            .withClass("lead"),
        reasons(seen, reason, before),
        section(
                h2(before.isEmpty() ? "Waiting" : "Waiting, older"),
                p("Of the "
                        + Words.count(LetterDesk.STRETCH)
                        + (before.isEmpty() ? " newest" : " next older")
                        + " records on the topic of dead letters, those that nobody has dealt"
                        + " with.")
                    .withClass("lead"),
                iff(seen.unread() > 0, unread(seen.unread())),
                seen.letters().isEmpty()
                    ? p("None waits.").withClass("muted")
                    : new LetterTable(seen.letters(), request.at()).element(),
                p(
                    iff(!before.isEmpty(), a("Newest").withHref(address(reason, ""))),
                    span(" "),
                    iff(
                        !seen.older().isEmpty(),
                        a("Older").withHref(address(reason, seen.older())))))
            .withClass("panel"));
  }

  private static PTag unread(long records) {
    return p("Another role may have refused a record before, and its letter may have been replayed:"
            + " of older records up to "
            + Words.count(records)
            + " have not been looked through for that yet. Open the page again to go on.")
        .withClass("notice")
        .attr("role", "status");
  }

  private static String address(@Nullable String reason, String before) {
    List<String> values = new ArrayList<>();
    if (reason != null) {
      values.add("reason=" + URLEncoder.encode(reason, StandardCharsets.UTF_8));
    }
    if (!before.isEmpty()) {
      values.add("before=" + URLEncoder.encode(before, StandardCharsets.UTF_8));
    }
    return values.isEmpty() ? PATH : PATH + "?" + String.join("&", values);
  }

  private static DomContent one(PageRequest request, String at) {
    return new LetterView(
            request.state().letters().at(LetterPosition.parse(at)),
            request.state().letters(),
            request.visitor())
        .element();
  }

  private static DomContent reasons(LettersSeen seen, @Nullable String chosen, String before) {
    List<LiTag> choices = new ArrayList<>();
    long all = seen.waiting().values().stream().mapToLong(Long::longValue).sum();
    choices.add(choice("All, " + Words.count(all), address(null, before), chosen == null));
    new TreeMap<>(seen.waiting())
        .forEach(
            (reason, count) ->
                choices.add(
                    choice(
                        (reason.isEmpty() ? "no reason" : reason) + ", " + Words.count(count),
                        address(reason, before),
                        reason.equals(chosen))));
    return nav(ul(each(choices, item -> item)).withClass("choices")).attr("aria-label", "Reasons");
  }

  private static LiTag choice(String words, String to, boolean chosen) {
    return li(a(words).withHref(to).condAttr(chosen, "aria-current", "true"));
  }

  @Override
  public Map<String, PageAction> actions() {
    return Map.of(
        "replay", PageAction.administering(request -> resolve(request, DeadLetterState.REPLAYED)),
        "drop", PageAction.administering(request -> resolve(request, DeadLetterState.DROPPED)));
  }

  private static String resolve(PageRequest request, DeadLetterState target) {
    String at =
        request
            .value("at")
            .orElseThrow(() -> new IllegalArgumentException("Say which letter, by its position."));
    return request.state().letters().resolve(LetterPosition.parse(at), target);
  }
}
