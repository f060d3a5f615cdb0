package dev.turnout.lab.bench.encode;

import dev.turnout.encoder.EncoderSettings;
import dev.turnout.encoder.EncoderSettings.Device;
import dev.turnout.encoder.EncoderSettings.Engine;
import dev.turnout.encoder.EncoderSettings.Precision;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.Fingerprint;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.encoder.TransformerEncoder;
import dev.turnout.encoder.minilm.MiniLm;
import dev.turnout.encoder.wordpiece.WordPieceTokenizer;
import dev.turnout.lab.bench.Median;
import dev.turnout.lab.bench.encode.EncodeMeasurement.Contender;
import dev.turnout.math.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Measures every encoder and engine against plain ONNX Runtime fp32 on the same weights and queries
 * in one process, on the GPU too where there is one. Rounds are interleaved: each contender encodes
 * all queries once a round, in forward order in even rounds and backward in odd ones, after one
 * unmeasured round on a part of the queries.
 */
public final class EncodeBenchmark {
  static final String YARDSTICK = "plain ONNX Runtime fp32";
  static final String PYTORCH_BF16 = "PyTorch bf16";
  static final String STATIC = "static";

  /** Most tokens of a batch on a GPU; a query of the benchmark has some 70. */
  private static final int[] GPU_TOKEN_BUDGETS = {1_024, 4_096, 16_384, 65_536};

  /** A contender that is done sooner encodes the queries again within its turn. */
  private static final double SHORTEST_TURN_SECONDS = 0.3;

  private EncodeBenchmark() {}

  /**
   * Runs the benchmark.
   *
   * @param queries number of queries, at least 8
   * @param rounds measured rounds, at least 1
   * @param progress told in words what is happening
   */
  public static EncodeMeasurement run(int queries, int rounds, Consumer<String> progress) {
    List<String> texts = BenchmarkQueries.of(queries);
    int processors = Runtime.getRuntime().availableProcessors();
    Map<String, QueryEncoder> encoders = new LinkedHashMap<>();
    try {
      open(encoders, progress);
      progress.accept("opening " + YARDSTICK);
      try (PlainOnnxRuntime plain = PlainOnnxRuntime.open(processors)) {
        Map<String, BatchEncoder> contenders = new LinkedHashMap<>();
        contenders.put(YARDSTICK, plain::encode);
        encoders.forEach((name, encoder) -> contenders.put(name, encoder::encode));
        Map<String, double[]> rates = rates(contenders, texts, rounds, progress);
        return measurement(encoders, plain, rates, texts, processors);
      }
    } finally {
      encoders.values().forEach(QueryEncoder::close);
    }
  }

  private static void open(Map<String, QueryEncoder> encoders, Consumer<String> progress) {
    Map<String, EncoderSettings> wanted = new LinkedHashMap<>();
    wanted.put("ONNX Runtime int8", onCpu(Engine.ONNXRUNTIME, Precision.INT8));
    wanted.put("ONNX Runtime fp32", onCpu(Engine.ONNXRUNTIME, Precision.FP32));
    wanted.put(PYTORCH_BF16, onCpu(Engine.PYTORCH, Precision.BF16));
    wanted.put("PyTorch fp32", onCpu(Engine.PYTORCH, Precision.FP32));
    wanted.put(STATIC, EncoderSettings.staticEncoder());
    if (TransformerEncoder.hasGpu()) {
      for (Precision precision : List.of(Precision.BF16, Precision.FP32)) {
        for (int budget : GPU_TOKEN_BUDGETS) {
          wanted.put(
              String.format(
                  Locale.ROOT,
                  "GPU %s, %d tokens",
                  precision.name().toLowerCase(Locale.ROOT),
                  budget),
              onGpu(precision, budget));
        }
      }
    }
    wanted.forEach(
        (name, settings) -> {
          progress.accept("opening " + name);
          encoders.put(name, Encoders.open(settings));
        });
  }

  private static EncoderSettings onCpu(Engine engine, Precision precision) {
    return EncoderSettings.transformer().toBuilder()
        .device(Device.CPU)
        .engine(engine)
        .precision(precision)
        .build();
  }

