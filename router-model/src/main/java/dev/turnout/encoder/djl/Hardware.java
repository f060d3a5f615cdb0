package dev.turnout.encoder.djl;

import ai.djl.engine.Engine;
import ai.djl.util.cuda.CudaUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What the machine can compute with.
 *
 * @param gpus GPUs that PyTorch sees
 * @param gpuBfloat16 whether the first of them multiplies bf16
 * @param cpuBfloat16 whether the processor multiplies bf16
 * @param processors processors available to this process
 */
public record Hardware(int gpus, boolean gpuBfloat16, boolean cpuBfloat16, int processors) {
  /** Any of them is there where an NVIDIA driver is; containers do not show all. */
  private static final List<Path> NVIDIA_DRIVER =
      List.of(
          Path.of("/proc/driver/nvidia/version"), Path.of("/dev/nvidiactl"), Path.of("/dev/dxg"));

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final List<String> BFLOAT16_FLAGS = List.of("avx512_bf16", "amx_bf16", "bf16");

  /** First CUDA compute capability with bf16 arithmetic. */
  private static final int AMPERE = 80;

  /** Looks at the machine; PyTorch is loaded only where a GPU driver is. */
  public static Hardware detect() {
    int processors = Runtime.getRuntime().availableProcessors();
    boolean cpuBfloat16 = hasBfloat16(cpuInfo());
    if (NVIDIA_DRIVER.stream().noneMatch(Files::exists)) {
      return new Hardware(0, false, cpuBfloat16, processors);
    }
    DjlRuntime.prepare();
    int gpus = Engine.getEngine("PyTorch").getGpuCount();
    boolean gpuBfloat16 = gpus > 0 && Integer.parseInt(CudaUtils.getComputeCapability(0)) >= AMPERE;
    return new Hardware(gpus, gpuBfloat16, cpuBfloat16, processors);
  }

  /** Whether the text of {@code /proc/cpuinfo} lists bf16 instructions. */
  static boolean hasBfloat16(String cpuInfo) {
    return cpuInfo
        .lines()
        .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
        .limit(1)
        .flatMap(line -> Arrays.stream(line.split("\\s+")))
        .anyMatch(BFLOAT16_FLAGS::contains);
  }

  private static String cpuInfo() {
    try {
      return Files.exists(CPU_INFO) ? Files.readString(CPU_INFO) : "";
    } catch (IOException e) {
      return "";
    }
  }
}
