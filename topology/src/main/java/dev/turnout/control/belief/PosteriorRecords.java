package dev.turnout.control.belief;

import dev.turnout.belief.CellMeans;
import dev.turnout.belief.Posteriors;
import dev.turnout.schema.Posterior;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.FieldLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.DoublePredicate;

/**
 * Posteriors as records: rows laid out one after the other. Of the graders only the least trusted
 * are published, since anyone may make up names of graders and a record must stay small.
 */
public final class PosteriorRecords {
  /** Most graders whose trust is published. */
  public static final int MOST_GRADERS = FieldLimits.POSTERIOR_NOTES;

  private PosteriorRecords() {}

  /**
   * What is published.
   *
   * @param offset offset of the last sample taken in
   * @param now when it was learnt
   */
  public static Posterior write(Posteriors posteriors, long offset, Instant now) {
    return Posterior.newBuilder()
        .setModelVersion(posteriors.modelVersion())
        .setLlms(posteriors.llms())
        .setCells(posteriors.cells())
        .setCorrection(flat(posteriors.correction()))
        .setDeviation(flat(posteriors.deviation()))
        .setCount(flat(posteriors.count()))
        .setCostUsd(list(posteriors.costUsd().overall()))
        .setLatencyMs(list(posteriors.latencyMs().overall()))
        .setCellCostUsd(flat(posteriors.costUsd().perCell()))
        .setCellLatencyMs(flat(posteriors.latencyMs().perCell()))
        .setCellOutputTokens(
            posteriors.outputTokens().isUnknown()
                ? List.of()
                : flat(posteriors.outputTokens().perCell()))
        .setTrust(posteriors.distrusted(MOST_GRADERS))
        .setChanges(
            posteriors.changes().stream()
                .limit(FieldLimits.POSTERIOR_NOTES)
                .map(change -> BoundedText.cut(change.toString(), FieldLimits.CHANGE))
                .toList())
        .setSamples(posteriors.samples())
        .setOffset(offset)
        .setLearntAt(now)
        .build();
  }

  /**
   * Reads what {@link #write} wrote; changes are only for people and are not read back.
   *
   * @throws IllegalArgumentException if the arrays do not have cells times LLMs entries, hold
   *     numbers that cannot be, or an LLM stands twice
   */
  public static Posteriors read(Posterior record) {
    int llms = record.getLlms().size();
    int cells = record.getCells();
    if (new HashSet<>(record.getLlms()).size() != llms) {
      throw new IllegalArgumentException("posteriors name an LLM twice: " + record.getLlms());
    }
    return new Posteriors(
        record.getModelVersion(),
        record.getLlms(),
        all(Double::isFinite, rows(record.getCorrection(), cells, llms)),
        all(PosteriorRecords::isAmount, rows(record.getDeviation(), cells, llms)),
        all(PosteriorRecords::isAmount, rows(record.getCount(), cells, llms)),
        means(record.getCostUsd(), record.getCellCostUsd(), cells, llms),
        means(record.getLatencyMs(), record.getCellLatencyMs(), cells, llms),
        lengths(record.getCellOutputTokens(), cells, llms),
        record.getTrust(),
        List.of(),
        record.getSamples());
  }

  private static List<Double> flat(double[][] rows) {
    List<Double> flat = new ArrayList<>();
    for (double[] row : rows) {
      flat.addAll(list(row));
    }
    return flat;
  }

  private static List<Double> list(double[] values) {
    List<Double> list = new ArrayList<>(values.length);
    for (double value : values) {
      list.add(value);
    }
    return list;
  }

  /** Records of earlier releases hold no means by cell. */
  private static CellMeans means(List<Double> overall, List<Double> perCell, int cells, int llms) {
    double[] alike = all(PosteriorRecords::isMean, rows(overall, 1, llms))[0];
    return perCell.isEmpty()
        ? CellMeans.alike(alike, cells)
        : new CellMeans(alike, all(PosteriorRecords::isMean, rows(perCell, cells, llms)));
  }

  /** An LLM's mean over all cells is not published, since nobody asks for it. */
  private static CellMeans lengths(List<Double> perCell, int cells, int llms) {
    if (perCell.isEmpty()) {
      return CellMeans.unknown(cells, llms);
    }
    double[][] rows = all(PosteriorRecords::isMean, rows(perCell, cells, llms));
    return new CellMeans(rows[0], rows);
  }

  private static boolean isAmount(double value) {
    return value >= 0 && Double.isFinite(value);
  }

  /** NaN says that there is none. */
  private static boolean isMean(double value) {
    return Double.isNaN(value) || isAmount(value);
  }

  private static double[][] all(DoublePredicate possible, double[][] rows) {
    for (double[] row : rows) {
      if (!Arrays.stream(row).allMatch(possible)) {
        throw new IllegalArgumentException("posteriors hold numbers that cannot be");
      }
    }
    return rows;
  }

  private static double[][] rows(List<Double> flat, int cells, int llms) {
    if (flat.size() != (long) cells * llms || cells < 1) {
      throw new IllegalArgumentException(
          "posteriors have "
              + flat.size()
              + " entries for "
              + cells
              + " cells x "
              + llms
              + " LLMs");
    }
    double[][] rows = new double[cells][llms];
    for (int i = 0; i < flat.size(); i++) {
      rows[i / llms][i % llms] = flat.get(i);
    }
    return rows;
  }
}
