package dev.turnout.eval;

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

  /** The changes that tell what each part of the recipes is worth. */
  public static List<Ablation> all() {
    List<Ablation> all = new ArrayList<>();
    TrainingOptions defaults = TrainingOptions.defaults();
    add(all, "turnout", "without cells", defaults.withCells(0));
    add(all, "turnout", "without ridge", defaults.withRidge(Double.POSITIVE_INFINITY));
    add(all, "turnout", "with one clustering", defaults.withBanks(1));
    add(all, "turnout", "with 4 cells", defaults.withCells(4));
    add(all, "turnout", "with 32 cells", defaults.withCells(32));
    add(all, "turnout", "with ridge / 10", defaults.withRidge(defaults.ridge() / 10));
    if (Recipes.names().contains("paper")) {
      add(all, "paper", "as published", defaults);
      add(all, "paper", "without sample-LLM loss", defaults.withSampleLlmLoss(0));
      add(all, "paper", "without sample-sample loss", defaults.withSampleSampleLoss(0));
      add(all, "paper", "with temperature 0.1", defaults.withTemperature(0.1));
      add(all, "paper", "with 3 groups", defaults.withGroups(3));
      add(all, "paper", "with 15 groups", defaults.withGroups(15));
    }
    return all;
  }

  private static void add(
      List<Ablation> all, String recipe, String change, TrainingOptions options) {
    all.add(new Ablation(recipe + " " + change, Recipes.named(recipe, options)));
  }
}
