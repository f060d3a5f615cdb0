package dev.turnout.learner.loop;

import dev.turnout.belief.GradedSample;
import dev.turnout.belief.GraderWeights;
import dev.turnout.encoder.surface.QuerySurface;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.HalfPrecision;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Turns records of the samples topic into what the learner learns from. */
record TrainingSamples(GraderWeights weights) {

  GradedSample of(TrainingSample record) {
    double[] propensities =
        record.getPropensities().stream().mapToDouble(Double::doubleValue).toArray();
    return new GradedSample(
        record.getQueryId(),
        HalfPrecision.unpack(record.getEmbedding()),
        record.getLlm(),
        record.getReward(),
        weights.of(record.getGrader()),
        record.getPropensity(),
        record.getLlms(),
        propensities,
        record.getCostUsd() == null ? Double.NaN : record.getCostUsd(),
        record.getLatencyMs() == null ? Double.NaN : record.getLatencyMs(),
        record.getCompletionTokens() == null ? Double.NaN : record.getCompletionTokens(),
        record.getGrader(),
        record.getShadow(),
        surface(record.getSurface()));
  }

  private static @Nullable QuerySurface surface(@Nullable ByteBuffer bytes) {
    if (bytes == null) {
      return null;
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return QuerySurface.fromBytes(copy);
  }
}
