package dev.turnout.offpolicy.savings;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is remembered of graded choices: sums by tenant, cell and LLM, never the choices. The sums
 * of two days are the sums of both. Confined to one thread.
 *
 * <p>Memory is bounded: so many pairs of tenant and cell are told apart, about half a kibibyte for
 * each LLM of each; the choices of those that come later count with {@link #OTHERS}, so that totals
 * stay whole.
 */
public final class RoutedTraffic {
  /** The tenant that stands for those that found no room. */
  public static final String OTHERS = "(others)";

  /**
   * A part of the traffic.
   *
   * @param tenant whose
   * @param cell which region of its queries; {@link PricedChoice#NO_CELL} for none
   */
  public record Part(String tenant, int cell) {}

  private final int most;
  private final Map<Part, Stratum> strata = new LinkedHashMap<>();

  /**
   * Nothing so far.
   *
   * @param most pairs of tenant and cell that are told apart, at least 1
   */
  public RoutedTraffic(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("at least one part must have room, but most was " + most);
    }
    this.most = most;
  }

  /** Takes in a choice. */
  public void add(PricedChoice choice) {
    stratum(new Part(choice.tenant(), choice.cell())).add(choice);
  }

  /** Takes in all that another remembers. */
  public void add(RoutedTraffic other) {
    other.strata.forEach((part, sums) -> stratum(part).add(sums));
  }

  private Stratum stratum(Part part) {
    Stratum known = strata.get(part);
    if (known != null) {
      return known;
    }
    Part kept = strata.size() < most ? part : new Part(OTHERS, PricedChoice.NO_CELL);
    return strata.computeIfAbsent(kept, unused -> new Stratum());
  }

  /** Number of choices. */
  public long choices() {
    return strata.values().stream().mapToLong(Stratum::choices).sum();
  }

  Map<Part, Stratum> strata() {
    return Collections.unmodifiableMap(strata);
  }

  /** Sums over all cells of a tenant or, by cell, over all tenants. */
  Map<Integer, Stratum> byCell() {
    Map<Integer, Stratum> cells = new HashMap<>();
    strata.forEach(
        (part, sums) -> cells.computeIfAbsent(part.cell(), unused -> new Stratum()).add(sums));
    return cells;
  }
}
