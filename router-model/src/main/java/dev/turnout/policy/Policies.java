package dev.turnout.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleFunction;

/** The policies that configuration and queries may name. */
public final class Policies {
  /** By name, what makes the policy for a temper. */
  private static final Map<String, DoubleFunction<SelectionPolicy>> BY_NAME =
      byName(
          List.of(
              untempered(new ArgMaxPolicy()),
              untempered(new SamplePolicy()),
              untempered(new RandomPolicy()),
              untempered(new WeightedPolicy()),
              temper -> new ThompsonPolicy(ThompsonPolicy.DEFAULT_FLOOR, temper),
              untempered(new GuardPolicy(new ArgMaxPolicy())),
              untempered(new SelectLlmArgMaxPolicy()),
              untempered(new SelectLlmRandomPolicy()),
              untempered(
                  new SelectLlmPredictionPolicy(
                      "selectllm-prediction", ConfidenceTarget.ofAnyRight())),
              untempered(
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

  private static DoubleFunction<SelectionPolicy> untempered(SelectionPolicy policy) {
    return temper -> policy;
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
