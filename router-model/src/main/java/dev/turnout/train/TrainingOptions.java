package dev.turnout.train;

/**
 * Settings of the recipes; {@link #defaults()} holds the published or cross-validated values, the
 * withers make ablations.
 *
 * @param cells k-means cells of a bank; 0 = no cells
 * @param banks clusterings side by side, each from its own start
 * @param ridge penalty on the squared length of each LLM's linear weights; infinite = cells only
 * @param smoothing grades that a cell's mean is shrunk by towards the LLM's overall mean
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

  /** These options with another number of cells. */
  public TrainingOptions withCells(int value) {
    return new TrainingOptions(
        value,
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

  /** These options with another number of cell banks. */
  public TrainingOptions withBanks(int value) {
    return new TrainingOptions(
        cells,
        value,
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

  /** These options with another ridge penalty. */
  public TrainingOptions withRidge(double value) {
    return new TrainingOptions(
        cells,
        banks,
        value,
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

  /** These options with another cell smoothing. */
  public TrainingOptions withSmoothing(double value) {
    return new TrainingOptions(
        cells,
        banks,
        ridge,
        value,
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

  /** These options with another number of folds. */
  public TrainingOptions withFolds(int value) {
    return new TrainingOptions(
        cells,
        banks,
        ridge,
        smoothing,
        value,
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

  /** These options with another guard quantile. */
  public TrainingOptions withGuardQuantile(double value) {
    return new TrainingOptions(
        cells,
        banks,
        ridge,
        smoothing,
        folds,
        value,
        temperature,
        sampleLlmLoss,
        sampleSampleLoss,
        groups,
        contrasts,
        steps,
        batch,
        learningRate);
  }

  /** These options with another temperature. */
  public TrainingOptions withTemperature(double value) {
    return new TrainingOptions(
        cells,
        banks,
        ridge,
        smoothing,
        folds,
        guardQuantile,
        value,
        sampleLlmLoss,
        sampleSampleLoss,
        groups,
        contrasts,
        steps,
        batch,
        learningRate);
  }

  /** These options with another weight of the sample-LLM loss. */
  public TrainingOptions withSampleLlmLoss(double value) {
    return new TrainingOptions(
        cells,
        banks,
        ridge,
        smoothing,
        folds,
        guardQuantile,
        temperature,
        value,
        sampleSampleLoss,
        groups,
        contrasts,
        steps,
        batch,
        learningRate);
  }

  /** These options with another weight of the sample-sample loss. */
  public TrainingOptions withSampleSampleLoss(double value) {
    return new TrainingOptions(
        cells,
        banks,
        ridge,
        smoothing,
        folds,
        guardQuantile,
        temperature,
        sampleLlmLoss,
        value,
        groups,
        contrasts,
        steps,
        batch,
        learningRate);
  }

  /** These options with another number of groups. */
  public TrainingOptions withGroups(int value) {
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
        value,
        contrasts,
        steps,
        batch,
        learningRate);
  }

  /** These options with another number of contrasts. */
  public TrainingOptions withContrasts(int value) {
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
        value,
        steps,
        batch,
        learningRate);
  }

  /** These options with another number of steps. */
  public TrainingOptions withSteps(int value) {
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
        value,
        batch,
        learningRate);
  }

  /** These options with another batch size. */
  public TrainingOptions withBatch(int value) {
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
        value,
        learningRate);
  }

  /** These options with another learning rate. */
  public TrainingOptions withLearningRate(double value) {
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
        value);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException("training options: " + message);
    }
  }
}
