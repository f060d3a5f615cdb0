package dev.turnout.train;

import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The recipes that the command line may name: ours, and those that other modules provide. */
public final class Recipes {
  private static final Map<String, Function<TrainingOptions, Recipe>> BY_NAME = byName();

  private Recipes() {}

  /**
   * A recipe with its default settings.
   *
   * @throws IllegalArgumentException if no recipe has the name; the message lists all names
   */
  public static Recipe named(String name) {
    return named(name, TrainingOptions.defaults());
  }

  /** A recipe with other settings, for ablations. */
  public static Recipe named(String name, TrainingOptions options) {
    Function<TrainingOptions, Recipe> recipe = BY_NAME.get(name);
    if (recipe == null) {
      throw new IllegalArgumentException(
          "no recipe is named \"" + name + "\"; choose one of " + names());
    }
    return recipe.apply(options);
  }

  /** All names. */
  public static Set<String> names() {
    return new TreeSet<>(BY_NAME.keySet());
  }

  private static Map<String, Function<TrainingOptions, Recipe>> byName() {
    Map<String, Function<TrainingOptions, Recipe>> all = new TreeMap<>();
    all.put("turnout", TurnoutRecipe::new);
    for (RecipeProvider provider : ServiceLoader.load(RecipeProvider.class)) {
      all.put(provider.name(), provider::recipe);
    }
    return all;
  }
}
