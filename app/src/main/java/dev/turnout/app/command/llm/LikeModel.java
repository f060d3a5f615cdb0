package dev.turnout.app.command.llm;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.config.SettingKind;
import dev.turnout.llm.catalogue.KnownModel;
import dev.turnout.llm.catalogue.ModelCatalogue;
import dev.turnout.schema.LlmProfile;
import java.util.ArrayList;
import java.util.List;

/** Starts an LLM's profile from what is known of a model. */
public final class LikeModel {

  private LikeModel() {}

  /**
   * The model of a name.
   *
   * @throws CommandFailure naming those that are known if it is not among them
   */
  public static KnownModel find(ModelCatalogue catalogue, String name) {
    return catalogue
        .find(name)
        .orElseThrow(
            () ->
                new CommandFailure(
                    "--like "
                        + name
                        + ": the catalogue does not know that model; it knows "
                        + String.join(", ", catalogue.ids())));
  }

  /**
   * Takes over what is known; what is not keeps its value.
   *
   * @param date of the catalogue
   * @return what was taken, in words
   */
  public static String applyTo(LlmProfile.Builder profile, KnownModel model, String date) {
    List<String> taken = new ArrayList<>();
    if (model.inputUsdPerMillionTokens() != null && model.outputUsdPerMillionTokens() != null) {
      profile.setInputUsdPerMillionTokens(model.inputUsdPerMillionTokens());
      profile.setOutputUsdPerMillionTokens(model.outputUsdPerMillionTokens());
      profile.setCachedInputUsdPerMillionTokens(model.cachedInputUsdPerMillionTokens());
      taken.add(
          "input "
              + model.inputUsdPerMillionTokens()
              + ", output "
              + model.outputUsdPerMillionTokens()
              + (model.cachedInputUsdPerMillionTokens() == null
                  ? ""
                  : ", cached input " + model.cachedInputUsdPerMillionTokens())
              + " USD per 1M tokens");
    }
    profile.setContextWindow(model.contextWindow());
    taken.add("context window " + model.contextWindow());
    if (model.maxOutputTokens() != null) {
      profile.setMaxOutputTokens(model.maxOutputTokens());
      taken.add("longest answer " + model.maxOutputTokens());
    }
    profile.setCapabilities(model.capabilities());
    taken.add("capabilities " + String.join(", ", model.capabilities()));
    return "Like "
        + model.id()
        + " (as of "
        + date
        + "; check the prices): "
        + String.join("; ", taken)
        + ". Its workers speak worker.dialect="
        + SettingKind.nameOf(model.dialect())
        + ".";
  }
}
