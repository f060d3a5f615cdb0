package dev.turnout.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.model.cost.CellAmounts;
import dev.turnout.model.cost.CostHead;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Expected costs in a model's bytes, and as LLMs come and go. */
class ModelCostsTest {
  private static final RouterModel PLAIN =
      RandomModels.plain(new float[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, 0.1);
  private static final CostHead COSTS =
      new CostHead(
          new CellAmounts(
              Matrix.of(new float[][] {{-1e-9f, 0, 0}}),
              Matrix.of(new float[][] {{1, 1e-7f, 1e-9f, 20}, {2, 0.1f, 0, 0}, {3, 3, 0, 0}})),
          null);

  @Test
  void shouldReadBackCosts() {
    RouterModel model = PLAIN.withCosts(COSTS);

    RouterModel read = RouterModel.fromBytes(model.toBytes());

    assertThat(read).isEqualTo(model);
    assertThat(read.costs()).isEqualTo(COSTS);
    assertThat(read.toBytes()).isEqualTo(model.toBytes());
  }

  @Test
  void shouldWriteAModelWithoutCostsAsBeforeThereWereAny() {
    byte[] bytes = PLAIN.toBytes();

    assertThat(header(bytes)).doesNotContain("costs");
    assertThat(RouterModel.fromBytes(bytes).costs()).isNull();
  }

  /** Builds that know no costs read the first format, and pass over what they do not know. */
  @Test
  void shouldHoldCostsInTheHeaderOfAFormatThatEarlierBuildsRead() {
    byte[] without = PLAIN.toBytes();
    byte[] with = PLAIN.withCosts(COSTS).toBytes();

    assertThat(format(with)).isEqualTo(format(without)).isEqualTo(1);
    // what follows the header, but for the checksum, is the same
    int matrices = without.length - header(without).length();
    assertThat(with.length - header(with).length()).isEqualTo(matrices);
    assertThat(header(with)).contains("\"matrices\":" + shapes(header(without)));
  }

  @Test
  void shouldRefuseCostsOfOtherCellsOrLlms() {
    CostHead two = Objects.requireNonNull(COSTS.withLlms(new int[] {0, 1}));

    assertThatThrownBy(() -> PLAIN.withCosts(two))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected costs are of 1 cells and 2 LLMs, the model has 1 and 3");
  }

  @Test
  void shouldKeepCostsWithTheirLlms() {
    // given
    RouterModel model = PLAIN.withCosts(COSTS);
    String gone = model.llms().get(0);

    // when
    RouterModel left = model.without(gone);
    RouterModel more = left.withLlm(new LlmEmbedding("new", new float[] {1, 0, 0}, 2, -1, 0, 0.5));

    // then
    double[] costs = new RouterScorer(more).score(new float[] {1, 0}).costUsd();
    assertThat(costs[0]).isEqualTo(0.1f);
    assertThat(costs[1]).isEqualTo(3);
    assertThat(costs[2]).isNaN();
  }

  private static int format(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
  }

  private static String header(byte[] bytes) {
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
    return new String(bytes, 12, length, StandardCharsets.UTF_8);
  }

  private static String shapes(String header) {
    return header.substring(header.indexOf("\"matrices\":") + "\"matrices\":".length());
  }
}
