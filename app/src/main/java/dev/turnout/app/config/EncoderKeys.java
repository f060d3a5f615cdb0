package dev.turnout.app.config;

import static dev.turnout.config.SettingKind.TEXT;
import static dev.turnout.config.SettingKind.choice;
import static dev.turnout.config.SettingKind.whole;

import dev.turnout.config.Setting;
import dev.turnout.config.SettingGroup;
import dev.turnout.config.SettingValues;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.encoder.EncoderSettings.Device;
import dev.turnout.encoder.EncoderSettings.Engine;
import dev.turnout.encoder.EncoderSettings.Kind;
import dev.turnout.encoder.EncoderSettings.Precision;

/** The keys of {@link EncoderSettings}, which belong to the core and know no configuration. */
public final class EncoderKeys {
  static final SettingGroup KEYS =
      SettingGroup.closed("encoder", "What turns a query into a vector");

  private static final Setting<Kind> KIND =
      KEYS.key("kind", choice(Kind.class), "auto")
          .doc("auto takes the transformer on a GPU, else the static encoder; hybrid joins both.");
  private static final Setting<Engine> ENGINE =
      KEYS.key("engine", choice(Engine.class), "auto")
          .doc("What runs the transformer; auto is PyTorch on a GPU, ONNX Runtime on a CPU.");
  private static final Setting<Device> DEVICE =
      KEYS.key("device", choice(Device.class), "auto").doc("Where the transformer runs.");
  private static final Setting<Precision> PRECISION =
      KEYS.key("precision", choice(Precision.class), "auto")
          .doc("Number format of the transformer's weights.");
  private static final Setting<Integer> MAX_TOKENS =
      KEYS.key("max-tokens", whole(0, 8192), 0)
          .doc(
              "Longest text in tokens, at least 8; longer ones keep head and tail. 0 takes 512 for"
                  + " the static encoder and 128 for a transformer.");
  private static final Setting<Integer> TOKEN_BUDGET =
      KEYS.key("token-budget", whole(0), 0)
          .doc("Most tokens in one forward pass; 0 takes what suits the device.");
  private static final Setting<Integer> THREADS =
      KEYS.key("threads", whole(0, 1024), 0)
          .doc("Batches encoded side by side on a CPU, one thread each; 0 is one a core.");
  private static final Setting<String> MODEL_URL =
      KEYS.key("model-url", TEXT)
          .doc(
              "Another DJL or TorchScript encoder, or the FILE.encoder of turnout train --fine-tune;"
                  + " empty is the built-in one.");
  private static final Setting<String> TOKENIZER_URL =
      KEYS.key("tokenizer-url", TEXT)
          .doc("The tokenizer.json of that encoder; none for a FILE.encoder.");

  private EncoderKeys() {}

  /**
   * Binds the settings.
   *
   * @throws IllegalArgumentException if values do not go together, e.g. int8 on PyTorch
   */
  public static EncoderSettings from(SettingValues values) {
    return new EncoderSettings(
        values.get(KIND),
        values.get(ENGINE),
        values.get(DEVICE),
        values.get(PRECISION),
        values.get(MAX_TOKENS),
        values.get(TOKEN_BUDGET),
        values.find(MODEL_URL).orElse(null),
        values.find(TOKENIZER_URL).orElse(null),
        values.get(THREADS));
  }
}
