package dev.turnout.encoder.djl;

/**
 * Settings that DJL reads from system properties; each is set before the first engine loads and
 * only where the operator has set nothing.
 */
public final class DjlRuntime {
  private DjlRuntime() {}

  /**
   * Keeps DJL from calling home, from looking for natives on the network, and from loading PyTorch
   * behind ONNX Runtime's back.
   */
  public static void prepare() {
    setIfAbsent("OPT_OUT_TRACKING", "true");
    setIfAbsent("ai.djl.onnx.disable_alternative", "true");
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
