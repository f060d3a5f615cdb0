package dev.turnout.model.cost;

import dev.turnout.model.Matrix;
import java.util.stream.IntStream;

/**
 * What an answer of each LLM is expected to take of one kind, such as USD or tokens: its mean, what
 * the query's cells add, and what a longer text adds. An LLM without answers is unknown.
 *
 * @param deviations {@code [cells x LLMs]}: what a cell adds; the cells of all banks one after the
 *     other, one row for a model without cells
 * @param llms {@code [LLMs x 4]}: how many answers the LLM was learnt from, their mean amount, what
 *     one more character of text adds, and the usual length of a text in characters; all >= 0
 */
public record CellAmounts(Matrix deviations, Matrix llms) {
  /** Columns of {@link #llms}. */
  public static final int COLUMNS = 4;

  private static final int ANSWERS = 0;
  private static final int MEAN = 1;
  private static final int SLOPE = 2;
  private static final int LENGTH = 3;

  private static final double PRIOR_ANSWERS = 5;

  public CellAmounts {
    require(llms.columns() == COLUMNS, "LLMs need " + COLUMNS + " columns: " + llms.columns());
    require(
        deviations.columns() == llms.rows(),
        "cells are of " + deviations.columns() + " LLMs, not of " + llms.rows());
    for (float value : llms.toArray()) {
      require(value >= 0 && Float.isFinite(value), "an amount is negative or infinite: " + value);
    }
    for (float value : deviations.toArray()) {
      require(Float.isFinite(value), "what a cell adds is infinite or NaN");
    }
  }

  /** Number of LLMs. */
  public int size() {
    return llms.rows();
  }

  /** How many answers an LLM was learnt from; the older count less. */
  public double answers(int llm) {
    return llms.at(llm, ANSWERS);
  }

  /** What one more character of the query's text adds for an LLM. */
  public double perCharacter(int llm) {
    return llms.at(llm, SLOPE);
  }

  /**
   * What an LLM's answer to a query takes.
   *
   * @param cells the query's cells as {@link dev.turnout.model.Scores#cells} gives them
   * @param characters length of the query's text; NaN when unknown
   * @return NaN for an LLM that is unknown
   */
  public double expected(int[] cells, int llm, double characters) {
    if (answers(llm) == 0) {
      return Double.NaN;
    }
    double amount = llms.at(llm, MEAN);
    for (int cell : cells) {
      amount += deviations.at(cell, llm);
    }
    double longer = Double.isFinite(characters) ? characters - llms.at(llm, LENGTH) : 0;
    return Math.max(0, amount + perCharacter(llm) * longer);
  }

  /**
   * What is expected after some answers were seen of which something else was expected before.
   *
   * @param before expected without them; NaN for nothing
   * @param known how many answers that comes from, >= 0; 0 when somebody stated or assumed it,
   *     which counts as much as five answers
   * @param seen their mean; NaN without any
   * @param answers how many were seen, >= 0
   * @return {@code before} itself without any answers
   */
  public static double updated(double before, double known, double seen, double answers) {
    if (Double.isNaN(seen) || !(answers > 0)) {
      return before;
    }
    return Double.isNaN(before)
        ? seen
        : (answers * seen + (known + PRIOR_ANSWERS) * before) / (answers + known + PRIOR_ANSWERS);
  }

  /**
   * The same for another list of LLMs.
   *
   * @param from position of each LLM here; -1 for one that is unknown
   */
  public CellAmounts withLlms(int[] from) {
    float[][] rows = new float[from.length][COLUMNS];
    float[][] moved = new float[deviations.rows()][from.length];
    for (int t = 0; t < from.length; t++) {
      if (from[t] >= 0) {
        rows[t] = llms.row(from[t]);
        for (int c = 0; c < moved.length; c++) {
          moved[c][t] = deviations.at(c, from[t]);
        }
      }
    }
    return new CellAmounts(Matrix.of(moved), Matrix.of(rows));
  }

  /**
   * The same, with what another one says of LLMs that are unknown here.
   *
   * @param other of the same cells and LLMs
   */
  public CellAmounts or(CellAmounts other) {
    float[][] rows = llms.toRows();
    float[][] filled = deviations.toRows();
    for (int t = 0; t < rows.length; t++) {
      if (answers(t) == 0) {
        rows[t] = other.llms.row(t);
        for (int c = 0; c < filled.length; c++) {
          filled[c][t] = other.deviations.at(c, t);
        }
      }
    }
    return new CellAmounts(Matrix.of(filled), Matrix.of(rows));
  }

  /** Of how many LLMs something is known. */
  public int known() {
    return (int) IntStream.range(0, size()).filter(t -> answers(t) > 0).count();
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException("expected costs: " + message);
    }
  }
}
