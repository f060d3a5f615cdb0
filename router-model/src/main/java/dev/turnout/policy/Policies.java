package dev.turnout.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The policies that configuration and queries may name. */
public final class Policies {
  private static final Map<String, SelectionPolicy> BY_NAME = byName();

  private Policies() {}

  /**
   * The policy of a name; stateless and safe to share between threads.
   *
   * @throws IllegalArgumentException if no policy has the name; the message lists all names
   */
  public static SelectionPolicy named(String name) {
    SelectionPolicy policy = BY_NAME.get(name);
    if (policy == null) {
      throw new IllegalArgumentException(
          "no selection policy is named \"" + name + "\"; choose one of " + names());
    }
    return policy;
  }

  /**
   * The policy of a name, with a sharpness for the one that has it.
   *
   * @param temper factor on the uncertainty that Thompson sampling explores by, >= 0
   * @throws IllegalArgumentException if no policy has the name; the message lists all names
   */
  public static SelectionPolicy named(String name, double temper) {
    SelectionPolicy policy = named(name);
    return policy instanceof ThompsonPolicy
        ? new ThompsonPolicy(ThompsonPolicy.DEFAULT_FLOOR, temper)
        : policy;
  }

  /** All names, the default first. */
  public static Set<String> names() {
    return BY_NAME.keySet();
  }

  private static Map<String, SelectionPolicy> byName() {
    Map<String, SelectionPolicy> policies = new LinkedHashMap<>();
    for (SelectionPolicy policy :
        List.of(
            new ArgMaxPolicy(),
            new SamplePolicy(),
            new RandomPolicy(),
            new WeightedPolicy(),
            new ThompsonPolicy(),
            new GuardPolicy(new ArgMaxPolicy()),
            new SelectLlmArgMaxPolicy(),
            new SelectLlmRandomPolicy(),
            new SelectLlmPredictionPolicy("selectllm-prediction", ConfidenceTarget.ofAnyRight()),
            new SelectLlmPredictionPolicy("selectllm-sorted", ConfidenceTarget.ofWeakestRight()))) {
      policies.put(policy.name(), policy);
    }
    return Collections.unmodifiableMap(policies);
  }
}
