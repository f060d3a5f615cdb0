package dev.turnout.train;

import java.util.Set;
import java.util.TreeSet;

/** The recipes that the command line may name. */
public final class Recipes {
  private static final Set<String> NAMES = Set.of("turnout", "paper");

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
    return switch (name) {
      case "turnout" -> new TurnoutRecipe(options);
      case "paper" -> new PaperRecipe(options);
      default ->
          throw new IllegalArgumentException(
              "no recipe is named \"" + name + "\"; choose one of " + names());
    };
  }

  /** All names. */
  public static Set<String> names() {
    return new TreeSet<>(NAMES);
  }
}
