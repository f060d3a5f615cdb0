package dev.turnout.encoder;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import dev.turnout.encoder.EncoderSettings.Engine;
import dev.turnout.encoder.EncoderSettings.Precision;
import dev.turnout.encoder.batch.BatchModel;
import dev.turnout.encoder.batch.Lanes;
import dev.turnout.encoder.batch.LengthSortedBatches;
import dev.turnout.encoder.batch.TextTokens;
import dev.turnout.encoder.batch.TokenBatch;
import dev.turnout.encoder.batch.WordPieceTokens;
import dev.turnout.encoder.djl.BertWeights;
import dev.turnout.encoder.djl.DjlModel;
import dev.turnout.encoder.djl.FineTunedWeights;
import dev.turnout.encoder.djl.Hardware;
import dev.turnout.encoder.djl.HuggingFaceTokens;
import dev.turnout.encoder.djl.ModelLocation;
import dev.turnout.encoder.djl.Placement;
import dev.turnout.encoder.djl.PyTorchBert;
import dev.turnout.encoder.minilm.MiniLm;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes queries with a transformer: tokenises, sorts by length, splits under a token budget and
 * runs the batches on a fixed number of lanes. Mean pooling over the mask, Euclidean length 1.
 *
 * <p>With int8 weights ONNX Runtime scales the activations of a batch together, so a text's vector
 * moves a little with its neighbours in the batch (cosine to fp32 0.96 to 0.99 either way). fp32
 * and bf16 vectors do not.
 */
public final class TransformerEncoder implements QueryEncoder {
  /** Tokens kept of a long text when the settings leave it open. */
  public static final int DEFAULT_MAX_TOKENS = 128;

  private static final Logger LOG = LoggerFactory.getLogger(TransformerEncoder.class);

  private final EncoderId id;
  private final TextTokens tokens;
  private final BatchModel model;
  private final Lanes lanes;
  private final int maxTokens;
  private final int tokenBudget;
  private final int parallelBatches;
  private final AtomicBoolean closed = new AtomicBoolean();

