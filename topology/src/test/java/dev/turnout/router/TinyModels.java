package dev.turnout.router;

import dev.turnout.encoder.EncoderId;
import dev.turnout.model.Calibration;
import dev.turnout.model.Matrix;
import dev.turnout.model.QueryFeatures;
import dev.turnout.model.RouterModel;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small models and profiles for tests. */
public final class TinyModels {
  public static final List<String> LLMS = List.of("acme/alpha", "acme/beta", "acme/gamma");

  private TinyModels() {}

  /** A model over {@link TinyEncoder} with a random embedding per LLM. */
  public static RouterModel model(String version, List<String> llms) {
    return model(version, llms, TinyEncoder.ID);
  }

  public static RouterModel model(String version, List<String> llms, EncoderId encoder) {
    Random random = new Random(version.hashCode());
    int dimension = encoder.dimension();
    float[][] embeddings = new float[llms.size()][dimension + 1];
    for (float[] embedding : embeddings) {
      for (int i = 0; i < dimension; i++) {
        embedding[i] = (float) random.nextGaussian();
      }
    }
    double[] ones = new double[llms.size()];
    Arrays.fill(ones, 1);
    double[] overall = new double[llms.size()];
    for (int i = 0; i < overall.length; i++) {
      overall[i] = 0.5 + 0.1 * i;
    }
    return new RouterModel(
        version,
        encoder,
        llms,
        new QueryFeatures(Matrix.of(new float[1][dimension]), false, List.of()),
        null,
        Matrix.of(embeddings),
        null,
        0.1,
        new Calibration(ones, new double[llms.size()], new double[llms.size()], overall, null),
        null,
        Map.of("made", "by hand"));
  }

  /** A model over {@link TinyEncoder} that prefers one LLM whatever the query. */
  public static RouterModel favouring(String version, String favourite) {
    RouterModel any = model(version, LLMS);
    float[][] embeddings = new float[LLMS.size()][TinyEncoder.DIMENSION + 1];
    for (int i = 0; i < embeddings.length; i++) {
      embeddings[i][TinyEncoder.DIMENSION] = LLMS.get(i).equals(favourite) ? 1 : -1;
    }
    return new RouterModel(
        version,
        any.encoder(),
        any.llms(),
        any.features(),
        any.projection(),
        Matrix.of(embeddings),
        any.sphere(),
        any.temperature(),
        any.calibration(),
        any.guard(),
        any.report());
  }

  public static LlmProfile.Builder profile(String llm) {
    return LlmProfile.newBuilder()
        .setId(llm)
        .setTopic("turnout.requests." + llm.replace('/', '-'))
        .setStatus(LlmStatus.ACTIVE)
        .setInputUsdPerMillionTokens(1.0)
        .setOutputUsdPerMillionTokens(2.0)
        .setExpectedLatencyMs(300.0)
        .setUpdatedAt(Instant.EPOCH);
  }
}
