package dev.turnout.lab.paper;

import dev.turnout.train.Recipe;
import dev.turnout.train.RecipeProvider;
import dev.turnout.train.TrainingOptions;

/** Makes {@code --recipe paper} known. */
public final class PaperRecipeProvider implements RecipeProvider {

  @Override
  public String name() {
    return "paper";
  }

  @Override
  public Recipe recipe(TrainingOptions options) {
    return new PaperRecipe(options);
  }
}
