package dev.turnout.console.page;

import static j2html.TagCreator.a;
import static j2html.TagCreator.body;
import static j2html.TagCreator.button;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.form;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.head;
import static j2html.TagCreator.header;
import static j2html.TagCreator.html;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.link;
import static j2html.TagCreator.main;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.p;
import static j2html.TagCreator.script;
import static j2html.TagCreator.span;
import static j2html.TagCreator.title;
import static j2html.TagCreator.ul;

import j2html.tags.DomContent;
import j2html.tags.specialized.LiTag;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What stands around every page.
 *
 * @param pages in the order of the navigation
 * @param asset where a file is, by its name
 */
public record PageLayout(List<Page> pages, UnaryOperator<String> asset) {

  /** Freezes the pages. */
  public PageLayout {
    pages = List.copyOf(pages);
  }

  /**
   * What is shown.
   *
   * @param path of the page in the navigation; empty for none
   * @param updates where its updates come from; empty for none
   * @param notice what was done or refused, in sentences; empty for none
   */
  public record Shown(
      String path, String title, String updates, String notice, DomContent content) {}

  /** The whole document. */
  public String document(Shown shown, Visitor visitor) {
    return "<!DOCTYPE html>\n"
        + html(
                head(
                    meta().withCharset("utf-8"),
                    meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
                    meta().withName("color-scheme").withContent("light dark"),
                    title(shown.title() + " · Turnout"),
                    link().withRel("icon").withHref(asset.apply("icon.svg")),
                    link().withRel("stylesheet").withHref(asset.apply("uplot.css")),
                    link().withRel("stylesheet").withHref(asset.apply("console.css")),
                    script().withSrc(asset.apply("uplot.js")).attr("defer"),
                    script().withSrc(asset.apply("console.js")).attr("defer")),
                body(
                        a("Skip to the page").withClass("skip").withHref("#main"),
                        top(shown, visitor),
                        main(
                                h1(shown.title()),
                                iff(
                                    !shown.notice().isEmpty(),
                                    p(shown.notice()).withClass("notice").attr("role", "status")),
                                shown.content())
                            .withId("main")
                            .attr("tabindex", "-1"))
                    .condAttr(!shown.updates().isEmpty(), "data-updates", shown.updates()))
            .withLang("en")
            .render();
  }

  private DomContent top(Shown shown, Visitor visitor) {
    return header(
            a(span().withClass("mark"), span("Turnout")).withClass("brand").withHref("/"),
            nav(ul(each(pages, page -> entry(page, shown.path())))).attr("aria-label", "Pages"),
            div(
                    iff(
                        !shown.updates().isEmpty(),
                        button("Pause")
                            .withId("pause")
                            .withType("button")
                            .withClass("quiet")
                            .attr("aria-pressed", "false")
                            .attr("hidden")),
                    account(visitor))
                .withClass("account"))
        .withClass("top");
  }

  private static LiTag entry(Page page, String current) {
    return li(
        a(page.title())
            .withHref(page.path())
            .condAttr(page.path().equals(current), "aria-current", "page"));
  }

  private static DomContent account(Visitor visitor) {
    return visitor
        .key()
        .<DomContent>map(
            key ->
                form(
                        span(key).withClass("key").withTitle("id of the key in use"),
                        button("Sign out").withType("submit").withClass("quiet"))
                    .withMethod("post")
                    .withAction("/key/out"))
        .orElseGet(() -> a("Sign in").withHref("/key").withClass("quiet"));
  }
}
