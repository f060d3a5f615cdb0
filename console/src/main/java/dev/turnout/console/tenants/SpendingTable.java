package dev.turnout.console.tenants;

import static j2html.TagCreator.div;
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

import dev.turnout.console.page.Bar;
import dev.turnout.console.page.Tint;
import dev.turnout.console.page.Words;
import dev.turnout.console.recent.RecentQueries;
import dev.turnout.console.recent.SeenQuery;
import dev.turnout.console.state.TenantStanding;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Tenant;
import j2html.tags.DomContent;
import j2html.tags.specialized.TdTag;
import j2html.tags.specialized.ThTag;
import j2html.tags.specialized.TrTag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    List<TenantStanding> all = new ArrayList<>(tenants);
    spent.keySet().stream()
        .filter(name -> tenants.stream().noneMatch(each -> each.name().equals(name)))
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
            div(table(
                    thead(
                        tr(
                            col("Tenant"),
                            number("USD an hour"),
                            number("Spent"),
                            number("Reserved"),
                            number("Free"),
                            col(""),
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
                                row(tenant, spent.getOrDefault(tenant.name(), Spent.NOTHING))))))
                .withClass("scroll")
                .attr("tabindex", "0")
                .attr("role", "region")
                .attr("aria-label", "Spending of tenants"),
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
        td(account == null ? span() : used(account, terms, rate)),
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

  /** Of what may be spent at once, what is. */
  private static DomContent used(
      BudgetState account, @Nullable Tenant terms, @Nullable Double rate) {
    Double burst = terms == null ? null : terms.getBurstUsd();
    double most = burst != null ? burst : rate == null ? Double.NaN : rate / 10;
    return Bar.of(1 - account.getFreeUsd() / most, Tint.of(account.getTenant()));
  }

  private static String limit(@Nullable Number limit) {
    return limit == null ? "no limit" : Words.count(limit.longValue());
  }

  private static ThTag col(String name) {
    return th(name).attr("scope", "col");
  }

  private static ThTag number(String name) {
    return col(name).withClass("n");
  }

  private static TdTag figure(String text) {
    return td(text).withClass("n");
  }
}
