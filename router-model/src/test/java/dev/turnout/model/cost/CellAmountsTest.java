package dev.turnout.model.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.model.Matrix;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CellAmountsTest {
  /** Three cells; the second LLM is unknown, the third pays for the text. */
  private static final CellAmounts AMOUNTS =
      new CellAmounts(
          Matrix.of(new float[][] {{-20, 0, -2}, {0, 0, 0}, {20, 0, 2}}),
          Matrix.of(new float[][] {{100, 30, 0, 0}, {0, 0, 0, 0}, {40, 6, 0.5f, 200}}));

  @Test
  void shouldAddWhatTheCellsOfAQueryAdd() {
    assertThat(AMOUNTS.expected(new int[] {0, 2}, 0, Double.NaN)).isEqualTo(30);
    assertThat(AMOUNTS.expected(new int[] {0}, 0, 5_000)).isEqualTo(10);
    assertThat(AMOUNTS.expected(new int[0], 0, 5_000)).isEqualTo(30);
  }

  @Test
  void shouldAddWhatALongerTextCosts() {
    assertThat(AMOUNTS.expected(new int[] {0}, 2, 210)).isEqualTo(9);
    assertThat(AMOUNTS.expected(new int[] {0}, 2, Double.NaN)).isEqualTo(4);
    // the text is so short that less than nothing would be left
    assertThat(AMOUNTS.expected(new int[] {0}, 2, 0)).isZero();
  }

  @Test
  void shouldKnowNothingOfAnLlmWithoutAnswers() {
    assertThat(AMOUNTS.expected(new int[] {0}, 1, 100)).isNaN();
  }

  @Test
  void shouldLeaveAnExpectationAsItIsWithoutAnswersAndMoveItWithThem() {
    assertThat(CellAmounts.updated(256, 0, Double.NaN, 0)).isEqualTo(256);
    assertThat(CellAmounts.updated(256, 0, 10, 0)).isEqualTo(256);
    assertThat(CellAmounts.updated(Double.NaN, 0, 10, 3)).isEqualTo(10);
    assertThat(CellAmounts.updated(100, 0, 40, 5)).isEqualTo(70);
    assertThat(CellAmounts.updated(100, 0, 40, 10_000)).isCloseTo(40, within(0.1));
    // what comes from answers counts by them, too
    assertThat(CellAmounts.updated(100, 95, 40, 100)).isEqualTo(70);
  }

  @Test
  void shouldMoveWithItsLlms() {
    // when
    CellAmounts moved = AMOUNTS.withLlms(new int[] {2, -1, 0});

    // then
    assertThat(moved.expected(new int[] {1}, 0, 200)).isEqualTo(6);
    assertThat(moved.expected(new int[] {1}, 1, 200)).isNaN();
    assertThat(moved.expected(new int[] {1}, 2, 200)).isEqualTo(30);
  }

  @Test
  void shouldTakeFromAnotherOnlyWhatItDoesNotKnow() {
    // given
    CostHead head = new CostHead(AMOUNTS, null);
    CostHead other = new CostHead(AMOUNTS.withLlms(new int[] {2, 0, 1}), AMOUNTS);

    // when
    CostHead both = head.or(other);

    // then
    CellAmounts usd = Objects.requireNonNull(both.usd());
    assertThat(usd.expected(new int[] {0}, 0, 200)).isEqualTo(10);
    assertThat(usd.expected(new int[] {0}, 1, 200)).isEqualTo(10);
    assertThat(usd.expected(new int[] {0}, 2, 200)).isEqualTo(4);
    assertThat(both.outputTokens()).isEqualTo(AMOUNTS);
    assertThat(head.or(null)).isEqualTo(head);
  }

  @Test
  void shouldBeNoHeadWhereNothingIsKnown() {
    assertThat(CostHead.of(AMOUNTS.withLlms(new int[] {1}), null)).isNull();
    assertThat(new CostHead(AMOUNTS, AMOUNTS).withLlms(new int[] {-1, 1})).isNull();
  }

  @Test
  void shouldRefuseAmountsThatCannotBe() {
    Matrix llms = Matrix.of(new float[][] {{1, 5, 0, 0}});
    Matrix negative = Matrix.of(new float[][] {{1, -1, 0, 0}});
    Matrix one = Matrix.of(new float[][] {{0}});

    assertThatThrownBy(() -> new CellAmounts(one, negative))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected costs: an amount is negative or infinite: -1.0");
    assertThatThrownBy(() -> new CellAmounts(Matrix.of(new float[][] {{Float.NaN}}), llms))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CellAmounts(Matrix.of(new float[][] {{1, 1}}), llms))
        .hasMessageContaining("cells are of 2 LLMs, not of 1");
  }
}
