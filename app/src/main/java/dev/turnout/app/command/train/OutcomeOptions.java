package dev.turnout.app.command.train;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.train.Recipe;
import dev.turnout.train.Recipes;
import dev.turnout.train.TrainingOptions;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What training and evaluation have in common on the command line. */
public final class OutcomeOptions {

  /** The recipes that are there; other modules may bring some. */
  static final class RecipeNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Recipes.names().iterator();
    }
  }

  @Mixin public RecordedOutcomesOption data = new RecordedOutcomesOption();

  @Option(
      names = "--encoder",
      paramLabel = "KIND",
      defaultValue = "static",
      description =
          "Encoder of the queries: static, transformer, hybrid, auto or a fine-tuned FILE.encoder"
              + " (default: ${DEFAULT-VALUE}).")
  public String encoder;

  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      defaultValue = "turnout",
      completionCandidates = RecipeNames.class,
      description = "How to train: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  String recipe;

  @Option(
      names = "--no-cache",
      description = "Encode again, even if vectors of these very texts are in the user's cache.")
  public boolean withoutCache;

  @Option(names = "--json", description = "Print one JSON object as the last line.")
  public boolean json;

  public EncoderSettings encoderSettings() {
    return encoderSettings(encoder);
  }

  public static EncoderSettings encoderSettings(String kind) {
    if (kind.endsWith(EncoderSettings.FINE_TUNED)) {
      return EncoderSettings.transformer().toBuilder().fineTuned(kind).build();
    }
    try {
      return EncoderSettings.builder()
          .kind(EncoderSettings.Kind.valueOf(kind.toUpperCase(Locale.ROOT)))
          .build();
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          "--encoder "
              + kind
              + " is unknown; choose one of "
              + Set.of(EncoderSettings.Kind.values()).toString().toLowerCase(Locale.ROOT),
          e);
    }
  }

  public Recipe chosenRecipe(TrainingOptions options) {
    try {
      return Recipes.named(recipe, options);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("--recipe: " + e.getMessage(), e);
    }
  }
}
