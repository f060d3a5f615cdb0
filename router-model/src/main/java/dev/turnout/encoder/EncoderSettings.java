package dev.turnout.encoder;

import org.jspecify.annotations.Nullable;

/**
 * Which encoder to open and how it runs.
 *
 * @param kind transformer, static token embeddings or both side by side; {@code AUTO} takes the
 *     transformer on a GPU and the static encoder elsewhere
 * @param engine what runs the transformer; {@code AUTO} takes PyTorch on a GPU and OnnxRuntime on a
 *     CPU
 * @param device where PyTorch runs; {@code AUTO} takes the first GPU that PyTorch sees, else the
 *     CPU
 * @param precision width of the weights; {@code AUTO} takes int8 for OnnxRuntime, and for PyTorch
 *     bf16 where the processor or GPU multiplies it in hardware, else fp32
 * @param maxTokens longest text in tokens, {@code [CLS]} and {@code [SEP]} included; 0 takes what
 *     suits the kind; longer texts keep their head and their tail
 * @param tokenBudget most tokens in one batch, padding included; 0 takes what suits the device
 * @param modelUrl another model: URL or path of a TorchScript or ONNX file or of a DJL model folder
 *     or archive, or path of fine-tuned weights of the embedded one ({@link #FINE_TUNED}); null
 *     takes the embedded all-MiniLM-L6-v2
 * @param tokenizerUrl URL or path of the other model's {@code tokenizer.json}; needed with {@code
 *     modelUrl} unless that is fine-tuned weights, which keep the embedded tokenizer
 * @param threads intra-op threads of the engine; 0 takes one per available processor
 */
public record EncoderSettings(
    Kind kind,
    Engine engine,
    Device device,
    Precision precision,
    int maxTokens,
    int tokenBudget,
    @Nullable String modelUrl,
    @Nullable String tokenizerUrl,
    int threads) {

  /** Ending of files of fine-tuned weights. */
  public static final String FINE_TUNED = ".encoder";

  /** Family of the encoder. */
  public enum Kind {
    AUTO,
    TRANSFORMER,
    STATIC,
    HYBRID
  }

  /** DJL engine of a transformer. */
  public enum Engine {
    AUTO,
    PYTORCH,
    ONNXRUNTIME
  }

  /** Where a transformer runs. */
  public enum Device {
    AUTO,
    CPU,
    GPU
  }

  /** Width of a transformer's weights. */
  public enum Precision {
    AUTO,
    FP32,
    BF16,
    INT8
  }

  public EncoderSettings {
    if (maxTokens != 0 && maxTokens < 8) {
      throw new IllegalArgumentException(
          "encoder: maxTokens is " + maxTokens + ", but must be 0 (choose) or at least 8");
    }
    if (tokenBudget < 0) {
      throw new IllegalArgumentException(
          "encoder: tokenBudget is " + tokenBudget + ", but must be 0 (choose) or positive");
    }
    if (threads < 0) {
      throw new IllegalArgumentException(
          "encoder: threads is " + threads + ", but must be 0 (choose) or positive");
    }
    if (modelUrl != null && tokenizerUrl == null && !modelUrl.endsWith(FINE_TUNED)) {
      throw new IllegalArgumentException(
          "encoder: modelUrl " + modelUrl + " needs a tokenizerUrl (its tokenizer.json)");
    }
    if (modelUrl != null && kind == Kind.STATIC) {
      throw new IllegalArgumentException(
          "encoder: modelUrl " + modelUrl + " is a transformer; set kind to transformer");
    }
    if (engine == Engine.PYTORCH && precision == Precision.INT8) {
      throw new IllegalArgumentException(
          "encoder: int8 weights run on engine OnnxRuntime only; choose fp32 or bf16 for PyTorch");
    }
    if (engine == Engine.ONNXRUNTIME && precision == Precision.BF16) {
      throw new IllegalArgumentException(
          "encoder: bf16 weights run on engine PyTorch only; choose fp32 or int8 for OnnxRuntime");
    }
  }

  /** Everything chosen by what the machine has. */
  public static EncoderSettings defaults() {
    return new EncoderSettings(
        Kind.AUTO, Engine.AUTO, Device.AUTO, Precision.AUTO, 0, 0, null, null, 0);
  }

  /** The static encoder: no transformer, no native library. */
  public static EncoderSettings staticEncoder() {
    return builder().kind(Kind.STATIC).build();
  }

  /** The embedded transformer on the engine that suits the machine. */
  public static EncoderSettings transformer() {
    return builder().kind(Kind.TRANSFORMER).build();
  }

  /** The embedded transformer with the static encoder's vector beside its own. */
  public static EncoderSettings hybrid() {
    return builder().kind(Kind.HYBRID).build();
  }

  /** Starts from {@link #defaults}. */
  public static Builder builder() {
    return defaults().toBuilder();
  }

  /** Starts from these settings. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Whether {@code modelUrl} is fine-tuned weights of the embedded transformer. */
  public boolean isFineTuned() {
    return modelUrl != null && tokenizerUrl == null;
  }

  /** Collects settings; what is not set stays as it was. */
  public static final class Builder {
    private Kind kind;
    private Engine engine;
    private Device device;
    private Precision precision;
    private int maxTokens;
    private int tokenBudget;
    private @Nullable String modelUrl;
    private @Nullable String tokenizerUrl;
    private int threads;

    private Builder(EncoderSettings from) {
      kind = from.kind;
      engine = from.engine;
      device = from.device;
      precision = from.precision;
      maxTokens = from.maxTokens;
      tokenBudget = from.tokenBudget;
      modelUrl = from.modelUrl;
      tokenizerUrl = from.tokenizerUrl;
      threads = from.threads;
    }

    public Builder kind(Kind value) {
      kind = value;
      return this;
    }

    public Builder engine(Engine value) {
      engine = value;
      return this;
    }

    public Builder device(Device value) {
      device = value;
      return this;
    }

    public Builder precision(Precision value) {
      precision = value;
      return this;
    }

    public Builder maxTokens(int value) {
      maxTokens = value;
      return this;
    }

    public Builder tokenBudget(int value) {
      tokenBudget = value;
      return this;
    }

    public Builder threads(int value) {
      threads = value;
      return this;
    }

    /**
     * The embedded transformer with fine-tuned weights.
     *
     * @param file path that ends in {@link #FINE_TUNED}
     */
    public Builder fineTuned(String file) {
      modelUrl = file;
      tokenizerUrl = null;
      return this;
    }

    /** Another transformer: where its model and its tokenizer are. */
    public Builder model(String model, String tokenizer) {
      modelUrl = model;
      tokenizerUrl = tokenizer;
      return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException naming the first setting that is wrong
     */
    public EncoderSettings build() {
      return new EncoderSettings(
          kind, engine, device, precision, maxTokens, tokenBudget, modelUrl, tokenizerUrl, threads);
    }
  }
}
