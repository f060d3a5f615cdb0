package dev.turnout.offpolicy;

import dev.turnout.math.Student;
import java.util.List;

/**
 * Off-policy estimators of a policy's mean reward from logged choices, each also for the difference
 * of two policies on the same choices, where what both do alike cancels. Intervals are Student's,
 * with as many degrees of freedom as there are choices that matter.
 *
 * <p>What holds at all times: every estimator is a mean of one term a choice, and value, standard
 * error and interval are made of the terms alone. So the difference of two policies is the mean of
 * the differences of their terms, which keeps the pairing. The target policy must not do what the
 * logging policy never did: a propensity of 0 in the log has no weight that could make up for it,
 * which is why every policy keeps an exploration floor.
 *
 * <p>Why it is sound: dividing by the propensity makes the expected term the policy's reward,
 * whatever the logging policy preferred (IPS). SNIPS is a ratio of two such means; its terms are
 * those of the linearised ratio (delta method), with a bias that falls as one over the number of
 * choices. DR replaces most of the reward by a prediction and weighs only the residual: with right
 * propensities it is unbiased for any prediction that has not seen the choice's own grade, and the
 * better the prediction the narrower it is. A few choices of small propensity carry most of the
 * variance; how many that really are is estimated by the fourth moments of the weights
 * (Satterthwaite 1946), and the interval is Student's with that many degrees of freedom.
 *
 * <p>Sources: Horvitz and Thompson 1952 (IPS), Swaminathan and Joachims 2015 (SNIPS), Dudik,
 * Langford and Li 2011 (doubly robust).
 */
public enum Estimator {
  /** Inverse propensity scoring: unbiased, wide. */
  IPS {
    @Override
    double[] terms(List<LoggedChoice> log, double[][] target) {
      double[] terms = new double[log.size()];
      for (int i = 0; i < terms.length; i++) {
        terms[i] = ratio(log.get(i), target[i]) * log.get(i).reward();
      }
      return terms;
    }
  },
  /** Self-normalised inverse propensity scoring: slightly biased, narrower. */
  SNIPS {
    @Override
    double[] terms(List<LoggedChoice> log, double[][] target) {
      double ratios = 0;
      double rewards = 0;
      double weights = 0;
      for (int i = 0; i < log.size(); i++) {
        double ratio = ratio(log.get(i), target[i]);
        weights += log.get(i).weight();
        ratios += log.get(i).weight() * ratio;
        rewards += log.get(i).weight() * ratio * log.get(i).reward();
      }
      double value = ratios > 0 ? rewards / ratios : 0;
      double mean = weights > 0 ? ratios / weights : 0;
      double[] terms = new double[log.size()];
      for (int i = 0; i < terms.length; i++) {
        // the linearised ratio (delta method): its mean is the estimate, its spread the error
        double ratio = ratio(log.get(i), target[i]);
        terms[i] = value + (mean > 0 ? ratio * (log.get(i).reward() - value) / mean : 0);
      }
      return terms;
    }
  },
  /** Doubly robust: unbiased when the propensities are right, narrow when the model is good. */
  DR {
    @Override
    double[] terms(List<LoggedChoice> log, double[][] target) {
      double[] terms = new double[log.size()];
      for (int i = 0; i < terms.length; i++) {
        LoggedChoice choice = log.get(i);
        double modelled = 0;
        for (int a = 0; a < choice.modelled().length; a++) {
          modelled += target[i][a] * choice.modelled()[a];
        }
        double residual = choice.reward() - choice.modelled()[choice.llm()];
        terms[i] = modelled + ratio(choice, target[i]) * residual;
      }
      return terms;
    }
  };

  /**
   * Estimates a policy's mean reward.
   *
   * @param log logged choices
   * @param target the policy's propensities, {@code double[log.size()][llms]}
   * @param confidence of the two-sided interval, e.g. 0.95
   * @return the estimate with its interval; value 0 and an infinite interval for an empty log
   */
  public Estimate estimate(List<LoggedChoice> log, double[][] target, double confidence) {
    double[] weights = weights(log, target);
    return summarise(log, terms(log, target), weights, weights, confidence);
  }

  /**
   * Estimates how much more a candidate policy earns than a baseline policy, paired per choice.
   *
   * @param log logged choices
   * @param candidate the candidate's propensities, {@code double[log.size()][llms]}
   * @param baseline the baseline's propensities, {@code double[log.size()][llms]}
   * @param confidence of the two-sided interval, e.g. 0.95
   * @return the difference, positive when the candidate is better
   */
  public Estimate difference(
      List<LoggedChoice> log, double[][] candidate, double[][] baseline, double confidence) {
    double[] terms = terms(log, candidate);
    double[] others = terms(log, baseline);
    for (int i = 0; i < terms.length; i++) {
      terms[i] -= others[i];
    }
    double[] weights = weights(log, candidate);
    double[] apart = weights(log, baseline);
    for (int i = 0; i < apart.length; i++) {
      apart[i] -= weights[i];
    }
    return summarise(log, terms, weights, apart, confidence);
  }

  abstract double[] terms(List<LoggedChoice> log, double[][] target);

  static double ratio(LoggedChoice choice, double[] target) {
    return target[choice.llm()] / choice.propensity();
  }

  private static double[] weights(List<LoggedChoice> log, double[][] target) {
    double[] weights = new double[log.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = log.get(i).weight() * ratio(log.get(i), target[i]);
    }
    return weights;
  }

  /**
   * Degrees of freedom of the standard error. A few choices of small propensity carry nearly all of
   * the variance, so the error is known no better than from those few (after Satterthwaite 1946).
   */
  private static double degrees(double[] influence) {
    double squares = 0;
    double fourths = 0;
    for (double weight : influence) {
      squares += weight * weight;
      fourths += weight * weight * weight * weight;
    }
    return fourths > 0 ? squares * squares / fourths - 1 : Double.POSITIVE_INFINITY;
  }

  private static Estimate summarise(
      List<LoggedChoice> log,
      double[] terms,
      double[] ratios,
      double[] influence,
      double confidence) {
    double weights = 0;
    double sum = 0;
    double ratioSum = 0;
    double ratioSquares = 0;
    int samples = 0;
    for (int i = 0; i < terms.length; i++) {
      double weight = log.get(i).weight();
      weights += weight;
      sum += weight * terms[i];
      ratioSum += ratios[i];
      ratioSquares += ratios[i] * ratios[i];
      samples += weight > 0 ? 1 : 0;
    }
    if (samples < 2) {
      return new Estimate(
          samples == 0 ? 0 : sum / weights,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          Double.POSITIVE_INFINITY,
          samples,
          samples);
    }
    double value = sum / weights;
    double squares = 0;
    for (int i = 0; i < terms.length; i++) {
      double deviation = log.get(i).weight() * (terms[i] - value);
      squares += deviation * deviation;
    }
    double error = Math.sqrt(squares * samples / (samples - 1.0)) / weights;
    double reach = Student.twoSided(confidence, degrees(influence)) * error;
    double effective = ratioSquares > 0 ? ratioSum * ratioSum / ratioSquares : 0;
    return new Estimate(value, error, value - reach, value + reach, effective, samples);
  }
}
