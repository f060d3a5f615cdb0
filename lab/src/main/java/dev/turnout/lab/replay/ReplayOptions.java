package dev.turnout.lab.replay;

import dev.turnout.encoder.EncoderSettings;
import java.nio.file.Path;

/**
 * What to replay and what goes wrong meanwhile.
 *
 * @param data folder of the recorded outcomes
 * @param queries length of the stream
 * @param seeds number of replays, each with its own stream
 * @param firstSeed seed of the first
 * @param encoder the encoder
 * @param costWeight reward that a US cent is worth, >= 0, to queries and in what is reported
 * @param inFlight most queries decided and not yet graded, or on their way to a decision
 * @param delay queries between a decision and its grade
 * @param loss share of grades that never come, 0..1
 * @param duplication share of grades that come twice, 0..1
 * @param adversarial share of grades given by a grader that turns them around, 0..1
 * @param drift whether the favourite LLM degrades half-way to a fifth of its reward
 * @param newLlm whether the best LLM appears only half-way
 * @param restart whether a second router joins and router and learner are restarted half-way
 */
public record ReplayOptions(
    Path data,
    int queries,
    int seeds,
    long firstSeed,
    EncoderSettings encoder,
    double costWeight,
    int inFlight,
    int delay,
    double loss,
    double duplication,
    double adversarial,
    boolean drift,
    boolean newLlm,
    boolean restart) {

  /** The same stream with nothing of what this scenario does to LLMs, graders and processes. */
  public ReplayOptions undisturbed() {
    return new ReplayOptions(
        data,
        queries,
        seeds,
        firstSeed,
        encoder,
        costWeight,
        inFlight,
        delay,
        loss,
        duplication,
        0,
        false,
        false,
        false);
  }

  /** Undisturbed runs of a seed that its figures are held against. */
  public int twins() {
    // two runs of one seed differ a little, so a restart is held against that difference
    return restart ? 2 : adversarial > 0 || newLlm ? 1 : 0;
  }
}
