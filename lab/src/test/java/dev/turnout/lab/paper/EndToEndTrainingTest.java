package dev.turnout.lab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.turnout.encoder.EncoderException;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.encoder.EncoderSettings.Device;
import dev.turnout.encoder.EncoderSettings.Engine;
import dev.turnout.encoder.EncoderSettings.Precision;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.model.RouterModel;
import dev.turnout.train.Progress;
import dev.turnout.train.TrainingOptions;
import dev.turnout.train.TrainingSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndToEndTrainingTest {
  private static final List<String> TEXTS =
      List.of(
          "add two and three",
          "solve x + 1 = 4",
          "seven times eight",
          "the square root of nine",
          "a poem about autumn",
          "a story of a fox",
          "describe an old town",
          "a song for a child");
  private static final EncoderSettings ON_CPU =
      EncoderSettings.transformer().toBuilder()
          .device(Device.CPU)
          .precision(Precision.FP32)
          .threads(1)
          .build();
  private static final TrainingOptions SHORT =
      EndToEndTraining.published().toBuilder()
          .steps(3)
          .batch(9)
          .groups(2)
          .learningRate(5e-4)
          .build();

  @TempDir private static Path folder;
  private static FineTuned tuned;
  private static EncoderSettings settings;

  @BeforeAll
  static void fineTune() throws IOException {
    tuned = new EndToEndTraining(SHORT).run(vectors(), TEXTS, 1, Progress.silent());
    Path file = folder.resolve("router.model" + EncoderSettings.FINE_TUNED);
    tuned.weights().write(file);
    settings = ON_CPU.toBuilder().fineTuned(file.toString()).build();
  }

  @Test
  void shouldLowerTheLoss() {
    double[] losses = tuned.losses();

    assertThat(losses).hasSize(3);
    assertThat(losses[2]).isLessThan(losses[0]);
  }

  @Test
  void shouldGiveTheSameWeightsFromTheSameSeed() {
    TrainingOptions oneStep = SHORT.toBuilder().steps(1).build();

    FineTuned first = new EndToEndTraining(oneStep).run(vectors(), TEXTS, 1, Progress.silent());
    FineTuned second = new EndToEndTraining(oneStep).run(vectors(), TEXTS, 1, Progress.silent());

    assertThat(second.weights().digest()).isEqualTo(first.weights().digest());
    assertThat(second.losses()).isEqualTo(first.losses());
    assertThat(first.weights().digest()).isNotEqualTo(tuned.weights().digest());
  }

  @Test
  void shouldMoveTheEncoder() {
    try (QueryEncoder published = Encoders.open(ON_CPU.toBuilder().engine(Engine.PYTORCH).build());
        QueryEncoder moved = Encoders.open(settings)) {
      assertThat(moved.id()).isNotEqualTo(published.id());
      float[] before = published.encode(TEXTS.subList(0, 1))[0];
      float[] after = moved.encode(TEXTS.subList(0, 1))[0];
      assertThat(dot(before, after)).isLessThan(0.999);
    }
  }

  @Test
  void shouldEncodeAsInTrainingWhenNothingWasLearnt() throws IOException {
    // given
    Path file = folder.resolve("untouched.encoder");
    float[] expected;
    try (TunableBert bert = TunableBert.open();
        NDManager passing = bert.manager().newSubManager()) {
      bert.copyWeights().write(file);
      expected = bert.encode(TEXTS.subList(0, 1), passing).toFloatArray();
    }

    // when
    try (QueryEncoder encoder =
        Encoders.open(ON_CPU.toBuilder().fineTuned(file.toString()).build())) {
      float[] reloaded = encoder.encode(TEXTS.subList(0, 1))[0];

      // then
      assertThat(reloaded).containsExactly(expected, within(1e-5f));
    }
  }

  @Test
  void shouldReloadWithEqualVectorsAndServeItsModelAlone() {
    try (QueryEncoder encoder = Encoders.open(settings);
        QueryEncoder again = Encoders.open(settings)) {
      float[][] encoded = encoder.encode(TEXTS);
      RouterModel model = tuned.model(withEmbeddings(encoded), encoder.id());

      assertThat(again.id()).isEqualTo(encoder.id());
      assertThat(again.encode(TEXTS)).isDeepEqualTo(encoded);
      assertThat(model.requireEncoder(again.id())).isSameAs(model);
      assertThat(model.report()).containsEntry("fine_tuned", "true");
      try (QueryEncoder plain = Encoders.open(ON_CPU.toBuilder().engine(Engine.PYTORCH).build())) {
        assertThatThrownBy(() -> model.requireEncoder(plain.id()))
            .hasMessageContaining(encoder.id().toString())
            .hasMessageContaining(plain.id().toString());
      }
    }
  }

  @Test
  void shouldRefuseADamagedFileByName() throws IOException {
    Path file = folder.resolve("damaged.encoder");
    Files.write(file, new byte[] {'T', 'R', 'N', 'E', 0, 0, 0, 1, 0, 0, 0, 1});

    assertThatThrownBy(() -> Encoders.open(ON_CPU.toBuilder().fineTuned(file.toString()).build()))
        .isInstanceOf(EncoderException.class)
        .hasMessageContaining("damaged.encoder")
        .hasMessageContaining("--fine-tune");
  }

  private static TrainingSet vectors() {
    try (QueryEncoder statics = Encoders.open(EncoderSettings.staticEncoder())) {
      return withEmbeddings(statics.encode(TEXTS));
    }
  }

  private static TrainingSet withEmbeddings(float[][] embeddings) {
    float[][] rewards = new float[TEXTS.size()][];
    for (int i = 0; i < rewards.length; i++) {
      rewards[i] = i < 4 ? new float[] {1, 0} : new float[] {0, 1};
    }
    return TrainingSet.of(List.of("maths", "prose"), embeddings, rewards, new int[TEXTS.size()]);
  }

  private static double dot(float[] first, float[] second) {
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      sum += first[i] * second[i];
    }
    return sum;
  }
}
