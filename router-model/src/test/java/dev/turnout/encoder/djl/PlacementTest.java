package dev.turnout.encoder.djl;

import static dev.turnout.encoder.EncoderSettings.transformer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.encoder.EncoderException;
import dev.turnout.encoder.EncoderSettings.Device;
import dev.turnout.encoder.EncoderSettings.Engine;
import dev.turnout.encoder.EncoderSettings.Precision;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static final Hardware CPU = new Hardware(0, false, false, 4);
  private static final Hardware CPU_WITH_BF16 = new Hardware(0, false, true, 4);
  private static final Hardware OLD_GPU = new Hardware(1, false, true, 4);
  private static final Hardware NEW_GPU = new Hardware(2, true, false, 4);

  @Test
  void shouldRunInt8OnOnnxRuntimeOnAProcessor() {
    Placement placement = Placement.choose(transformer(), CPU_WITH_BF16);

    assertThat(placement)
        .isEqualTo(new Placement(Engine.ONNXRUNTIME, Device.CPU, Precision.INT8, 4, 640));
  }

  @Test
  void shouldRunBf16OnPyTorchOnAGpuThatMultipliesIt() {
    Placement placement = Placement.choose(transformer(), NEW_GPU);

    assertThat(placement)
        .isEqualTo(new Placement(Engine.PYTORCH, Device.GPU, Precision.BF16, 1, 16_384));
  }

  @Test
  void shouldRunFp32OnPyTorchWhereNoBf16InstructionIs() {
    assertThat(Placement.choose(transformer(), OLD_GPU).precision()).isEqualTo(Precision.FP32);
    assertThat(
            Placement.choose(transformer().toBuilder().engine(Engine.PYTORCH).build(), CPU)
                .precision())
        .isEqualTo(Precision.FP32);
  }

  @Test
  void shouldRunBf16OnPyTorchOnAProcessorThatMultipliesIt() {
    assertThat(
            Placement.choose(
                transformer().toBuilder().engine(Engine.PYTORCH).build(), CPU_WITH_BF16))
        .extracting(Placement::device, Placement::precision)
        .containsExactly(Device.CPU, Precision.BF16);
  }

  @Test
  void shouldTakePyTorchWhenBf16IsAskedFor() {
    assertThat(
            Placement.choose(transformer().toBuilder().precision(Precision.BF16).build(), CPU)
                .engine())
        .isEqualTo(Engine.PYTORCH);
  }

  @Test
  void shouldStayOnTheProcessorWhenOnnxRuntimeIsAskedFor() {
    assertThat(
            Placement.choose(transformer().toBuilder().engine(Engine.ONNXRUNTIME).build(), NEW_GPU)
                .device())
        .isEqualTo(Device.CPU);
  }

  @Test
  void shouldObeyThreadsAndTokenBudget() {
    assertThat(Placement.choose(transformer().toBuilder().threads(3).tokenBudget(99).build(), CPU))
        .extracting(Placement::lanes, Placement::tokenBudget)
        .containsExactly(3, 99);
  }

  @Test
  void shouldRefuseAGpuThatIsNotThere() {
    assertThatThrownBy(
            () -> Placement.choose(transformer().toBuilder().device(Device.GPU).build(), CPU))
        .isInstanceOf(EncoderException.class)
        .hasMessageContaining("device is gpu, but PyTorch sees none")
        .hasMessageContaining("set device to cpu");
  }

  @Test
  void shouldReadBf16FromTheProcessorsFlags() {
    assertThat(Hardware.hasBfloat16("model name : x\nflags\t\t: fpu avx512f avx512_bf16 sse\n"))
        .isTrue();
    assertThat(Hardware.hasBfloat16("flags\t\t: fpu amx_bf16\n")).isTrue();
    assertThat(Hardware.hasBfloat16("Features\t: fp asimd bf16\n")).isTrue();
    assertThat(Hardware.hasBfloat16("flags\t\t: fpu avx512f\n")).isFalse();
    assertThat(Hardware.hasBfloat16("")).isFalse();
  }
}
