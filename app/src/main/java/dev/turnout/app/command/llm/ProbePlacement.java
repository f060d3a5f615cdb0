package dev.turnout.app.command.llm;

import dev.turnout.app.command.Connection;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import dev.turnout.app.data.read.OutcomeDatasets;
import dev.turnout.control.model.ModelHistory;
import dev.turnout.encoder.EncoderId;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.model.LlmEmbedding;
import dev.turnout.model.RouterModel;
import dev.turnout.schema.LlmProfile;
import dev.turnout.train.Onboarding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/** Places an LLM in the serving model from a few graded probes. */
final class ProbePlacement {

  private ProbePlacement() {}

  /**
   * Puts the LLM's embedding into its profile.
   *
   * @param probes outcomes of the LLM, and where there are any of the others, as training queries
   * @throws CommandFailure if no model serves, or it knows the LLM already, or no probe is graded
   */
  static void place(Connection connection, String llm, Path probes, LlmProfile.Builder profile) {
    ModelHistory history = connection.models();
    String version =
        history
            .serving()
            .orElseThrow(
                () ->
                    new CommandFailure(
                        "no model serves yet, so there is nothing to place " + llm + " in"));
    RouterModel model = history.load(version);
    if (model.llms().contains(llm)) {
      throw new CommandFailure(
          "model " + version + " knows " + llm + " already; leave out --probes");
    }
    LlmEmbedding placed = embedding(model, llm, OutcomeDatasets.read(probes), probes);
    float[] vector = placed.vector();
    ByteBuffer packed =
        ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    packed.asFloatBuffer().put(vector);
    profile.setEmbedding(packed).setEmbeddingModelVersion(version);
  }

  private static LlmEmbedding embedding(
      RouterModel model, String llm, OutcomeDataset data, Path probes) {
    int column = data.llms().indexOf(llm);
    if (column < 0) {
      throw new CommandFailure(
          probes + ": no query has a score of " + llm + "; there are: " + data.llms());
    }
    List<QueryOutcomes> graded =
        data.split(Split.TRAIN).stream()
            .filter(query -> !Double.isNaN(query.rewards()[column]))
            .toList();
    float[] rewards = new float[graded.size()];
    float[][] others = new float[graded.size()][model.llms().size()];
    for (int i = 0; i < rewards.length; i++) {
      double[] scores = graded.get(i).rewards();
      rewards[i] = (float) scores[column];
      for (int other = 0; other < model.llms().size(); other++) {
        int at = data.llms().indexOf(model.llms().get(other));
        others[i][other] = at < 0 ? Float.NaN : (float) scores[at];
      }
    }
    try (QueryEncoder encoder = Encoders.open(settings(model.encoder()))) {
      model.requireEncoder(encoder.id());
      float[][] vectors = encoder.encode(graded.stream().map(QueryOutcomes::question).toList());
      RouterModel extended = Onboarding.place(model, llm, vectors, rewards, others);
      return extended.embeddings().get(extended.llms().indexOf(llm));
    }
  }

  /** The built-in encoder of that name; another one is refused by the model's digest. */
  private static EncoderSettings settings(EncoderId id) {
    EncoderSettings.Kind kind =
        id.name().endsWith("-static")
            ? EncoderSettings.Kind.STATIC
            : id.name().contains("hybrid")
                ? EncoderSettings.Kind.HYBRID
                : EncoderSettings.Kind.TRANSFORMER;
    return EncoderSettings.builder().kind(kind).build();
  }
}
