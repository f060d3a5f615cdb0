package dev.turnout.encoder.djl;

import ai.djl.util.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Settings that DJL reads from system properties; each is set before the first engine loads and
 * only where the operator has set nothing.
 */
public final class DjlRuntime {
  private DjlRuntime() {}

  /**
   * Keeps DJL from calling home, from loading PyTorch behind ONNX Runtime's back, and from fetching
   * a CUDA build of the tokenizer, which it does as soon as it sees a GPU. Where PyTorch lies in a
   * folder of its own, CUDA's runtime is looked for there too: DJL counts GPUs by JNA, which knows
   * nothing of that folder and would find none.
   */
  public static void prepare() {
    setIfAbsent("OPT_OUT_TRACKING", "true");
    setIfAbsent("ai.djl.onnx.disable_alternative", "true");
    setIfAbsent("RUST_FLAVOR", "cpu");
    String libtorch = libtorch();
    if (libtorch != null) {
      setIfAbsent("jna.library.path", libtorch);
    }
  }

  /** The operator's own folder of PyTorch, or null for the one on the class path. */
  private static @Nullable String libtorch() {
    return Utils.getEnvOrSystemProperty("PYTORCH_LIBRARY_PATH");
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