  private static EncoderSettings onGpu(Precision precision, int tokenBudget) {
    return EncoderSettings.transformer().toBuilder()
        .device(Device.GPU)
        .engine(Engine.PYTORCH)
        .precision(precision)
        .tokenBudget(tokenBudget)
        .build();
  }

  private static Map<String, double[]> rates(
      Map<String, BatchEncoder> contenders,
      List<String> texts,
      int rounds,
      Consumer<String> progress) {
    List<String> warmUp = texts.subList(0, Math.min(texts.size(), 64));
    contenders.values().forEach(contender -> rate(contender, warmUp));
    Map<String, double[]> rates = new LinkedHashMap<>();
    contenders.keySet().forEach(name -> rates.put(name, new double[rounds]));
    List<String> names = new ArrayList<>(contenders.keySet());
    for (int round = 0; round < rounds; round++) {
      progress.accept("round " + (round + 1) + " of " + rounds);
      for (String name : names) {
        BatchEncoder contender = contenders.get(name);
        double[] ofContender = rates.get(name);
        if (contender != null && ofContender != null) {
          ofContender[round] = rate(contender, texts);
        }
      }
      Collections.reverse(names);
    }
    return rates;
  }

  private static double rate(BatchEncoder contender, List<String> texts) {
    long begin = System.nanoTime();
    long encoded = 0;
    double seconds;
    do {
      encoded += contender.encode(texts).length;
      seconds = (System.nanoTime() - begin) / 1e9;
    } while (seconds < SHORTEST_TURN_SECONDS);
    return encoded / seconds;
  }

  private static EncodeMeasurement measurement(
      Map<String, QueryEncoder> encoders,
      PlainOnnxRuntime plain,
      Map<String, double[]> rates,
      List<String> texts,
      int processors) {
    float[][] reference = plain.encode(texts);
    List<Contender> contenders = new ArrayList<>();
    rates.forEach(
        (name, ofRounds) -> {
          QueryEncoder encoder = encoders.get(name);
          double cosine =
              encoder == null
                  ? 1
                  : name.equals(STATIC)
                      ? Double.NaN
                      : smallestCosine(reference, encoder.encode(texts));
          contenders.add(
              new Contender(
                  name,
                  encoder == null ? "" : encoder.id().toString(),
                  Median.of(ofRounds),
                  Arrays.stream(ofRounds).min().orElse(Double.NaN),
                  Arrays.stream(ofRounds).max().orElse(Double.NaN),
                  cosine));
        });
    String best =
        contenders.stream()
            .filter(contender -> !contender.name().equals(YARDSTICK))
            .filter(contender -> !contender.name().equals(STATIC))
            .max(Comparator.comparingDouble(Contender::queriesPerSecond))
            .map(Contender::name)
            .orElseThrow();
    return new EncodeMeasurement(
        ratio(rates, best, YARDSTICK),
        ratio(rates, PYTORCH_BF16, YARDSTICK),
        ratio(rates, STATIC, best),
        best,
        List.copyOf(contenders),
        texts.size(),
        meanTokens(texts),
        rates.values().iterator().next().length,
        processors);
  }

  private static double ratio(Map<String, double[]> rates, String name, String base) {
    double[] above = rates.getOrDefault(name, new double[0]);
    double[] below = rates.getOrDefault(base, new double[0]);
    return Median.of(
        IntStream.range(0, above.length)
            .mapToDouble(round -> above[round] / below[round])
            .toArray());
  }

  private static double smallestCosine(float[][] reference, float[][] vectors) {
    double smallest = 1;
    for (int i = 0; i < reference.length; i++) {
      smallest = Math.min(smallest, Vectors.dot(reference[i], vectors[i]));
    }
    return smallest;
  }

  private static double meanTokens(List<String> texts) {
    WordPieceTokenizer tokenizer = new WordPieceTokenizer(MiniLm.vocabulary(new Fingerprint()));
    return texts.stream().mapToInt(text -> tokenizer.tokenize(text).length + 2).average().orElse(0);
  }

  /** What is measured: a batch of texts to vectors. */
  private interface BatchEncoder {
    float[][] encode(List<String> texts);
  }
}
