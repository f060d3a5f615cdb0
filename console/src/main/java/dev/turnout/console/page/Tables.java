package dev.turnout.console.page;

import static j2html.TagCreator.div;
import static j2html.TagCreator.th;

import j2html.tags.DomContent;
import j2html.tags.specialized.DivTag;
import j2html.tags.specialized.ThTag;

/** What the tables of all pages share. */
public final class Tables {
  private Tables() {}

  /** Head of a column. */
  public static ThTag column(String name) {
    return th(name).attr("scope", "col");
  }

  /** Head of a column of figures, which are aligned at the right. */
  public static ThTag number(String name) {
    return column(name).withClass("n");
  }

  /**
   * What is wider than a narrow screen scrolls by itself, by keyboard too.
   *
   * @param name for screen readers
   */
  public static DivTag scrolling(String name, DomContent wide) {
    return div(wide)
        .withClass("scroll")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", name);
  }
}
