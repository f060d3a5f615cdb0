package dev.turnout.budget;

/**
 * What a tenant may spend.
 *
 * @param usdPerHour long-run spending rate, > 0
 * @param burstUsd what may be spent at once after a pause, > 0
 * @param stepSize how fast the price of money follows over- and underspending, > 0; 1 doubles an
 *     established price after one burst's worth of overspending
 * @param maxPrice highest price of money: predicted success a saved US cent is worth
 */
public record BudgetSettings(double usdPerHour, double burstUsd, double stepSize, double maxPrice) {

  /** Each partition of the queries gets its share of a burst, which must still pay for a query. */
  private static final double BURSTS_AN_HOUR = 10;

  public BudgetSettings {
    if (!(usdPerHour > 0) || !(burstUsd > 0) || !(stepSize > 0) || !(maxPrice > 0)) {
      throw new IllegalArgumentException(
          "a budget needs positive usdPerHour, burstUsd, stepSize and maxPrice, but has "
              + usdPerHour
              + ", "
              + burstUsd
              + ", "
              + stepSize
              + ", "
              + maxPrice);
    }
  }

  /** A budget with a burst of six minutes' spending and the usual step. */
  public static BudgetSettings perHour(double usd) {
    return new BudgetSettings(usd, usd / BURSTS_AN_HOUR, 0.5, 100);
  }

  /** The same with another burst. */
  public BudgetSettings withBurst(double usd) {
    return new BudgetSettings(usdPerHour, usd, stepSize, maxPrice);
  }
}
