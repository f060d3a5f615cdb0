package dev.turnout.lab.bench.route;

import dev.turnout.encoder.EncoderId;
import dev.turnout.model.Calibration;
import dev.turnout.model.CellBank;
import dev.turnout.model.Guard;
import dev.turnout.model.Matrix;
import dev.turnout.model.Membership;
import dev.turnout.model.QueryFeatures;
import dev.turnout.model.RouterModel;
import dev.turnout.model.Sphere;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.topic.TopicCatalogue;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A model of random numbers in the shape that the default recipe makes, for measuring: what it
 * chooses means nothing, what choosing costs is real.
 */
public final class BenchmarkModel {
  /** Ids of its LLMs. */
  public static final List<String> LLMS =
      IntStream.range(0, 7).mapToObj(i -> "bench/llm-" + i).toList();

  private static final int BANKS = 4;
  private static final int CELLS = 12;
  private static final int GUARD_RANK = 16;

  private BenchmarkModel() {}

  /** The profile of one of its LLMs. */
  public static LlmProfile profile(TopicCatalogue topics, String llm) {
    return LlmProfile.newBuilder()
        .setId(llm)
        .setTopic(topics.requests(llm))
        .setStatus(LlmStatus.ACTIVE)
        .setInputUsdPerMillionTokens(0.2)
        .setOutputUsdPerMillionTokens(0.6)
        .setExpectedLatencyMs(500.0)
        .setUpdatedAt(Instant.now())
        .build();
  }

  /** A model for an encoder. */
  public static RouterModel of(EncoderId encoder) {
    SplittableRandom random = new SplittableRandom(20_261_122L);
    int dimension = encoder.dimension();
    QueryFeatures features =
        new QueryFeatures(
            matrix(1, dimension, random),
            true,
            IntStream.range(0, BANKS)
                .mapToObj(
                    bank ->
                        new CellBank(
                            Membership.HARD, matrix(CELLS, dimension, random), 1, 1.0 / BANKS))
                .toList());
    int projected = Math.min(dimension, LLMS.size() + 1 + BANKS * CELLS) + BANKS * CELLS + 1;
    return new RouterModel(
        "bench-" + encoder.digest(),
        encoder,
        LLMS,
        features,
        matrix(projected, features.size(), random),
        matrix(LLMS.size(), projected, random),
        new Sphere(100, 100),
        0.1,
        Calibration.shared(LLMS.size(), 4, 0),
        new Guard(matrix(GUARD_RANK, dimension, random), 0.9),
        Map.of());
  }

  private static Matrix matrix(int rows, int columns, SplittableRandom random) {
    float[][] values = new float[rows][columns];
    for (float[] row : values) {
      for (int j = 0; j < columns; j++) {
        row[j] = (float) random.nextDouble(-1, 1);
      }
    }
    return Matrix.of(values);
  }
}
