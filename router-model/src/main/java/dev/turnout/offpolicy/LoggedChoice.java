package dev.turnout.offpolicy;

/**
 * One graded choice of the logging policy and what is needed to judge other policies by it.
 *
 * @param llm index of the LLM that was chosen
 * @param reward its reward, usually 0..1
 * @param propensity probability with which the logging policy chose it, in (0, 1]
 * @param weight trust in the reward, >= 0; 0 leaves the choice out
 * @param modelled reward of each LLM for this query by a model that has not seen this choice,
 *     {@code double[llms]}; all zeros turns doubly-robust estimates into IPS
 */
public record LoggedChoice(
    int llm, double reward, double propensity, double weight, double[] modelled) {
  public LoggedChoice {
    if (!(propensity > 0 && propensity <= 1)) {
      throw new IllegalArgumentException("propensity must be in (0, 1], but was " + propensity);
    }
    if (!(weight >= 0)) {
      throw new IllegalArgumentException("weight must be >= 0, but was " + weight);
    }
    if (llm < 0 || llm >= modelled.length) {
      throw new IllegalArgumentException(
          "llm " + llm + " is not among the " + modelled.length + " modelled rewards");
    }
  }
}
