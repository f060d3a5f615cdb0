package dev.turnout.console.tenants;

import static j2html.TagCreator.div;
import static j2html.TagCreator.p;

import dev.turnout.console.page.Fragment;
import dev.turnout.console.page.Page;
import dev.turnout.console.page.PageRequest;
import j2html.tags.DomContent;
import java.util.List;

/** Who spends what, may spend what, and with which keys. */
public final class TenantsPage implements Page {
  /** Rows beyond are left out, and the page says so. */
  private static final int MOST = 200;

  @Override
  public String path() {
    return "/tenants";
  }

  @Override
  public String title() {
    return "Tenants";
  }

  @Override
  public DomContent content(PageRequest request) {
    return div(
        p("Budgets and limits are set by turnout tenants set, keys are made by turnout keys create;"
                + " a key's secret is nowhere but with whoever made it.")
            .withClass("lead"),
        spending(request).element(),
        keys(request).element());
  }

  @Override
  public List<Fragment> live(PageRequest request) {
    return List.of(spending(request), keys(request));
  }

  private static Fragment spending(PageRequest request) {
    return new Fragment(
        "spending",
        new SpendingTable(request.state().tenants(), request.state().recent(), MOST, request.at())
            .element());
  }

  private static Fragment keys(PageRequest request) {
    return new Fragment(
        "keys", new KeyTable(request.state().tenants(), MOST, request.at()).element());
  }
}
