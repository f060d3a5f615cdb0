package dev.turnout.control.belief;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.belief.CellMeans;
import dev.turnout.belief.Posteriors;
import dev.turnout.schema.Posterior;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PosteriorRecordsTest {
  private static final Posteriors LEARNT =
      new Posteriors(
          "m1",
          List.of("apple", "pear"),
          new double[][] {{0.1, -0.1}, {0.2, -0.2}},
          new double[][] {{0.05, 0.06}, {0.07, 0.08}},
          new double[][] {{10, 20}, {30, 40}},
          new CellMeans(
              new double[] {0.5, Double.NaN},
              new double[][] {{0.4, Double.NaN}, {0.6, Double.NaN}}),
          new CellMeans(new double[] {900, 700}, new double[][] {{800, 600}, {950, 750}}),
          Map.of("g", 0.5),
          List.of(),
          20);

  @Test
  void shouldTravelBitForBit() {
    Posterior record = PosteriorRecords.write(LEARNT, 7, Instant.EPOCH);

    assertThat(PosteriorRecords.read(record).sameAs(LEARNT)).isTrue();
  }

  @Test
  void shouldTellLengthsOfAnswersWhereAnyIsKnown() {
    // given
    Posteriors measured =
        new Posteriors(
            LEARNT.modelVersion(),
            LEARNT.llms(),
            LEARNT.correction(),
            LEARNT.deviation(),
            LEARNT.count(),
            LEARNT.costUsd(),
            LEARNT.latencyMs(),
            new CellMeans(
                new double[] {250, Double.NaN},
                new double[][] {{100, Double.NaN}, {400, Double.NaN}}),
            Map.of(),
            List.of(),
            20);

    // when
    Posteriors read = PosteriorRecords.read(PosteriorRecords.write(measured, 7, Instant.EPOCH));

    // then
    assertThat(read.outputTokens().of(new int[] {1}, 0)).isEqualTo(400);
    assertThat(read.outputTokens().of(new int[] {1}, 1)).isNaN();
    assertThat(PosteriorRecords.write(LEARNT, 7, Instant.EPOCH).getCellOutputTokens()).isEmpty();
  }

  @Test
  void shouldTellOfTheLeastTrustedGradersOnly() {
    Map<String, Double> trust = new HashMap<>();
    trust.put("honest", 1.0);
    for (int i = 0; i < 150; i++) {
      trust.put("g" + i, i / 200.0);
    }
    Posteriors many =
        new Posteriors(
            LEARNT.modelVersion(),
            LEARNT.llms(),
            LEARNT.correction(),
            LEARNT.deviation(),
            LEARNT.count(),
            LEARNT.costUsd(),
            LEARNT.latencyMs(),
            trust,
            List.of(),
            20);

    Map<String, Double> told = PosteriorRecords.write(many, 7, Instant.EPOCH).getTrust();

    assertThat(told).hasSize(100).containsEntry("g0", 0.0).containsEntry("g99", 99 / 200.0);
  }

  @Test
  void shouldReadWhatDidNotTellCellsApart() {
    Posterior record =
        Posterior.newBuilder(PosteriorRecords.write(LEARNT, 7, Instant.EPOCH))
            .setCellCostUsd(List.of())
            .setCellLatencyMs(List.of())
            .build();

    Posteriors read = PosteriorRecords.read(record);

    assertThat(read.latencyMs().perCell()).isDeepEqualTo(new double[][] {{900, 700}, {900, 700}});
    assertThat(read.costUsd().of(new int[] {1}, 0)).isEqualTo(0.5);
    assertThat(read.costUsd().of(new int[] {1}, 1)).isNaN();
  }

  @Test
  void shouldRefuseWhatIsNoNumberOrHasAnotherShape() {
    Posterior good = PosteriorRecords.write(LEARNT, 7, Instant.EPOCH);

    assertThatThrownBy(
            () ->
                PosteriorRecords.read(
                    Posterior.newBuilder(good)
                        .setCorrection(List.of(0.1, Double.NaN, 0.2, -0.2))
                        .build()))
        .hasMessage("posteriors hold numbers that cannot be");
    assertThatThrownBy(
            () ->
                PosteriorRecords.read(
                    Posterior.newBuilder(good).setDeviation(List.of(0.1, -0.1, 0.1, 0.1)).build()))
        .hasMessage("posteriors hold numbers that cannot be");
    assertThatThrownBy(
            () ->
                PosteriorRecords.read(
                    Posterior.newBuilder(good)
                        .setCostUsd(List.of(0.5, Double.POSITIVE_INFINITY))
                        .build()))
        .hasMessage("posteriors hold numbers that cannot be");
    assertThatThrownBy(
            () ->
                PosteriorRecords.read(
                    Posterior.newBuilder(good).setLlms(List.of("apple", "apple")).build()))
        .hasMessage("posteriors name an LLM twice: [apple, apple]");
    assertThatThrownBy(
            () ->
                PosteriorRecords.read(Posterior.newBuilder(good).setCostUsd(List.of(0.5)).build()))
        .hasMessage("posteriors have 1 entries for 1 cells x 2 LLMs");
  }
}
