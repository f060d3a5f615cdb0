package dev.turnout.lab.eval.figure;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;

/**
 * How well success of one LLM is predicted.
 *
 * @param llm LLM id
 * @param graded graded queries
 * @param logLoss mean logarithmic loss in nats
 * @param ece expected calibration error in ten bins of equal width
 */
public record SuccessFigures(
    String llm, int graded, @JsonProperty("log_loss") double logLoss, double ece) {
  private static final int BINS = 10;

  /** Of every LLM. */
  public static List<SuccessFigures> of(List<String> llms, Judged judged, double[][] success) {
    List<SuccessFigures> figures = new ArrayList<>();
    for (int t = 0; t < llms.size(); t++) {
      double[] gap = new double[BINS];
      double loss = 0;
      int graded = 0;
      for (int i = 0; i < success.length; i++) {
        double reward = judged.rewards()[i][t];
        double predicted = success[i][t];
        if (!Double.isNaN(reward) && !Double.isNaN(predicted)) {
          loss += RouterFigures.loss(predicted, reward);
          gap[Math.max(0, Math.min(BINS - 1, (int) (predicted * BINS)))] += predicted - reward;
          graded++;
        }
      }
      double gaps = 0;
      for (double bin : gap) {
        gaps += Math.abs(bin);
      }
      figures.add(new SuccessFigures(llms.get(t), graded, loss / graded, gaps / graded));
    }
    return figures;
  }

  /** The mean over seeds, LLM by LLM. */
  public static List<SuccessFigures> mean(List<List<SuccessFigures>> seeds) {
    List<SuccessFigures> means = new ArrayList<>();
    for (int t = 0; t < seeds.get(0).size(); t++) {
      int llm = t;
      means.add(
          new SuccessFigures(
              seeds.get(0).get(t).llm(),
              seeds.get(0).get(t).graded(),
              seeds.stream().mapToDouble(s -> s.get(llm).logLoss()).average().orElse(Double.NaN),
              seeds.stream().mapToDouble(s -> s.get(llm).ece()).average().orElse(Double.NaN)));
    }
    return means;
  }
}
