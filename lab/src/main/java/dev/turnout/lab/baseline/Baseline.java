package dev.turnout.lab.baseline;

import dev.turnout.app.data.EncodedQueries;
import java.util.Set;

/**
 * A router or a bound to be measured against. Stateless; equal inputs and seeds fit equally.
 *
 * @param name in tables and JSON, e.g. {@code knn}
 * @param description what it is and where it comes from, one line for people
 * @param method how it is fitted
 * @param traits what an evaluation has to know about it
 */
public record Baseline(String name, String description, Method method, Set<Trait> traits) {

  /** What an evaluation has to know about a baseline. */
  public enum Trait {
    /** It looks at the rewards of the routed queries: a bound, not a router. */
    HINDSIGHT,
    /** The seed can change the outcome. */
    SEEDED
  }

  /** A way of fitting. */
  @FunctionalInterface
  public interface Method {
    /**
     * Fits on training queries.
     *
     * @param train at least one query
     * @param seed source of every random choice
     */
    FittedBaseline fit(EncodedQueries train, long seed);
  }

  public Baseline {
    traits = Set.copyOf(traits);
  }

  /** A baseline with the given traits. */
  public Baseline(String name, String description, Method method, Trait... traits) {
    this(name, description, method, Set.of(traits));
  }

  /** True when it looks at the rewards of the routed queries: a bound, not a router. */
  public boolean hindsight() {
    return traits.contains(Trait.HINDSIGHT);
  }

  /** True when the seed can change the outcome. */
  public boolean seeded() {
    return traits.contains(Trait.SEEDED);
  }

  /** Fits on training queries; see {@link Method}. */
  public FittedBaseline fit(EncodedQueries train, long seed) {
    return method.fit(train, seed);
  }
}
