package dev.turnout.console.page;

import j2html.TagCreator;
import j2html.tags.DomContent;
import j2html.tags.specialized.DivTag;

/**
 * A part of a page that changes while the page is open.
 *
 * @param id of its element, small letters and hyphens, once a page
 */
public record Fragment(String id, DomContent content) {

  /** Checks the id. */
  public Fragment {
    if (!id.matches("[a-z][a-z-]*")) {
      throw new IllegalArgumentException("fragment \"" + id + "\": small letters and hyphens only");
    }
  }

  /** The element to put on the page. */
  public DivTag element() {
    return TagCreator.div(content).withId(id).withClass("live");
  }
}
