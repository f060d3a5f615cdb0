package dev.turnout.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleFunction;

/**
 * The policies that configuration and queries may name. All of them keep a request's exploration
 * floor; without one, only Thompson sampling has a floor.
 */
public final class Policies {
  /** By name, what makes the policy for a temper. */
  private static final Map<String, DoubleFunction<SelectionPolicy>> BY_NAME =
      byName(
          List.of(
              floored(new ArgMaxPolicy()),
              floored(new SamplePolicy()),
              floored(new RandomPolicy()),
              floored(new WeightedPolicy()),
              floored(new CheapestPolicy()),
              temper -> new ThompsonPolicy(ThompsonPolicy.DEFAULT_FLOOR, temper),
              floored(new GuardPolicy(new ArgMaxPolicy())),
              floored(new SelectLlmArgMaxPolicy()),
              floored(new SelectLlmRandomPolicy()),
              floored(
                  new SelectLlmPredictionPolicy(
                      "selectllm-prediction", ConfidenceTarget.ofAnyRight())),
              floored(
                  new SelectLlmPredictionPolicy(
                      "selectllm-sorted", ConfidenceTarget.ofWeakestRight()))));

  private Policies() {}

  /**
   * The policy of a name; stateless and safe to share between threads.
   *
   * @throws IllegalArgumentException if no policy has the name; the message lists all names
   */
  public static SelectionPolicy named(String name) {
    return named(name, ThompsonPolicy.DEFAULT_TEMPER);
  }

  /**
   * The policy of a name, with a sharpness for the one that has it.
   *
   * @param temper factor on the uncertainty that Thompson sampling explores by, >= 0
   * @throws IllegalArgumentException if no policy has the name; the message lists all names
   */
  public static SelectionPolicy named(String name, double temper) {
    DoubleFunction<SelectionPolicy> policy = BY_NAME.get(name);
    if (policy == null) {
      throw new IllegalArgumentException(
          "no selection policy is named \"" + name + "\"; choose one of " + names());
    }
    return policy.apply(temper);
  }

  /** All names, the default first. */
  public static Set<String> names() {
    return BY_NAME.keySet();
  }

  /** Thompson sampling has a floor and a temper of its own; any other policy is given a floor. */
  private static DoubleFunction<SelectionPolicy> floored(SelectionPolicy policy) {
    SelectionPolicy floored = new ExplorationFloor(policy, 0);
    return temper -> floored;
  }

  private static Map<String, DoubleFunction<SelectionPolicy>> byName(
      List<DoubleFunction<SelectionPolicy>> policies) {
    Map<String, DoubleFunction<SelectionPolicy>> byName = new LinkedHashMap<>();
    for (DoubleFunction<SelectionPolicy> policy : policies) {
      byName.put(policy.apply(ThompsonPolicy.DEFAULT_TEMPER).name(), policy);
    }
    return Collections.unmodifiableMap(byName);
  }
}
