package dev.turnout.control.belief;

import dev.turnout.belief.Posteriors;
import dev.turnout.control.TopicFollower;
import dev.turnout.control.TopicView;
import dev.turnout.model.RouterModel;
import dev.turnout.model.Scores;
import dev.turnout.model.cost.CellAmounts;
import dev.turnout.model.cost.CostHead;
import dev.turnout.policy.Candidate;
import dev.turnout.schema.Posterior;
import dev.turnout.schema.Query;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  private volatile @Nullable Answers answers;

  private record Answers(Posteriors of, double[] byLlm) {}

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
    List<Candidate> blended = blend(fitting, scores.cells(), candidates);
    return fitting == null
        ? blended
        : withLearntCosts(
            blended, candidates, model, scores, fitting, answers(fitting, banks(model)));
  }

  /** Where no prices tell, what the model has learnt of costs counts beside what was seen since. */
  static List<Candidate> withLearntCosts(
      List<Candidate> blended,
      List<Candidate> candidates,
      RouterModel model,
      Scores scores,
      Posteriors posteriors,
      double[] answers) {
    CostHead costs = model.costs();
    CellAmounts usd = costs == null ? null : costs.usd();
    if (usd == null) {
      return blended;
    }
    List<Candidate> learnt = new ArrayList<>(blended);
    for (int i = 0; i < learnt.size(); i++) {
      String llm = learnt.get(i).llm();
      int known = model.llms().indexOf(llm);
      int seen = posteriors.llms().indexOf(llm);
      if (Double.isNaN(candidates.get(i).expectedCostUsd()) && known >= 0 && seen >= 0) {
        learnt.set(
            i,
            learnt
                .get(i)
                .withCost(
                    CellAmounts.updated(
                        scores.costUsd()[known],
                        usd.answers(known),
                        learnt.get(i).expectedCostUsd(),
                        answers[seen])));
      }
    }
    return learnt;
  }

  private static int banks(RouterModel model) {
    return model.features().banks().size();
  }

  @Override
  public AnswerLength outputTokens(RouterModel model, Scores scores) {
    Posteriors fitting = posteriors.of(model.version(), model.allCells());
    return fitting == null
        ? AnswerLength.UNLEARNT
        : lengths(fitting, answers(fitting, banks(model)), scores.cells());
  }

  /** Lengths as posteriors say, the more the more answers they know. */
  static AnswerLength lengths(Posteriors posteriors, double[] answers, int[] cells) {
    return (llm, before, known) -> {
      int column = posteriors.llms().indexOf(llm);
      return column < 0
          ? before
          : CellAmounts.updated(
              before, known, posteriors.outputTokens().of(cells, column), answers[column]);
    };
  }

  /** How many answers of each LLM posteriors know; added up once for many queries. */
  @SuppressWarnings("ReferenceEquality") // the very object, not its like
  private double[] answers(Posteriors fitting, int banks) {
    Answers known = answers;
    if (known == null || known.of() != fitting) {
      known = new Answers(fitting, fitting.answers(banks));
      answers = known;
    }
    return known.byLlm();
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
