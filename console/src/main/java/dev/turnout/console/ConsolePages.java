package dev.turnout.console;

import dev.turnout.console.learning.LearningPage;
import dev.turnout.console.letters.LettersPage;
import dev.turnout.console.now.NowPage;
import dev.turnout.console.page.Page;
import dev.turnout.console.savings.ParetoPage;
import dev.turnout.console.savings.SavingsPage;
import dev.turnout.console.tenants.TenantsPage;
import dev.turnout.console.tries.TryPage;
import dev.turnout.console.why.WhyPage;
import java.util.List;

/** All pages, in the order of the navigation; the first is shown at the root. */
final class ConsolePages {
  static final List<Page> ALL =
      List.of(
          new NowPage(),
          new SavingsPage(),
          new WhyPage(),
          new LearningPage(),
          new TryPage(),
          new ParetoPage(),
          new LettersPage(),
          new TenantsPage());

  private ConsolePages() {}
}
