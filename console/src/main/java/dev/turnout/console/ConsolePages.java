package dev.turnout.console;

import dev.turnout.console.page.Page;
import java.util.List;

/** All pages, in the order of the navigation; the first is shown at the root. */
final class ConsolePages {
  static final List<Page> ALL = List.of();

  private ConsolePages() {}
}
