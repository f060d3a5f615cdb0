package dev.turnout.control.belief;

import dev.turnout.belief.Posteriors;
import dev.turnout.control.TopicFollower;
import dev.turnout.control.TopicView;
import dev.turnout.model.RouterModel;
import dev.turnout.model.Scores;
import dev.turnout.policy.Candidate;
import dev.turnout.schema.Posterior;
import dev.turnout.schema.Query;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Follows the posteriors and blends them into the candidates of every query: the model's predicted
 * success is corrected by the feedback graded since, and gets its uncertainty, which is what
 * Thompson sampling explores by. Posteriors of other models than the one that scored do not apply,
 * nor do those of another shape than their model's; {@code turnout_posteriors_refused_total} counts
 * them, and the last ones that fit go on to serve.
 */
public final class PosteriorFollower extends TopicView implements CandidateRefiner {
  private final LatestPosteriors posteriors;
  private volatile @Nullable String unfit;

  private PosteriorFollower(TopicFollower follower, LatestPosteriors posteriors) {
    super(follower);
    this.posteriors = posteriors;
  }

  /**
   * Starts to follow, with metrics that nobody looks at.
   *
   * @param topic the posteriors topic
   * @param config Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serde
   */
  public static PosteriorFollower start(String topic, Map<String, ?> config) {
    return start(topic, config, new CompositeMeterRegistry());
  }

  /**
   * Starts to follow.
   *
   * @param topic the posteriors topic
   * @param config Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serde
   * @param metrics where posteriors that are refused are counted
   */
  public static PosteriorFollower start(
      String topic, Map<String, ?> config, MeterRegistry metrics) {
    LatestPosteriors posteriors = new LatestPosteriors(metrics);
    return new PosteriorFollower(
        TopicFollower.start(topic, config, Posterior.class, posteriors), posteriors);
  }

  /** The latest posteriors of a model, whether they fit or not; null before any. */
  public @Nullable Posteriors of(String modelVersion) {
    return posteriors.of(modelVersion);
  }

  @Override
  public List<Candidate> refine(
      Query query, RouterModel model, Scores scores, List<Candidate> candidates) {
    String version = model.version();
    Posteriors fitting = posteriors.of(version, model.allCells());
    if (fitting == null && !version.equals(unfit) && posteriors.of(version) != null) {
      unfit = version;
      posteriors.refuse(version, model.allCells());
    }
    return blend(fitting, scores.cells(), candidates);
  }

  @Override
  public ToDoubleFunction<String> outputTokens(RouterModel model, Scores scores) {
    Posteriors fitting = posteriors.of(model.version(), model.allCells());
    if (fitting == null) {
      return llm -> Double.NaN;
    }
    return llm -> {
      int column = fitting.llms().indexOf(llm);
      return column < 0 ? Double.NaN : fitting.outputTokens().of(scores.cells(), column);
    };
  }

  /** Blends posteriors into candidates; without posteriors they stay as they are. */
  static List<Candidate> blend(
      @Nullable Posteriors posteriors, int[] cells, List<Candidate> candidates) {
    if (posteriors == null) {
      return candidates;
    }
    List<Candidate> blended = new ArrayList<>(candidates.size());
    for (Candidate candidate : candidates) {
      int llm = posteriors.llms().indexOf(candidate.llm());
      blended.add(
          llm < 0
              ? candidate
              : new Candidate(
                  candidate.llm(),
                  candidate.score(),
                  candidate.probability(),
                  posteriors.success(cells, llm, candidate.predictedSuccess()),
                  posteriors.deviation(cells, llm),
                  candidate.overallSuccess(),
                  known(candidate.expectedCostUsd(), posteriors.costUsd().of(cells, llm)),
                  known(candidate.expectedLatencyMs(), posteriors.latencyMs().of(cells, llm)),
                  candidate.ineligibleReason()));
    }
    return blended;
  }

  /** What the profile states holds from the moment it is published; else what was measured. */
  private static double known(double stated, double measured) {
    return Double.isNaN(stated) ? measured : stated;
  }
}
