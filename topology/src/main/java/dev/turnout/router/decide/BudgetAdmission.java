package dev.turnout.router.decide;

import dev.turnout.budget.Allowance;
import dev.turnout.budget.BudgetSettings;
import dev.turnout.budget.BudgetView;
import dev.turnout.control.tenant.TenantDirectory;
import dev.turnout.policy.Candidate;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetMovement;
import dev.turnout.schema.Query;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Admits queries of tenants with a budget: rules out LLMs that the tenant cannot pay for at
 * present, and draws the expected cost of those that are asked. Belongs to one partition of the
 * queries and so draws on one share of every budget. Confined to one thread.
 */
public final class BudgetAdmission {
  /** From a decision to the owner's word that counts it; far longer than it usually takes. */
  private static final Duration LAG = Duration.ofSeconds(5);

  private final Supplier<TenantDirectory> tenants;
  private final IntSupplier partitions;
  private final Function<String, @Nullable BudgetView> owners;
  private final Map<String, Allowance> allowances = new HashMap<>();

  /**
   * Admission by budgets.
   *
   * @param tenants what tenants may spend at present
   * @param partitions of the queries topic at present; each has an equal share
   * @param owners the owners' last words by tenant
   */
  public BudgetAdmission(
      Supplier<TenantDirectory> tenants,
      IntSupplier partitions,
      Function<String, @Nullable BudgetView> owners) {
    this.tenants = tenants;
    this.partitions = partitions;
    this.owners = owners;
  }

  /** Predicted success a saved US cent is worth to a tenant, beyond its queries' own weights. */
  double price(String tenant) {
    Allowance allowance = allowances.get(tenant);
    return allowance == null ? 0 : allowance.price();
  }

  /**
   * Rules out what the tenant cannot pay for. An LLM without prices costs nothing here.
   *
   * @throws ExhaustedException if nothing remains that was eligible before
   */
  List<Candidate> affordable(Query query, List<Candidate> candidates, Instant now) {
    Allowance allowance = allowance(query.getTenant(), now);
    if (allowance == null) {
      return candidates;
    }
    double available = allowance.availableUsd(now);
    List<Candidate> left = new ArrayList<>(candidates.size());
    double cheapest = Double.POSITIVE_INFINITY;
    boolean any = false;
    for (Candidate candidate : candidates) {
      double cost = candidate.expectedCostUsd();
      if (!candidate.eligible()) {
        left.add(candidate);
      } else if (cost > available) {
        cheapest = Math.min(cheapest, cost);
        left.add(candidate.ineligible("dearer than what the tenant's budget has left"));
      } else {
        any = true;
        left.add(candidate);
      }
    }
    if (!any && Double.isFinite(cheapest)) {
      throw new ExhaustedException(
          String.format(
              Locale.ROOT,
              "the budget of tenant \"%s\" has %.6f USD left for this partition of the queries, but"
                  + " the cheapest LLM that may answer costs %.6f; %s",
              query.getTenant(),
              available,
              cheapest,
              remedy(query.getTenant(), cheapest)),
          event(query, "", BudgetMovement.REFUSED, cheapest - available, now));
    }
    return left;
  }

  private String remedy(String tenant, double cost) {
    BudgetSettings settings = tenants.get().budgetOf(tenant);
    String option = "--budget USD`";
    String why = "more flows in, or raise it";
    if (settings != null && cost > share() * settings.burstUsd()) {
      option = "--burst USD`";
      why = "raise the burst, of which each partition has but its share,";
    }
    return why + " with `turnout tenants set " + tenant + " " + option;
  }

  /** Draws what the asked LLMs are expected to cost; returns what the owner must hear. */
  List<BudgetEvent> draw(Query query, List<Candidate> asked, Instant now) {
    Allowance allowance = allowance(query.getTenant(), now);
    if (allowance == null) {
      return List.of();
    }
    List<BudgetEvent> events = new ArrayList<>();
    for (Candidate candidate : asked) {
      double cost = candidate.expectedCostUsd();
      if (cost > 0) {
        allowance.draw(cost, now);
        events.add(event(query, candidate.llm(), BudgetMovement.RESERVED, cost, now));
      }
    }
    return events;
  }

  private @Nullable Allowance allowance(String tenant, Instant now) {
    BudgetSettings settings = tenants.get().budgetOf(tenant);
    if (settings == null) {
      allowances.remove(tenant);
      return null;
    }
    Allowance allowance =
        allowances.computeIfAbsent(tenant, name -> new Allowance(settings, share(), LAG, now));
    allowance.change(settings);
    allowance.changeShare(share());
    BudgetView word = owners.apply(tenant);
    if (word != null) {
      allowance.observe(word);
    }
    return allowance;
  }

  private double share() {
    return 1.0 / partitions.getAsInt();
  }

  private BudgetEvent event(Query query, String llm, BudgetMovement kind, double usd, Instant now) {
    return BudgetEvent.newBuilder()
        .setTenant(query.getTenant())
        .setQueryId(query.getId())
        .setLlm(llm)
        .setKind(kind)
        .setUsd(usd)
        .setAt(now.truncatedTo(ChronoUnit.MILLIS))
        .build();
  }

  /** No LLM that may answer a query can be paid for from what its tenant's budget has left. */
  static final class ExhaustedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient BudgetEvent event;

    private ExhaustedException(String message, BudgetEvent event) {
      // Without a stack trace: it is an outcome of deciding, and may come with every query.
      super(message, null, false, false);
      this.event = event;
    }

    /** The refusal, for the tenant's account. */
    BudgetEvent event() {
      return event;
    }
  }
}
