package dev.turnout.lab.eval;

import dev.turnout.train.Recipe;
import dev.turnout.train.Recipes;
import dev.turnout.train.TrainingOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * A recipe with one thing changed.
 *
 * @param name for tables, e.g. {@code turnout without cells}
 * @param recipe the changed recipe
 */
public record Ablation(String name, Recipe recipe) {

  /**
   * The changes that tell what each part of the recipes is worth.
   *
   * @param defaults what is changed, one thing at a time
   */
  public static List<Ablation> all(TrainingOptions defaults) {
    List<Ablation> all = new ArrayList<>();
    double ridge = defaults.ridge();
    add(all, "turnout", "without cells", defaults.toBuilder().cells(0));
    add(all, "turnout", "without ridge", defaults.toBuilder().ridge(Double.POSITIVE_INFINITY));
    add(all, "turnout", "with one clustering", defaults.toBuilder().banks(1));
    add(all, "turnout", "with 4 cells", defaults.toBuilder().cells(4));
    add(all, "turnout", "with 32 cells", defaults.toBuilder().cells(32));
    add(all, "turnout", "with ridge / 10", defaults.toBuilder().ridge(ridge / 10));
    if (Recipes.names().contains("paper")) {
      add(all, "paper", "as published", defaults.toBuilder());
      add(all, "paper", "without sample-LLM loss", defaults.toBuilder().sampleLlmLoss(0));
      add(all, "paper", "without sample-sample loss", defaults.toBuilder().sampleSampleLoss(0));
      add(all, "paper", "with temperature 0.1", defaults.toBuilder().temperature(0.1));
      add(all, "paper", "with 3 groups", defaults.toBuilder().groups(3));
      add(all, "paper", "with 15 groups", defaults.toBuilder().groups(15));
    }
    return all;
  }

  private static void add(
      List<Ablation> all, String recipe, String change, TrainingOptions.Builder options) {
    all.add(new Ablation(recipe + " " + change, Recipes.named(recipe, options.build())));
  }
}
