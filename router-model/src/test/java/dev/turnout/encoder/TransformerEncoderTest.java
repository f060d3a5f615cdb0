package dev.turnout.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.turnout.encoder.EncoderSettings.Device;
import dev.turnout.encoder.EncoderSettings.Engine;
import dev.turnout.encoder.EncoderSettings.Precision;
import dev.turnout.encoder.djl.DjlRuntime;
import dev.turnout.encoder.minilm.MiniLm;
import dev.turnout.math.Vectors;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TransformerEncoderTest {
  private static final List<String> TEXTS =
      List.of(
          "What is the capital of France?",
          "",
          "Write a Python function that returns the n-th Fibonacci number without recursion.",
          "下列关于光合作用的说法，正确的是哪一项？",
          "A train leaves at 9:40 and arrives at 13:05. How long is the journey? 👍",
          "word ".repeat(300) + "and at last the question?");
  private static final EncoderSettings ON_CPU =
      EncoderSettings.transformer().toBuilder().device(Device.CPU).threads(2).build();

  private static float[][] reference;

  /** Straight use of ONNX Runtime and the reference tokenizer, one text at a time. */
  @BeforeAll
  static void encodeByPlainOnnxRuntime() throws IOException, OrtException {
    reference = new float[TEXTS.size()][];
    DjlRuntime.prepare();
    // DJL sets the environment's options, so it has to make it first
    ai.djl.engine.Engine.getEngine("OnnxRuntime");
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (InputStream model = MiniLm.open(MiniLm.FP32);
        InputStream json = MiniLm.open(MiniLm.TOKENIZER);
        HuggingFaceTokenizer tokenizer =
            HuggingFaceTokenizer.newInstance(
                json, Map.of("truncation", "false", "padding", "false"));
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession session = environment.createSession(model.readAllBytes(), options)) {
      for (int i = 0; i < TEXTS.size(); i++) {
        Encoding encoding = tokenizer.encode(TEXTS.get(i));
        long[] ids = encoding.getIds();
        if (ids.length > 128) {
          long[] cut = new long[128];
          System.arraycopy(ids, 0, cut, 0, 96);
          System.arraycopy(ids, ids.length - 32, cut, 96, 32);
          ids = cut;
        }
        reference[i] = run(environment, session, ids);
      }
    }
  }

  private static float[] run(OrtEnvironment environment, OrtSession session, long[] ids)
      throws OrtException {
    long[] ones = new long[ids.length];
    Arrays.fill(ones, 1);
    try (OnnxTensor tokens = OnnxTensor.createTensor(environment, new long[][] {ids});
        OnnxTensor mask = OnnxTensor.createTensor(environment, new long[][] {ones});
        OnnxTensor types =
            OnnxTensor.createTensor(environment, new long[][] {new long[ids.length]});
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", tokens, "attention_mask", mask, "token_type_ids", types))) {
      float[][] states = ((float[][][]) result.get(0).getValue())[0];
      float[] mean = new float[states[0].length];
      for (float[] state : states) {
        for (int d = 0; d < mean.length; d++) {
          mean[d] += state[d];
        }
      }
      Vectors.normalise(mean);
      return mean;
    }
  }

  @Test
  void shouldEqualPlainOnnxRuntimeOnPyTorchInSinglePrecision() {
    try (QueryEncoder encoder =
        Encoders.open(
            ON_CPU.toBuilder().engine(Engine.PYTORCH).precision(Precision.FP32).build())) {
      assertThat(largestDifference(encoder.encode(TEXTS))).isLessThan(1e-5);
    }
  }

  @Test
  void shouldComeCloseToPlainOnnxRuntimeOnPyTorchInBf16() {
    try (QueryEncoder encoder =
        Encoders.open(
            ON_CPU.toBuilder().engine(Engine.PYTORCH).precision(Precision.BF16).build())) {
      assertThat(smallestCosine(encoder.encode(TEXTS))).isGreaterThan(0.999);
    }
  }

  @Test
  void shouldEqualPlainOnnxRuntimeThroughDjl() {
    try (QueryEncoder encoder =
        Encoders.open(
            ON_CPU.toBuilder().engine(Engine.ONNXRUNTIME).precision(Precision.FP32).build())) {
      assertThat(largestDifference(encoder.encode(TEXTS))).isLessThan(1e-5);
    }
  }

  @Test
  void shouldEncodeWithInt8WeightsByDefaultOnAProcessor() {
    try (QueryEncoder encoder = Encoders.open(ON_CPU)) {
      float[][] vectors = encoder.encode(TEXTS);

      assertThat(encoder.id().name()).isEqualTo("all-MiniLM-L6-v2-int8");
      assertThat(smallestCosine(vectors)).isGreaterThan(0.95);
      for (float[] vector : vectors) {
        assertThat(cosine(vector, vector)).isCloseTo(1, within(1e-5));
      }
    }
  }

  @Test
  void shouldHaveOneIdentityWhateverTheEngineAndWidthButAnotherOneForInt8() {
    try (QueryEncoder single =
            Encoders.open(
                ON_CPU.toBuilder().engine(Engine.PYTORCH).precision(Precision.FP32).build());
        QueryEncoder onnx =
            Encoders.open(
                ON_CPU.toBuilder().engine(Engine.ONNXRUNTIME).precision(Precision.FP32).build());
        QueryEncoder int8 = Encoders.open(ON_CPU);
        QueryEncoder shorter = Encoders.open(ON_CPU.toBuilder().maxTokens(64).build())) {
      assertThat(single.id()).isEqualTo(onnx.id());
      assertThat(single.id().toString()).matches("all-MiniLM-L6-v2@[0-9a-f]{12}/384");
      assertThat(int8.id()).isNotEqualTo(single.id());
      assertThat(shorter.id()).isNotEqualTo(int8.id());
    }
  }

  @Test
  void shouldEncodeNothingToNothingAndRefuseToWorkWhenClosed() {
    QueryEncoder encoder = Encoders.open(ON_CPU);

    assertThat(encoder.encode(List.of())).isEmpty();
    encoder.close();
    encoder.close();
    assertThatThrownBy(() -> encoder.encode(TEXTS))
        .isInstanceOf(EncoderException.class)
        .hasMessage("encoder: used after it was closed");
  }

  @Test
  void shouldRefuseMoreTokensThanTheModelHasPositions() {
    assertThatThrownBy(() -> Encoders.open(ON_CPU.toBuilder().maxTokens(513).build()))
        .isInstanceOf(EncoderException.class)
        .hasMessage("encoder: maxTokens is 513, but all-MiniLM-L6-v2 has 512 positions");
  }

  private static double largestDifference(float[][] vectors) {
    double largest = 0;
    for (int i = 0; i < reference.length; i++) {
      for (int d = 0; d < reference[i].length; d++) {
        largest = Math.max(largest, Math.abs(vectors[i][d] - reference[i][d]));
      }
    }
    return largest;
  }

  private static double smallestCosine(float[][] vectors) {
    double smallest = 1;
    for (int i = 0; i < reference.length; i++) {
      smallest = Math.min(smallest, cosine(vectors[i], reference[i]));
    }
    return smallest;
  }

  private static double cosine(float[] a, float[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (double) a[d] * b[d];
    }
    return sum;
  }
}
