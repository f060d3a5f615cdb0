package dev.turnout.console.letters;

import static j2html.TagCreator.a;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.li;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.p;
import static j2html.TagCreator.ul;

import dev.turnout.console.page.Page;
import dev.turnout.console.page.PageAction;
import dev.turnout.console.page.PageRequest;
import dev.turnout.console.page.Words;
import dev.turnout.console.state.LettersSeen;
import dev.turnout.dlq.LetterPosition;
import dev.turnout.topic.DeadLetterState;
import j2html.tags.DomContent;
import j2html.tags.specialized.LiTag;
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
  private static final int MOST = 100;

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
    LettersSeen seen = request.state().letters().waiting(reason, MOST);
    List<DomContent> parts = new ArrayList<>();
    parts.add(
        p("Records that no role could use, each with the reason. Nothing is lost: mend the cause,"
                + " then send the record again, or drop the letter.")
            .withClass("lead"));
    parts.add(reasons(seen, reason));
    parts.add(new LetterTable(seen.latest(), request.at()).element());
    return div().with(parts);
  }

  private static DomContent one(PageRequest request, String at) {
    return new LetterView(
            request.state().letters().at(LetterPosition.parse(at)),
            request.state().letters(),
            request.visitor())
        .element();
  }

  private static DomContent reasons(LettersSeen seen, @Nullable String chosen) {
    List<LiTag> choices = new ArrayList<>();
    long all = seen.waiting().values().stream().mapToLong(Long::longValue).sum();
    choices.add(choice("All, " + Words.count(all), PATH, chosen == null));
    new TreeMap<>(seen.waiting())
        .forEach(
            (reason, count) ->
                choices.add(
                    choice(
                        (reason.isEmpty() ? "no reason" : reason) + ", " + Words.count(count),
                        PATH + "?reason=" + URLEncoder.encode(reason, StandardCharsets.UTF_8),
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
