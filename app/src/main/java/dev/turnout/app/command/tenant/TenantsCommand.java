package dev.turnout.app.command.tenant;

import dev.turnout.app.command.ActionsCommand;
import dev.turnout.app.command.Connection;
import dev.turnout.app.command.ConnectionOptions;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.control.tenant.TenantPublisher;
import dev.turnout.schema.Tenant;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists, sets and removes what holds for single tenants; effective without a restart. */
@Command(
    name = "tenants",
    mixinStandardHelpOptions = true,
    description =
        "List, set or remove what tenants may spend, how far their queries explore and how much their"
            + " keys may ask; nothing restarts.",
    synopsisSubcommandLabel = "ACTION",
    commandListHeading = "%nActions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout tenants list",
      "  turnout tenants set acme --budget 5              5 USD an hour",
      "  turnout tenants set acme --burst 1               1 USD at once after a pause",
      "  turnout tenants set acme --exploration-floor 0   its queries never explore",
      "  turnout tenants set acme --budget none           as much as it likes again",
      "  turnout tenants set acme --concurrency 50        of all its keys, at each gateway",
      "  turnout tenants remove acme                      nothing of its own holds any more"
    })
public final class TenantsCommand extends ActionsCommand {

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the tenants with budget, burst, floor, what they have spent, and limits.",
      footerHeading = "%nExample:%n",
      footer = "  turnout tenants list --json")
  void list(
      @Mixin ConnectionOptions options,
      @Option(names = "--json", description = "End with one JSON object: tenants.") boolean json) {
    Connection connection = options.open();
    TenantListing listing =
        new TenantListing(connection.tenants().values(), connection.budgetStates());
    answer(listing.text(), json, listing::json);
  }

  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description = "Set what holds for a tenant: what no option names keeps its value.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  turnout tenants set acme --budget 5 --burst 1",
        "  turnout tenants set acme --burst none            six minutes' worth of its budget"
      })
  void set(
      @Parameters(paramLabel = "TENANT", description = "As in the field tenant of its queries.")
          String id,
      @Mixin TenantOptions options,
      @Mixin ConnectionOptions where)
      throws InterruptedException {
    options.check();
    Connection connection = where.open();
    Tenant known = connection.tenants().get(id);
    Tenant.Builder tenant =
        known == null ? Tenant.newBuilder().setTenant(id) : Tenant.newBuilder(known);
    Tenant next =
        options.applyTo(tenant).setUpdatedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS)).build();
    try (TenantPublisher publisher = connection.tenantPublisher()) {
      publisher.publish(next);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
    say("tenant " + id + ": " + TenantListing.words(next));
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "Let nothing of its own hold for a tenant; its account is closed.",
      footerHeading = "%nExample:%n",
      footer = "  turnout tenants remove acme")
  void remove(
      @Parameters(paramLabel = "TENANT", description = "Its name.") String id,
      @Mixin ConnectionOptions where)
      throws InterruptedException {
    Connection connection = where.open();
    Tenant unused = require(connection.tenants(), "tenant", id, connection.topics().tenants());
    try (TenantPublisher publisher = connection.tenantPublisher()) {
      publisher.remove(id);
    }
    say("tenant " + id + " is removed: it spends and explores like all others.");
  }
}
