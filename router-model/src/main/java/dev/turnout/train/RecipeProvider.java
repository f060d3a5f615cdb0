package dev.turnout.train;

/** A recipe that another module brings along; found by {@link java.util.ServiceLoader}. */
public interface RecipeProvider {

  /** Name as used on the command line. */
  String name();

  /** The recipe with these settings. */
  Recipe recipe(TrainingOptions options);
}
