package dev.turnout.model;

import dev.turnout.encoder.surface.SurfaceReader;
import dev.turnout.policy.Candidate;
import dev.turnout.policy.Policies;
import dev.turnout.policy.Selection;
import dev.turnout.policy.SelectionPolicy;
import dev.turnout.policy.SelectionRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Time and allocation of one routing decision without encoding: surface of the text, score,
 * candidates, policy. Run by {@link ScoreBenchmarkIT}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init")
public class ScoreBenchmark {
  private static final int QUERIES = 1024;

  private static final List<String> TEXTS =
      List.of(
          "Which of these structures is derived from ectomesenchyme?\nA. Motor neurons\n"
              + "B. Skeletal muscles\nC. Melanocytes\nD. Sweat glands\nAnswer:",
          "A train leaves at 9:40 and covers 315 km at 90 km/h, stopping twice for 12 minutes. "
              + "When does it arrive, and what is its mean speed including the stops?",
          "Write a function that returns the n-th number whose only prime factors are 2, 3 and 5.",
          "给定一个整数数组，求其中和最大的连续子数组，并说明算法的时间复杂度。");

  @Param({"7", "100"})
  int llms;

  @Param({"384"})
  int dimension;

  @Param({"argmax", "weighted", "thompson"})
  String policy = "argmax";

  private RouterScorer scorer;
  private SelectionPolicy selection;
  private float[][] queries;
  private SplittableRandom random;
  private int next;

  /** A random model of the shape that the default recipe makes. */
  @Setup
  public void prepare() {
    random = new SplittableRandom(1);
    scorer = new RouterScorer(RandomModels.likeTrained(llms, dimension, 2));
    selection = Policies.named(policy);
    queries = new float[QUERIES][];
    for (int i = 0; i < QUERIES; i++) {
      queries[i] = RandomModels.unit(dimension, random);
    }
  }

  /** One decision. */
  @Benchmark
  public Selection decide() {
    next = (next + 1) % QUERIES;
    String text = TEXTS.get(next % TEXTS.size());
    Scores scores = scorer.score(queries[next], text, SurfaceReader.shared().read(text));
    List<String> names = scorer.model().llms();
    List<Candidate> candidates = new ArrayList<>(names.size());
    for (int t = 0; t < names.size(); t++) {
      candidates.add(
          new Candidate(
              names.get(t),
              scores.cosine()[t],
              scores.probability()[t],
              scores.predictedSuccess()[t],
              0.02 + 0.0005 * t,
              0.001 * t,
              100.0 * t,
              null));
    }
    return selection.select(
        new SelectionRequest(candidates, 0.1, 0.01, scores.outOfDistribution(), true), random);
  }
}
