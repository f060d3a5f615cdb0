package dev.turnout.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.encoder.EncoderId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class RouterModelTest {
  private static final RouterModel MODEL = RandomModels.of(7, 24, 16, 11);

  @Test
  void shouldReadBackWhatItWrote() {
    RouterModel read = RouterModel.fromBytes(MODEL.toBytes());

    assertThat(read).isEqualTo(MODEL);
    assertThat(read.digest()).isEqualTo(MODEL.digest()).matches("[0-9a-f]{64}");
  }

  @Test
  void shouldReadAModelOfTheFormatBeforeSuccessHeads() throws IOException {
    // given bytes that a build without success heads wrote
    byte[] bytes;
    try (InputStream stream = RouterModelTest.class.getResourceAsStream("format-1.model")) {
      bytes = Objects.requireNonNull(stream).readAllBytes();
    }

    // when
    RouterModel read = RouterModel.fromBytes(bytes);

    // then
    assertThat(read).isEqualTo(RandomModels.of(3, 8, 6, 5).withHead(null).withCosts(null));
    assertThat(read.toBytes()).isEqualTo(bytes);
  }

  @Test
  void shouldGiveAnLlmWithoutAHeadOfItsOwnTheMeanOfTheOthers() {
    float[] vector = new float[MODEL.projectedDimension()];

    RouterModel extended = MODEL.withLlm(new LlmEmbedding("new", vector, 3, 0, 0, 0.5));

    Matrix before = Objects.requireNonNull(MODEL.head()).llms();
    Matrix after = Objects.requireNonNull(extended.head()).llms();
    double sum = 0;
    for (int t = 0; t < 7; t++) {
      assertThat(after.row(t)).containsExactly(before.row(t));
      sum += before.at(t, 4);
    }
    assertThat(after.at(7, 4)).isCloseTo((float) (sum / 7), within(1e-6f));
    assertThat(extended.without("new").head()).isEqualTo(MODEL.head());
  }

  @Test
  void shouldReadBackAModelWithoutOptionalParts() {
    RouterModel plain = RandomModels.plain(new float[][] {{1, 2, 3}, {4, 5, 6}}, 1);

    assertThat(RouterModel.fromBytes(plain.toBytes())).isEqualTo(plain);
  }

  @Test
  void shouldRefuseEveryTruncation() {
    byte[] bytes = MODEL.toBytes();
    for (int length = 0; length < bytes.length; length += 97) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> RouterModel.fromBytes(cut))
          .as("%d of %d bytes", length, bytes.length)
          .isInstanceOf(ModelFormatException.class);
    }
  }

  @Test
  void shouldRefuseAFlippedBit() {
    byte[] bytes = MODEL.toBytes();
    for (int position = 0; position < bytes.length; position += 89) {
      byte[] damaged = bytes.clone();
      damaged[position] ^= 16;
      assertThatThrownBy(() -> RouterModel.fromBytes(damaged))
          .as("byte %d", position)
          .isInstanceOf(ModelFormatException.class);
    }
  }

  @Test
  void shouldNameTheFormatVersionItCannotRead() {
    byte[] bytes = MODEL.toBytes();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(4, 99);

    assertThatThrownBy(() -> RouterModel.fromBytes(bytes))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("99");
  }

  @Test
  void shouldRefuseInfiniteNumbersEvenWithARightChecksum() {
    byte[] bytes = MODEL.toBytes();
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putFloat(12 + buffer.getInt(8), Float.NaN);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - 4);
    buffer.putInt(bytes.length - 4, (int) crc.getValue());

    assertThatThrownBy(() -> RouterModel.fromBytes(bytes))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("mean")
        .hasMessageContaining("train");
  }

  @Test
  void shouldRefuseAnotherEncoder() {
    EncoderId other = new EncoderId("other", "ffffffffffff", 24);

    assertThatThrownBy(() -> MODEL.requireEncoder(other))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(MODEL.encoder().toString())
        .hasMessageContaining(other.toString())
        .hasMessageContaining("train a model");
    assertThat(MODEL.requireEncoder(new EncoderId("renamed", MODEL.encoder().digest(), 24)))
        .isSameAs(MODEL);
  }

  @Test
  void shouldLeaveOtherLlmsAloneWhenOneIsAdded() {
    float[] longer = new float[MODEL.projectedDimension()];
    Arrays.fill(longer, 30);
    float[] query = RandomModels.unit(24, new SplittableRandom(5));
    Scores before = new RouterScorer(MODEL).score(query);

    RouterModel extended = MODEL.withLlm(new LlmEmbedding("new", longer, 3, 0, 0, 0.5));

    Scores after = new RouterScorer(extended).score(query);
    assertThat(extended.llms()).hasSize(8).endsWith("new");
    for (int t = 0; t < 7; t++) {
      assertThat(extended.llmEmbeddings().row(t)).containsExactly(MODEL.llmEmbeddings().row(t));
      assertThat(after.predictedSuccess()[t]).isCloseTo(before.predictedSuccess()[t], within(1e-9));
      assertThat(after.probability()[t] / after.probability()[0])
          .isCloseTo(before.probability()[t] / before.probability()[0], within(1e-6));
    }
    assertThat(Objects.requireNonNull(extended.sphere()).llmRadius()).isGreaterThan(40);
  }

  @Test
  void shouldComeBackToTheSameScoresWhenAnLlmLeavesAndReturns() {
    RouterModel back = MODEL.without("llm-3").withLlm(MODEL.embeddings().get(3));

    assertThat(back.llms()).hasSize(7).endsWith("llm-3");
    float[] query = RandomModels.unit(24, new SplittableRandom(6));
    assertThat(new RouterScorer(back).score(query).cosine()[6])
        .isEqualTo(new RouterScorer(MODEL).score(query).cosine()[3]);
  }

  @Test
  void shouldRefuseToLoseAnUnknownOrTheLastLlm() {
    assertThatThrownBy(() -> MODEL.without("nobody")).hasMessageContaining("nobody");
    RouterModel single = RandomModels.plain(new float[][] {{1, 2}}, 1);
    assertThatThrownBy(() -> single.without("llm-0")).hasMessageContaining("at least one");
  }
}
