package dev.turnout.lab.baseline;

import dev.turnout.lab.baseline.neighbour.Cells;
import dev.turnout.lab.baseline.neighbour.Knn;
import dev.turnout.lab.baseline.neighbour.LoraRetriever;
import dev.turnout.lab.baseline.neighbour.TfIdfClusters;
import dev.turnout.lab.baseline.trained.BestLlmClassifier;
import dev.turnout.lab.baseline.trained.Ridge;
import dev.turnout.lab.baseline.trained.SelectLlm;
import dev.turnout.lab.baseline.trained.SelectLlmBound;
import dev.turnout.lab.baseline.trained.SuccessClassifier;
import java.util.ArrayList;
import java.util.List;

/** The baselines that an evaluation compares with. */
public final class Baselines {
  private Baselines() {}

  /** Those every table needs: quick, and the ones that targets are stated against. */
  public static List<Baseline> essential() {
    return List.of(
        ConstantChoice.BEST_SINGLE,
        ConstantChoice.RANDOM,
        Hindsight.ORACLE,
        Hindsight.BEST_PER_TASK,
        Knn.BASELINE,
        Cells.BASELINE,
        Ridge.BASELINE);
  }

  /**
   * Everything, each LLM alone included; voting is left to the caller, since few data sets keep
   * answers.
   */
  public static List<Baseline> all(List<String> llms) {
    List<Baseline> all = new ArrayList<>(essential());
    all.add(BestLlmClassifier.COSINE);
    all.add(BestLlmClassifier.ZOOTER);
    all.add(LoraRetriever.BASELINE);
    all.add(TfIdfClusters.BASELINE);
    SuccessClassifier multiLabel = SuccessClassifier.multiLabel();
    all.addAll(SelectLlm.by(multiLabel));
    all.addAll(SelectLlm.by(SuccessClassifier.separate()));
    all.add(SelectLlmBound.of(multiLabel));
    llms.forEach(llm -> all.add(ConstantChoice.of(llm)));
    return all;
  }
}
