package dev.turnout.train;

/**
 * Settings of the recipes; {@link #defaults()} holds the published or cross-validated values, the
 * builder makes ablations.
 *
 * @param cells k-means cells of a bank; 0 = no cells
 * @param banks clusterings side by side, each from its own start
 * @param ridge penalty on the squared length of each LLM's linear weights; infinite = cells only
 * @param smoothing grades that a cell's mean is shrunk by at least towards the LLM's overall mean;
 *     recipe {@code turnout} shrinks by more where cells differ little beyond chance
 * @param folds folds of the out-of-fold predictions that calibration is fitted on, >= 2
 * @param guardQuantile share of held-out training queries that the guard lets pass, 0..1
 * @param temperature of the softmax over cosines; NaN = fitted to the grades ({@code turnout}) or
 *     the published value ({@code paper})
 * @param sampleLlmLoss weight of the sample-LLM contrastive loss, {@code paper} only
 * @param sampleSampleLoss weight of the sample-sample contrastive loss, {@code paper} only
 * @param groups k-means groups of the sample-sample loss, {@code paper} only
 * @param contrasts LLMs taken as positives and as negatives, {@code paper} only
 * @param steps optimiser steps, {@code paper} only
 * @param batch queries a step, {@code paper} only
 * @param learningRate of AdamW, {@code paper} only
 */
public record TrainingOptions(
    int cells,
    int banks,
    double ridge,
    double smoothing,
    int folds,
    double guardQuantile,
    double temperature,
    double sampleLlmLoss,
    double sampleSampleLoss,
    int groups,
    int contrasts,
    int steps,
    int batch,
    double learningRate) {

  public TrainingOptions {
    require(cells >= 0 && banks >= 1, "cells must be >= 0 and banks >= 1");
    require(ridge > 0, "ridge must be > 0");
    require(smoothing >= 0, "smoothing must be >= 0");
    require(folds >= 2, "folds must be >= 2");
    require(guardQuantile > 0 && guardQuantile <= 1, "guardQuantile must be in (0, 1]");
    require(!(temperature <= 0), "temperature must be > 0");
    require(sampleLlmLoss >= 0 && sampleSampleLoss >= 0, "loss weights must be >= 0");
    require(groups >= 1 && contrasts >= 1, "groups and contrasts must be >= 1");
    require(steps >= 1 && batch >= 1, "steps and batch must be >= 1");
    require(learningRate > 0, "learningRate must be > 0");
  }

  /** The settings that the recipes were published or chosen with. */
  public static TrainingOptions defaults() {
    return new TrainingOptions(12, 4, 400, 0, 5, 0.975, Double.NaN, 1, 1, 5, 3, 1000, 64, 5e-4);
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return defaults().toBuilder();
  }

  /** Starts from these options. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException("training options: " + message);
    }
  }

  /** Collects options; what is not set stays as it was. */
  public static final class Builder {
    private int cells;
    private int banks;
    private double ridge;
    private double smoothing;
    private int folds;
    private double guardQuantile;
    private double temperature;
    private double sampleLlmLoss;
    private double sampleSampleLoss;
    private int groups;
    private int contrasts;
    private int steps;
    private int batch;
    private double learningRate;

    private Builder(TrainingOptions from) {
      cells = from.cells;
      banks = from.banks;
      ridge = from.ridge;
      smoothing = from.smoothing;
      folds = from.folds;
      guardQuantile = from.guardQuantile;
      temperature = from.temperature;
      sampleLlmLoss = from.sampleLlmLoss;
      sampleSampleLoss = from.sampleSampleLoss;
      groups = from.groups;
      contrasts = from.contrasts;
      steps = from.steps;
      batch = from.batch;
      learningRate = from.learningRate;
    }

    public Builder cells(int value) {
      cells = value;
      return this;
    }

    public Builder banks(int value) {
      banks = value;
      return this;
    }

    public Builder ridge(double value) {
      ridge = value;
      return this;
    }

    public Builder smoothing(double value) {
      smoothing = value;
      return this;
    }

    public Builder folds(int value) {
      folds = value;
      return this;
    }

    public Builder guardQuantile(double value) {
      guardQuantile = value;
      return this;
    }

    public Builder temperature(double value) {
      temperature = value;
      return this;
    }

    public Builder sampleLlmLoss(double value) {
      sampleLlmLoss = value;
      return this;
    }

    public Builder sampleSampleLoss(double value) {
      sampleSampleLoss = value;
      return this;
    }

    public Builder groups(int value) {
      groups = value;
      return this;
    }

    public Builder contrasts(int value) {
      contrasts = value;
      return this;
    }

    public Builder steps(int value) {
      steps = value;
      return this;
    }

    public Builder batch(int value) {
      batch = value;
      return this;
    }

    public Builder learningRate(double value) {
      learningRate = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException naming the first option that is wrong
     */
    public TrainingOptions build() {
      return new TrainingOptions(
          cells,
          banks,
          ridge,
          smoothing,
          folds,
          guardQuantile,
          temperature,
          sampleLlmLoss,
          sampleSampleLoss,
          groups,
          contrasts,
          steps,
          batch,
          learningRate);
    }
  }
}
