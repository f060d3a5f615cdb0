package dev.turnout.router.decide;

import dev.turnout.policy.Policies;
import dev.turnout.policy.SelectionPolicy;
import dev.turnout.schema.QueryConstraints;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which policy decides a query: the one it wishes, else the router's own. */
final class PolicyChoice {
  /** What argmax is to a tenant whose money has become dear: it looks at costs too. */
  private static final SelectionPolicy PRICED = Policies.named("weighted");

  private final Map<String, SelectionPolicy> policies;
  private final SelectionPolicy usual;

  /**
   * A choice among all policies.
   *
   * @param usual name of the router's own
   * @param temper of the policy that has one
   */
  PolicyChoice(String usual, double temper) {
    this.policies =
        Policies.names().stream()
            .collect(
                Collectors.toUnmodifiableMap(name -> name, name -> Policies.named(name, temper)));
    this.usual = Policies.named(usual, temper);
  }

  /**
   * The policy for a query.
   *
   * @param price predicted success that a saved US cent is worth to the tenant
   * @param notes hear of a wish that cannot be met
   */
  SelectionPolicy of(@Nullable QueryConstraints constraints, double price, DecisionNotes notes) {
    String wish = constraints == null ? null : constraints.getPolicy();
    if (wish == null) {
      return price > 0 && usual.name().equals("argmax") ? PRICED : usual;
    }
    SelectionPolicy wished = policies.get(wish);
    if (wished == null) {
      notes.add(
          "policy \""
              + wish
              + "\" is unknown, "
              + usual.name()
              + " took its place; known are "
              + Policies.names());
      return usual;
    }
    return wished;
  }
}
