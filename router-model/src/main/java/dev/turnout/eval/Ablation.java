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
    double ridge = TrainingOptions.defaults().ridge();
    add(all, "turnout", "without cells", TrainingOptions.builder().cells(0));
    add(all, "turnout", "without ridge", TrainingOptions.builder().ridge(Double.POSITIVE_INFINITY));
    add(all, "turnout", "with one clustering", TrainingOptions.builder().banks(1));
    add(all, "turnout", "with 4 cells", TrainingOptions.builder().cells(4));
    add(all, "turnout", "with 32 cells", TrainingOptions.builder().cells(32));
    add(all, "turnout", "with ridge / 10", TrainingOptions.builder().ridge(ridge / 10));
    if (Recipes.names().contains("paper")) {
      add(all, "paper", "as published", TrainingOptions.builder());
      add(all, "paper", "without sample-LLM loss", TrainingOptions.builder().sampleLlmLoss(0));
      add(
          all,
          "paper",
          "without sample-sample loss",
          TrainingOptions.builder().sampleSampleLoss(0));
      add(all, "paper", "with temperature 0.1", TrainingOptions.builder().temperature(0.1));
      add(all, "paper", "with 3 groups", TrainingOptions.builder().groups(3));
      add(all, "paper", "with 15 groups", TrainingOptions.builder().groups(15));
    }
    return all;
  }

  private static void add(
      List<Ablation> all, String recipe, String change, TrainingOptions.Builder options) {
    all.add(new Ablation(recipe + " " + change, Recipes.named(recipe, options.build())));
  }
}
