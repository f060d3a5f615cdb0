package dev.turnout.console.tries;

import static j2html.TagCreator.a;
import static j2html.TagCreator.button;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.form;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.input;
import static j2html.TagCreator.label;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;

import dev.turnout.console.page.Fragment;
import dev.turnout.console.page.Page;
import dev.turnout.console.page.PageAction;
import dev.turnout.console.page.PageRequest;
import dev.turnout.console.page.Words;
import dev.turnout.gateway.access.Rights;
import j2html.tags.DomContent;
import j2html.tags.specialized.InputTag;
import java.util.List;
import java.util.Map;

/**
 * A playground: a conversation, what the routers decide, and what LLMs answer as they answer it.
 */
public final class TryPage implements Page {
  static final String PATH = "/try";

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public String title() {
    return "Try";
  }

  @Override
  public DomContent content(PageRequest request) {
    boolean may =
        request.visitor().rights().filter(each -> each.ask() || each.decide()).isPresent();
    return div(
        may ? question(request) : signIn(),
        each(new TriedList(request).fragments(), Fragment::element));
  }

  @Override
  public List<Fragment> live(PageRequest request) {
    return new TriedList(request).fragments();
  }

  @Override
  public Map<String, PageAction> actions() {
    return Map.of(
        "decide",
        new PageAction("have queries decided", Rights::decide, request -> Trying.ask(request, 0)),
        "ask",
        new PageAction("have queries answered", Rights::ask, request -> Trying.ask(request, 1)),
        "compare",
        new PageAction("have queries answered", Rights::ask, request -> Trying.ask(request, 2)),
        "grade",
        new PageAction("grade", Rights::mayGrade, Trying::grade));
  }

  private static DomContent signIn() {
    return section(
            h2("Ask"),
            p(
                    span("Asking here needs a key that may (turnout keys create): "),
                    a("sign in").withHref("/key"),
                    span("."))
                .withClass("lead"))
        .withClass("panel");
  }

  private static DomContent question(PageRequest request) {
    return section(
            h2("Ask"),
            form(
                    ConversationForm.of(request).element(),
                    div(
                            number("cost-weight", "A saved cent is worth, in success", "0.01"),
                            number(
                                "min-success",
                                "Sure enough of this share of right answers",
                                "0.01"),
                            number("max-cost", "At most USD", "any"),
                            text("allowed", "Only these LLMs, by comma"))
                        .withClass("grid"),
                    div(
                            act("decide", "Decide only", "quiet"),
                            act("ask", "Have it answered", ""),
                            act("compare", "And by the runner-up", ""))
                        .withClass("row"))
                .withMethod("post")
                .withAction(PATH + "/decide")
                .withClass("stack"),
            p("Empty fields leave the routers' own settings. Each answer is paid for by the"
                    + " key's tenant, "
                    + request.visitor().tenant()
                    + "; limits a minute are the gateway's and do not count here. Answers are cut"
                    + " and cancelled at "
                    + Words.count(TriedAnswer.MOST_LETTERS)
                    + " letters.")
                .withClass("note"))
        .withClass("panel");
  }

  private static DomContent number(String name, String words, String step) {
    return field(name, words, input().withType("number").withMin("0").withStep(step));
  }

  private static DomContent text(String name, String words) {
    return field(name, words, input().withType("text"));
  }

  private static DomContent field(String name, String words, InputTag input) {
    return div(label(words).withFor("try-" + name), input.withId("try-" + name).withName(name))
        .withClass("stack");
  }

  private static DomContent act(String action, String words, String looks) {
    return button(words)
        .withType("submit")
        .withClass(looks)
        .attr("formaction", PATH + "/" + action);
  }
}