  private TransformerEncoder(
      EncoderId id, TextTokens tokens, BatchModel model, Placement placement, int maxTokens) {
    this.id = id;
    this.tokens = tokens;
    this.model = model;
    this.lanes = new Lanes(placement.lanes());
    this.maxTokens = maxTokens;
    this.tokenBudget = placement.tokenBudget();
    this.parallelBatches = placement.lanes();
    try {
      warmUp(placement);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Whether a transformer on this machine would run on a GPU. */
  public static boolean hasGpu() {
    return Hardware.detect().gpus() > 0;
  }

  /**
   * Opens the embedded all-MiniLM-L6-v2, as published or fine-tuned, or the settings' own model.
   *
   * @throws EncoderException if weights, tokenizer, engine or device are missing or unsuited
   */
  public static TransformerEncoder open(EncoderSettings settings) {
    String modelUrl = settings.modelUrl();
    String tokenizerUrl = settings.tokenizerUrl();
    if (modelUrl != null && settings.isFineTuned()) {
      return fineTuned(settings, Path.of(modelUrl));
    }
    return modelUrl == null || tokenizerUrl == null
        ? embedded(settings)
        : other(settings, modelUrl, tokenizerUrl);
  }

  private static TransformerEncoder embedded(EncoderSettings settings) {
    Placement placement = Placement.choose(settings, Hardware.detect());
    int maxTokens = embeddedMaxTokens(settings);
    Fingerprint fingerprint = new Fingerprint();
    TextTokens tokens = new WordPieceTokens(MiniLm.vocabulary(fingerprint));
    BatchModel model =
        placement.engine() == Engine.PYTORCH
            ? PyTorchBert.open(
                BertWeights.of(MiniLm.graph(fingerprint, name -> true)),
                device(placement),
                placement.precision() == Precision.BF16)
            : onnxRuntime(placement, fingerprint);
    fingerprint.add("mean pooling; head+tail " + maxTokens);
    String name = MiniLm.NAME + (placement.precision() == Precision.INT8 ? "-int8" : "");
    return new TransformerEncoder(
        new EncoderId(name, fingerprint.digest(), model.dimension()),
        tokens,
        model,
        placement,
        maxTokens);
  }

  private static TransformerEncoder fineTuned(EncoderSettings settings, Path file) {
    if (settings.engine() == Engine.ONNXRUNTIME || settings.precision() == Precision.INT8) {
      throw new EncoderException(
          "encoder: fine-tuned weights "
              + file
              + " run on engine PyTorch with fp32 or bf16 only; set engine and precision to auto");
    }
    Placement placement =
        Placement.choose(settings.toBuilder().engine(Engine.PYTORCH).build(), Hardware.detect());
    int maxTokens = embeddedMaxTokens(settings);
    Fingerprint fingerprint = new Fingerprint();
    TextTokens tokens = new WordPieceTokens(MiniLm.vocabulary(fingerprint));
    FineTunedWeights weights = FineTunedWeights.read(file);
    fingerprint.add(weights.digest());
    fingerprint.add("mean pooling; head+tail " + maxTokens);
    BatchModel model =
        PyTorchBert.open(
            weights.tensors(), device(placement), placement.precision() == Precision.BF16);
    return new TransformerEncoder(
        new EncoderId(MiniLm.NAME + "-fine-tuned", fingerprint.digest(), model.dimension()),
        tokens,
        model,
        placement,
        maxTokens);
  }

  private static int embeddedMaxTokens(EncoderSettings settings) {
    int maxTokens = settings.maxTokens() > 0 ? settings.maxTokens() : DEFAULT_MAX_TOKENS;
    if (maxTokens > 512) {
      throw new EncoderException(
          "encoder: maxTokens is " + maxTokens + ", but " + MiniLm.NAME + " has 512 positions");
    }
    return maxTokens;
  }

  private static BatchModel onnxRuntime(Placement placement, Fingerprint fingerprint) {
    String resource = placement.precision() == Precision.INT8 ? MiniLm.INT8 : MiniLm.FP32;
    try {
      Path folder = Files.createTempDirectory("turnout-encoder");
      Path file = folder.resolve("model.onnx");
      try (InputStream stream = fingerprint.reading(MiniLm.open(resource))) {
        Files.copy(stream, file, StandardCopyOption.REPLACE_EXISTING);
        return DjlModel.open("OnnxRuntime", new ModelLocation(file.toUri()), device(placement));
      } finally {
        Files.deleteIfExists(file);
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new EncoderException("encoder: cannot unpack " + resource + ": " + e, e);
    }
  }

  private static TransformerEncoder other(
      EncoderSettings settings, String modelUrl, String tokenizerUrl) {
    ModelLocation location = ModelLocation.of(modelUrl);
    EncoderSettings suited =
        settings.engine() != Engine.AUTO
            ? settings
            : settings.toBuilder()
                .engine(location.endsWith(".onnx") ? Engine.ONNXRUNTIME : Engine.PYTORCH)
                .build();
    Placement placement = Placement.choose(suited, Hardware.detect());
    int maxTokens = settings.maxTokens() > 0 ? settings.maxTokens() : DEFAULT_MAX_TOKENS;
    Fingerprint fingerprint = new Fingerprint();
    TextTokens tokens = HuggingFaceTokens.open(tokenizerUrl, fingerprint);
    String engine = placement.engine() == Engine.PYTORCH ? "PyTorch" : "OnnxRuntime";
    DjlModel model = DjlModel.open(engine, location, device(placement));
    digest(location.isFile() ? location.path() : model.files(), fingerprint);
    fingerprint.add("mean pooling; head+tail " + maxTokens);
    return new TransformerEncoder(
        new EncoderId(location.stem(), fingerprint.digest(), model.dimension()),
        tokens,
        model,
        placement,
        maxTokens);
  }

  private static void digest(Path root, Fingerprint fingerprint) {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        fingerprint.add(root.relativize(file).toString());
        try (InputStream stream = fingerprint.reading(Files.newInputStream(file))) {
          stream.transferTo(OutputStream.nullOutputStream());
        }
      }
    } catch (IOException e) {
      throw new EncoderException("encoder: cannot read the files of " + root + ": " + e, e);
    }
  }

  private static Device device(Placement placement) {
    return placement.device() == EncoderSettings.Device.GPU ? Device.gpu() : Device.cpu();
  }

  /**
   * Runs one batch on every lane. A lane of PyTorch is limited to one thread first; PyTorch resets
   * that limit to the process-wide one on a thread's first operation, hence the limit before and
   * after, and the process-wide one is put back for whoever trains in this process.
   */
  private void warmUp(Placement placement) {
    boolean pytorchOnCpu =
        placement.engine() == Engine.PYTORCH && placement.device() == EncoderSettings.Device.CPU;
    int before = pytorchOnCpu ? JniUtils.getNumThreads() : 0;
    CyclicBarrier together = new CyclicBarrier(placement.lanes());
    Supplier<Boolean> first =
        () -> {
          try {
            together.await();
          } catch (InterruptedException | BrokenBarrierException e) {
            throw new EncoderException("encoder: interrupted while warming up", e);
          }
          if (pytorchOnCpu) {
            JniUtils.setNumThreads(1);
          }
          model.encode(TokenBatch.pad(new int[][] {tokens.of("warm up", maxTokens)}));
          if (pytorchOnCpu) {
            JniUtils.setNumThreads(1);
          }
          return true;
        };
    lanes.run(Collections.nCopies(placement.lanes(), first));
    if (pytorchOnCpu) {
      JniUtils.setNumThreads(before);
    }
    LOG.atInfo()
        .addKeyValue("encoder", id)
        .addKeyValue("placement", placement)
        .log("Transformer encoder is ready");
  }

  @Override
  public EncoderId id() {
    return id;
  }

  @Override
  public float[][] encode(List<String> texts) {
    int[][] tokenised = new int[texts.size()][];
    int[] lengths = new int[texts.size()];
    for (int i = 0; i < tokenised.length; i++) {
      tokenised[i] = tokens.of(texts.get(i), maxTokens);
      lengths[i] = tokenised[i].length;
    }
    List<int[]> batches = LengthSortedBatches.plan(lengths, tokenBudget, parallelBatches);
    List<float[][]> encoded =
        lanes.run(
            batches.stream()
                .<Supplier<float[][]>>map(rows -> () -> encodeBatch(tokenised, rows))
                .toList());
    float[][] vectors = new float[texts.size()][];
    for (int b = 0; b < encoded.size(); b++) {
      int[] rows = batches.get(b);
      for (int i = 0; i < rows.length; i++) {
        vectors[rows[i]] = encoded.get(b)[i];
      }
    }
    return vectors;
  }

  private float[][] encodeBatch(int[][] tokenised, int[] rows) {
    int[][] batch = new int[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      batch[i] = tokenised[rows[i]];
    }
    return model.encode(TokenBatch.pad(batch));
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    lanes.close();
    model.close();
    tokens.close();
  }
}
