package dev.turnout.console.tenants;

import static dev.turnout.console.page.Tables.column;
import static dev.turnout.console.page.Tables.number;
import static dev.turnout.console.page.Tables.scrolling;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import dev.turnout.budget.BudgetSettings;
import dev.turnout.console.page.Bar;
import dev.turnout.console.page.Tint;
import dev.turnout.console.page.Words;
import dev.turnout.console.recent.RecentQueries;
import dev.turnout.console.recent.SeenQuery;
import dev.turnout.console.state.TenantStanding;
import dev.turnout.control.tenant.TenantTerms;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Tenant;
import j2html.tags.DomContent;
import j2html.tags.specialized.TdTag;
import j2html.tags.specialized.TrTag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What each tenant spends and may spend.
 *
 * @param recent the latest decisions, for what tenants without a budget spend
 * @param most rows
 */
record SpendingTable(List<TenantStanding> tenants, RecentQueries recent, int most, Instant at) {

  SpendingTable {
    tenants = List.copyOf(tenants);
  }

  private record Spent(long queries, double usd) {
    static final Spent NOTHING = new Spent(0, 0);

    Spent plus(Spent other) {
      return new Spent(queries + other.queries, usd + other.usd);
    }
  }

  DomContent element() {
    Map<String, Spent> spent = latest();
    Set<String> named = tenants.stream().map(TenantStanding::name).collect(Collectors.toSet());
    List<TenantStanding> all = new ArrayList<>(tenants);
    spent.keySet().stream()
        .filter(name -> !named.contains(name))
        .sorted()
        .forEach(name -> all.add(new TenantStanding(name, null, null, List.of())));
    if (all.isEmpty()) {
      return section(
              h2("Spending"),
              p("No query has named a tenant, and none was set: turnout tenants set.")
                  .withClass("muted"))
          .withClass("panel");
    }
    List<TenantStanding> shown = all.subList(0, Math.min(most, all.size()));
    return section(
            h2("Spending"),
            scrolling(
                "Spending of tenants",
                table(
                    thead(
                        tr(
                            column("Tenant"),
                            number("USD an hour"),
                            number("Spent"),
                            number("Reserved"),
                            number("Free"),
                            column(""),
                            number("Price"),
                            number("Exploration"),
                            number("Requests a minute"),
                            number("Tokens a minute"),
                            number("Latest queries"),
                            number("their cost"))),
                    tbody(
                        each(
                            shown,
                            tenant ->
                                row(tenant, spent.getOrDefault(tenant.name(), Spent.NOTHING)))))),
            iff(
                shown.size() < all.size(),
                p((all.size() - shown.size()) + " more; turnout tenants list prints all.")
                    .withClass("muted")),
            p("Spent is counted since the budget began. Price is the predicted success that a saved"
                    + " cent is worth while the budget binds; 0 while it does not. The latest"
                    + " queries are those that the console keeps whole.")
                .withClass("note"))
        .withClass("panel");
  }

  private Map<String, Spent> latest() {
    Map<String, Spent> spent = new HashMap<>();
    for (SeenQuery query : recent.latest(Integer.MAX_VALUE, any -> true)) {
      String tenant = query.decision().getTenant();
      if (tenant != null && !tenant.isEmpty()) {
        double usd = query.outcomes().stream().mapToDouble(SpendingTable::cost).sum();
        spent.merge(tenant, new Spent(1, usd), Spent::plus);
      }
    }
    return spent;
  }

  private static double cost(Outcome outcome) {
    Double usd = outcome.getCostUsd();
    return usd == null || !Double.isFinite(usd) ? 0 : usd;
  }

  private TrTag row(TenantStanding tenant, Spent spent) {
    Tenant terms = tenant.terms();
    BudgetState account = tenant.account();
    Double rate = terms == null ? null : terms.getBudgetUsdPerHour();
    return tr(
        th(Bar.dot(Tint.of(tenant.name())), span(tenant.name())).attr("scope", "row"),
        figure(rate == null ? "no budget" : Words.usd(rate)),
        figure(account == null ? Words.UNKNOWN : Words.usd(account.getSpentUsd())),
        figure(account == null ? Words.UNKNOWN : Words.usd(account.getReservedUsd())),
        account == null
            ? figure(Words.UNKNOWN)
            : figure(Words.usd(account.getFreeUsd()))
                .withClass(account.getFreeUsd() < 0 ? "n bad" : "n"),
        td(account == null ? span() : used(account, terms)),
        figure(account == null ? Words.UNKNOWN : Words.number(account.getPrice(), 3)),
        figure(
            terms == null || terms.getExplorationFloor() == null
                ? "as all"
                : Words.percent(terms.getExplorationFloor())),
        figure(limit(terms == null ? null : terms.getRequestsPerMinute())),
        figure(limit(terms == null ? null : terms.getTokensPerMinute())),
        figure(Words.count(spent.queries())),
        figure(Words.usd(spent.usd())));
  }

  /** Of what may be spent at once, what is; empty where the budget was taken back. */
  private static DomContent used(BudgetState account, @Nullable Tenant terms) {
    BudgetSettings budget = terms == null ? null : TenantTerms.of(terms).budget();
    double most = budget == null ? Double.NaN : budget.burstUsd();
    return Bar.of(1 - account.getFreeUsd() / most, Tint.of(account.getTenant()));
  }

  private static String limit(@Nullable Number limit) {
    return limit == null ? "no limit" : Words.count(limit.longValue());
  }

  private static TdTag figure(String text) {
    return td(text).withClass("n");
  }
}
