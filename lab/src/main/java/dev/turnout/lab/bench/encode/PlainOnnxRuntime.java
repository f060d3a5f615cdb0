package dev.turnout.lab.bench.encode;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.turnout.encoder.EncoderException;
import dev.turnout.encoder.minilm.MiniLm;
import dev.turnout.math.Vectors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The yardstick: all-MiniLM-L6-v2 in fp32 by straight use of ONNX Runtime and the reference
 * tokenizer, nothing of ours. One session with one thread a processor and all graph optimisations;
 * texts are sorted by length and run in batches of eight, which is the fair way to use it; cut at
 * 128 tokens; mean pooling over the mask.
 */
final class PlainOnnxRuntime implements AutoCloseable {
  private static final int BATCH = 8;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final HuggingFaceTokenizer tokenizer;

  private PlainOnnxRuntime(
      OrtEnvironment environment, OrtSession session, HuggingFaceTokenizer tokenizer) {
    this.environment = environment;
    this.session = session;
    this.tokenizer = tokenizer;
  }

  /**
   * Opens the session. Any DJL encoder on ONNX Runtime has to be open before, since DJL insists on
   * making the process-wide environment.
   */
  static PlainOnnxRuntime open(int threads) {
    try (InputStream model = MiniLm.open(MiniLm.FP32);
        InputStream json = MiniLm.open(MiniLm.TOKENIZER);
        OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      return new PlainOnnxRuntime(
          environment,
          environment.createSession(model.readAllBytes(), options),
          HuggingFaceTokenizer.newInstance(
              json, Map.of("truncation", "true", "maxLength", "128", "padding", "false")));
    } catch (IOException | OrtException e) {
      throw new EncoderException("bench: cannot open plain ONNX Runtime: " + e.getMessage(), e);
    }
  }

  /** Unit-normalised vectors in the order of {@code texts}. */
  float[][] encode(List<String> texts) {
    Encoding[] encodings = tokenizer.batchEncode(texts);
    int[] order =
        IntStream.range(0, encodings.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> encodings[i].getIds().length))
            .mapToInt(Integer::intValue)
            .toArray();
    float[][] vectors = new float[encodings.length][];
    for (int begin = 0; begin < order.length; begin += BATCH) {
      int end = Math.min(order.length, begin + BATCH);
      run(encodings, IntStream.range(begin, end).map(i -> order[i]).toArray(), vectors);
    }
    return vectors;
  }

  private void run(Encoding[] encodings, int[] rows, float[][] vectors) {
    int columns = encodings[rows[rows.length - 1]].getIds().length;
    long[] ids = new long[rows.length * columns];
    long[] mask = new long[ids.length];
    for (int row = 0; row < rows.length; row++) {
      long[] tokens = encodings[rows[row]].getIds();
      System.arraycopy(tokens, 0, ids, row * columns, tokens.length);
      Arrays.fill(mask, row * columns, row * columns + tokens.length, 1);
    }
    long[] shape = {rows.length, columns};
    try (OnnxTensor inputIds = tensor(ids, shape);
        OnnxTensor attention = tensor(mask, shape);
        OnnxTensor types = tensor(new long[ids.length], shape);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids", inputIds, "attention_mask", attention, "token_type_ids", types))) {
      FloatBuffer states = ((OnnxTensor) result.get(0)).getFloatBuffer();
      int dimension = states.remaining() / ids.length;
      float[] state = new float[dimension];
      for (int row = 0; row < rows.length; row++) {
        float[] sum = new float[dimension];
        for (int column = 0; column < columns; column++) {
          states.get(state);
          if (mask[row * columns + column] == 1) {
            for (int d = 0; d < dimension; d++) {
              sum[d] += state[d];
            }
          }
        }
        Vectors.normalise(sum);
        vectors[rows[row]] = sum;
      }
    } catch (OrtException e) {
      throw new EncoderException("bench: plain ONNX Runtime failed: " + e.getMessage(), e);
    }
  }

  private OnnxTensor tensor(long[] values, long[] shape) throws OrtException {
    return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new EncoderException("bench: plain ONNX Runtime cannot be closed", e);
    } finally {
      tokenizer.close();
    }
  }
}
