package dev.turnout.console.page;

import j2html.tags.DomContent;
import java.util.List;
import java.util.Map;

/**
 * One page of the console. Its calls come from several threads; it keeps nothing between them,
 * since all that it shows stands in the request's {@link PageRequest#state() state}.
 */
public interface Page {

  /** Where it is, one word below the root, e.g. {@code /now}. */
  String path();

  /** Its name in the navigation and its heading, e.g. {@code Now}. */
  String title();

  /**
   * What it shows below its heading, made with j2html's tags: text and attributes are escaped by
   * them, so nothing else that writes HTML is allowed. Elements of {@link #live} are among it.
   */
  DomContent content(PageRequest request);

  /**
   * What goes on changing while the page is open: rendered about once a second, sent when it is
   * another than before, and put in the place of the same fragment in the browser. Links and inputs
   * inside need ids, so that the focus stays where it is.
   */
  default List<Fragment> live(PageRequest request) {
    return List.of();
  }

  /** What may be done here, by the name below its path, e.g. {@code promote}; sent by POST. */
  default Map<String, PageAction> actions() {
    return Map.of();
  }
}
