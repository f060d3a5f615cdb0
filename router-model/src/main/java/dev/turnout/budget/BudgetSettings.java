package dev.turnout.budget;

/**
 * What a tenant may spend.
 *
 * @param usdPerHour long-run spending rate, finite, > 0
 * @param burstUsd what may be spent at once after a pause, finite, > 0
 * @param stepSize how fast the price of money follows over- and underspending, > 0; 1 doubles an
 *     established price after one burst's worth of overspending
 * @param maxPrice highest price of money: predicted success a saved US cent is worth
 */
public record BudgetSettings(double usdPerHour, double burstUsd, double stepSize, double maxPrice) {

  /** Each partition of the queries gets its share of a burst, which must still pay for a query. */
  private static final double BURSTS_AN_HOUR = 10;

  public BudgetSettings {
    require("usdPerHour", usdPerHour);
    require("burstUsd", burstUsd);
    require("stepSize", stepSize);
    require("maxPrice", maxPrice);
  }

  /** A budget with a burst of six minutes' spending and the usual step. */
  public static BudgetSettings perHour(double usd) {
    return of(usd, usd / BURSTS_AN_HOUR);
  }

  /** A budget with the usual step. */
  public static BudgetSettings of(double usdPerHour, double burstUsd) {
    return new BudgetSettings(usdPerHour, burstUsd, 0.5, 100);
  }

  private static void require(String name, double value) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(
          "a budget's " + name + " must be a finite number above 0, but is " + value);
    }
  }
}
