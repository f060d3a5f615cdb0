package dev.turnout.control.belief;

import dev.turnout.belief.Posteriors;
import dev.turnout.control.TopicFollower;
import dev.turnout.control.TopicListener;
import dev.turnout.control.TopicView;
import dev.turnout.model.RouterModel;
import dev.turnout.model.Scores;
import dev.turnout.policy.Candidate;
import dev.turnout.schema.Posterior;
import dev.turnout.schema.Query;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the posteriors and blends them into the candidates of every query: the model's predicted
 * success is corrected by the feedback graded since, and gets its uncertainty, which is what
 * Thompson sampling explores by. Posteriors of other models than the one that scored do not apply.
 */
public final class PosteriorFollower extends TopicView implements CandidateRefiner {
  private static final Logger LOG = LoggerFactory.getLogger(PosteriorFollower.class);

  /** The serving model, one on trial, and those that a roll-back may return to. */
  private static final int KEPT = 8;

  private final LatestPosteriors posteriors;
  private volatile @Nullable String unfit;

  private PosteriorFollower(TopicFollower follower, LatestPosteriors posteriors) {
    super(follower);
    this.posteriors = posteriors;
  }

  /**
   * Starts to follow.
   *
   * @param topic the posteriors topic
   * @param config Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serde
   */
  public static PosteriorFollower start(String topic, Map<String, ?> config) {
    LatestPosteriors posteriors = new LatestPosteriors();
    return new PosteriorFollower(
        TopicFollower.start(topic, config, Posterior.class, posteriors), posteriors);
  }

  /** The latest posteriors of a model; null before any. */
  public @Nullable Posteriors of(String modelVersion) {
    return posteriors.latest.get(modelVersion);
  }

  @Override
  public List<Candidate> refine(
      Query query, RouterModel model, Scores scores, List<Candidate> candidates) {
    Posteriors latest = posteriors.latest.get(model.version());
    if (latest != null && !fits(latest, scores.cells()) && !model.version().equals(unfit)) {
      unfit = model.version();
      LOG.atWarn()
          .setMessage("posteriors of another shape than their model's have no effect")
          .addKeyValue("model", model.version())
          .addKeyValue("cells", latest.cells())
          .log();
    }
    return blend(latest, scores.cells(), candidates);
  }

  /** Blends posteriors into candidates; without posteriors they stay as they are. */
  static List<Candidate> blend(
      @Nullable Posteriors posteriors, int[] cells, List<Candidate> candidates) {
    if (posteriors == null || !fits(posteriors, cells)) {
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

  /** Posteriors of another shape than the model's tell nothing of its cells. */
  private static boolean fits(Posteriors posteriors, int[] cells) {
    for (int cell : cells) {
      if (cell >= posteriors.cells()) {
        return false;
      }
    }
    return true;
  }

  /** What the profile states holds from the moment it is published; else what was measured. */
  private static double known(double stated, double measured) {
    return Double.isNaN(stated) ? measured : stated;
  }

  /** Keeps the latest posteriors of the last few models. */
  private static final class LatestPosteriors implements TopicListener<Posterior> {
    private volatile Map<String, Posteriors> latest = Map.of();

    @Override
    public void read(Posterior posterior) {
      Map<String, Posteriors> next = new LinkedHashMap<>(latest);
      next.remove(posterior.getModelVersion());
      next.put(posterior.getModelVersion(), PosteriorRecords.read(posterior));
      while (next.size() > KEPT) {
        next.remove(next.keySet().iterator().next());
      }
      latest = next;
    }
  }
}
