package dev.turnout.console.tenants;

import static dev.turnout.console.page.Tables.column;
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

import dev.turnout.console.page.Words;
import dev.turnout.console.state.TenantStanding;
import dev.turnout.gateway.access.Rights;
import dev.turnout.schema.ApiKey;
import j2html.tags.DomContent;
import j2html.tags.specialized.TrTag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The keys with what they may do; never a secret, nor its hash. */
record KeyTable(List<TenantStanding> tenants, int most, Instant at) {

  KeyTable {
    tenants = List.copyOf(tenants);
  }

  DomContent element() {
    List<ApiKey> keys = tenants.stream().flatMap(tenant -> tenant.keys().stream()).toList();
    if (keys.isEmpty()) {
      return section(
              h2("Keys"),
              p("There is none: turnout keys create. Without keys the gateway answers this machine"
                      + " alone.")
                  .withClass("muted"))
          .withClass("panel");
    }
    List<ApiKey> shown = keys.subList(0, Math.min(most, keys.size()));
    return section(
            h2("Keys"),
            scrolling(
                "Keys",
                table(
                    thead(
                        tr(
                            column("Key"),
                            column("Tenant"),
                            column("State"),
                            column("May"),
                            column("Limits"),
                            column("Made"),
                            column("For"))),
                    tbody(each(shown, this::row)))),
            iff(
                shown.size() < keys.size(),
                p((keys.size() - shown.size()) + " more; turnout keys list prints all.")
                    .withClass("muted")))
        .withClass("panel");
  }

  private TrTag row(ApiKey key) {
    return tr(
        th(key.getId()).attr("scope", "row").withClass("id"),
        td(key.getTenant().isEmpty() ? "none" : key.getTenant()),
        td(state(key)),
        td(String.join(", ", rights(key))),
        td(String.join(", ", limits(key))),
        td(Words.ago(key.getCreatedAt(), at)).withTitle(Words.time(key.getCreatedAt())),
        td(key.getDescription()).withClass("cut").withTitle(key.getDescription()));
  }

  private DomContent state(ApiKey key) {
    if (key.getRevokedAt() != null) {
      return span("revoked").withClass("tag bad");
    }
    Instant end = key.getExpiresAt();
    if (end == null) {
      return span("valid").withClass("tag good");
    }
    return end.isAfter(at)
        ? span("valid until " + Words.time(end)).withClass("tag good")
        : span("expired").withClass("tag warn");
  }

  private static List<String> rights(ApiKey key) {
    List<String> rights = Rights.of(key).words();
    if (!key.getAllowedLlms().isEmpty()) {
      rights.add("only " + String.join("/", key.getAllowedLlms()));
    }
    return rights.isEmpty() ? List.of("nothing") : rights;
  }

  private static List<String> limits(ApiKey key) {
    List<String> limits = new ArrayList<>();
    if (key.getRequestsPerMinute() != null) {
      limits.add(Words.count(key.getRequestsPerMinute()) + " requests a minute");
    }
    if (key.getTokensPerMinute() != null) {
      limits.add(Words.count(key.getTokensPerMinute()) + " tokens a minute");
    }
    if (key.getConcurrency() != null) {
      limits.add(Words.count(key.getConcurrency()) + " open");
    }
    return limits.isEmpty() ? List.of("none") : limits;
  }
}
