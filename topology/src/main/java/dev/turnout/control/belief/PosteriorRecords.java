package dev.turnout.control.belief;

import dev.turnout.belief.CellMeans;
import dev.turnout.belief.Change;
import dev.turnout.belief.Posteriors;
import dev.turnout.schema.Posterior;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Posteriors as records: rows laid out one after the other. Of the graders only the least trusted
 * are published, since anyone may make up names of graders and a record must stay small.
 */
public final class PosteriorRecords {
  /** Most graders whose trust is published. */
  public static final int MOST_GRADERS = 100;

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
        .setTrust(posteriors.distrusted(MOST_GRADERS))
        .setChanges(posteriors.changes().stream().map(Change::toString).toList())
        .setSamples(posteriors.samples())
        .setOffset(offset)
        .setLearntAt(now)
        .build();
  }

  /**
   * Reads what {@link #write} wrote; changes are only for people and are not read back.
   *
   * @throws IllegalArgumentException if the arrays do not have cells times LLMs entries, or hold
   *     corrections that are no numbers
   */
  public static Posteriors read(Posterior record) {
    int llms = record.getLlms().size();
    int cells = record.getCells();
    return new Posteriors(
        record.getModelVersion(),
        record.getLlms(),
        finite(rows(record.getCorrection(), cells, llms)),
        finite(rows(record.getDeviation(), cells, llms)),
        rows(record.getCount(), cells, llms),
        means(record.getCostUsd(), record.getCellCostUsd(), cells, llms),
        means(record.getLatencyMs(), record.getCellLatencyMs(), cells, llms),
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
    double[] all = rows(overall, 1, llms)[0];
    return perCell.isEmpty()
        ? CellMeans.alike(all, cells)
        : new CellMeans(all, rows(perCell, cells, llms));
  }

  private static double[][] finite(double[][] rows) {
    for (double[] row : rows) {
      if (!Arrays.stream(row).allMatch(Double::isFinite)) {
        throw new IllegalArgumentException("posteriors hold NaN or infinite values");
      }
    }
    return rows;
  }

  private static double[][] rows(List<Double> flat, int cells, int llms) {
    if (flat.size() != cells * llms || cells < 1) {
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
