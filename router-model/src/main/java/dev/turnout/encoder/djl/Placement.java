package dev.turnout.encoder.djl;

import dev.turnout.encoder.EncoderException;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.encoder.EncoderSettings.Device;
import dev.turnout.encoder.EncoderSettings.Engine;
import dev.turnout.encoder.EncoderSettings.Precision;

/**
 * What runs a transformer, where, and how it is fed: the settings with every {@code AUTO} decided.
 *
 * @param engine PYTORCH or ONNXRUNTIME
 * @param device CPU or GPU
 * @param precision FP32, BF16 or INT8
 * @param lanes batches encoded at the same time, one thread each
 * @param tokenBudget most tokens in one batch, padding included
 */
public record Placement(
    Engine engine, Device device, Precision precision, int lanes, int tokenBudget) {

  /** About eight queries of 70 tokens: on a processor small batches without padding are fastest. */
  private static final int CPU_TOKEN_BUDGET = 640;

  private static final int GPU_TOKEN_BUDGET = 16_384;

  /**
   * Decides. A GPU runs PyTorch; a processor runs ONNX Runtime with int8 weights unless the
   * settings ask for PyTorch or for bf16.
   *
   * @throws EncoderException if the settings ask for what the machine or the engine has not
   */
  public static Placement choose(EncoderSettings settings, Hardware hardware) {
    Device device = device(settings, hardware);
    Engine engine = engine(settings, device);
    Precision precision = precision(settings, hardware, device, engine);
    boolean gpu = device == Device.GPU;
    int threads = settings.threads() > 0 ? settings.threads() : hardware.processors();
    int budget = gpu ? GPU_TOKEN_BUDGET : CPU_TOKEN_BUDGET;
    return new Placement(
        engine,
        device,
        precision,
        gpu ? 1 : threads,
        settings.tokenBudget() > 0 ? settings.tokenBudget() : budget);
  }

  private static Device device(EncoderSettings settings, Hardware hardware) {
    boolean pytorch =
        settings.engine() != Engine.ONNXRUNTIME && settings.precision() != Precision.INT8;
    return switch (settings.device()) {
      case CPU -> Device.CPU;
      case AUTO -> hardware.gpus() > 0 && pytorch ? Device.GPU : Device.CPU;
      case GPU -> {
        if (hardware.gpus() == 0) {
          throw new EncoderException(
              "encoder: device is gpu, but PyTorch sees none; check the driver and PYTORCH_FLAVOR, or"
                  + " set device to cpu");
        }
        if (!pytorch) {
          throw new EncoderException(
              "encoder: device is gpu, but OnnxRuntime and int8 run on the cpu here; set engine to"
                  + " pytorch and precision to auto");
        }
        yield Device.GPU;
      }
    };
  }

  private static Engine engine(EncoderSettings settings, Device device) {
    if (settings.engine() != Engine.AUTO) {
      return settings.engine();
    }
    return device == Device.GPU || settings.precision() == Precision.BF16
        ? Engine.PYTORCH
        : Engine.ONNXRUNTIME;
  }

  private static Precision precision(
      EncoderSettings settings, Hardware hardware, Device device, Engine engine) {
    if (settings.precision() != Precision.AUTO) {
      return settings.precision();
    }
    if (engine == Engine.ONNXRUNTIME) {
      return Precision.INT8;
    }
    boolean bfloat16 = device == Device.GPU ? hardware.gpuBfloat16() : hardware.cpuBfloat16();
    return bfloat16 ? Precision.BF16 : Precision.FP32;
  }
}
