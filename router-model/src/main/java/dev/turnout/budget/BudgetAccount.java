package dev.turnout.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps one tenant's spending at its rate. The allowance flows into a bucket; admission reserves a
 * query's expected cost from it, settlement replaces the reservation by the actual cost, failure
 * releases it. What is committed never exceeds the bucket, so the tenant overspends by no more than
 * actual costs exceed reservations within one in-flight window.
 *
 * <p>The dual variable of the budget constraint, {@link #price()}, makes routing cheaper before the
 * bucket runs dry: it rises by a multiplicative step when money leaves faster than it flows in and
 * falls otherwise (primal-dual pacing as in Balseiro and Gur 2019). Routers add it to a query's
 * cost weight.
 *
 * <p>Confined to the one owner of the tenant's key; time comes as a parameter and never runs
 * backwards (an earlier moment counts as the latest one seen).
 */
public final class BudgetAccount {
  private static final double SMALLEST_PRICE = 1e-4;

  private final BudgetSettings settings;
  private final Duration inFlightWindow;
  private final LinkedHashMap<String, Reservation> reservations = new LinkedHashMap<>();
  private double bucketUsd;
  private double reservedUsd;
  private double spentUsd;
  private double price;
  private Instant latest;

  private record Reservation(double usd, Instant at) {}

  /**
   * @param settings the tenant's budget
   * @param inFlightWindow a reservation neither settled nor released after this long is released
   * @param start when the budget begins; the bucket starts full
   */
  public BudgetAccount(BudgetSettings settings, Duration inFlightWindow, Instant start) {
    this.settings = settings;
    this.inFlightWindow = inFlightWindow;
    this.bucketUsd = settings.burstUsd();
    this.latest = start;
  }

  /**
   * A pacer that goes on where another was.
   *
   * @param kept what that one kept, by {@link #kept()}
   */
  public BudgetAccount(BudgetSettings settings, Duration inFlightWindow, BudgetSnapshot kept) {
    this(settings, inFlightWindow, kept.latest());
    this.bucketUsd = kept.bucketUsd();
    this.spentUsd = kept.spentUsd();
    this.price = kept.price();
    for (BudgetSnapshot.Reservation each : kept.reservations()) {
      reservations.put(each.queryId(), new Reservation(each.usd(), each.at()));
      reservedUsd += each.usd();
    }
  }

  /** Everything that must outlive a restart. */
  public BudgetSnapshot kept() {
    List<BudgetSnapshot.Reservation> open = new ArrayList<>(reservations.size());
    reservations.forEach(
        (id, each) -> open.add(new BudgetSnapshot.Reservation(id, each.usd(), each.at())));
    return new BudgetSnapshot(bucketUsd, spentUsd, price, latest, open);
  }

  /** Counts a reservation that was made elsewhere against an allowance of this budget. */
  public void hold(String queryId, double expectedUsd, Instant now) {
    advance(now);
    release(queryId, now);
    if (expectedUsd > 0) {
      reservations.put(queryId, new Reservation(expectedUsd, latest));
      reservedUsd += expectedUsd;
    }
  }

  /** A query was refused elsewhere for want of this much: money becomes dearer. */
  public void refused(double missingUsd, Instant now) {
    advance(now);
    raisePrice(missingUsd);
  }

  /** Settles a query whose actual cost nobody knows by what was reserved for it. */
  public void settleAsReserved(String queryId, Instant now) {
    Reservation reservation = reservations.get(queryId);
    settle(queryId, reservation == null ? 0 : reservation.usd(), now);
  }

  /** The latest moment this budget has seen. */
  public Instant latest() {
    return latest;
  }

  /** What an allowance needs to know of this budget. */
  public BudgetView view() {
    return new BudgetView(freeUsd(), price(), latest);
  }

  /**
   * Reserves a query's expected cost. A second reservation of the same query replaces the first.
   *
   * @param queryId the query
   * @param expectedUsd its expected cost, >= 0
   * @param now the present
   * @return empty when admitted, else when enough money will have flowed in
   */
  public Optional<Instant> reserve(String queryId, double expectedUsd, Instant now) {
    advance(now);
    release(queryId, now);
    double free = bucketUsd - reservedUsd;
    if (expectedUsd > free) {
      double missing = expectedUsd - free;
      raisePrice(missing);
      long millis = (long) Math.ceil(missing / settings.usdPerHour() * 3_600_000);
      return Optional.of(latest.plusMillis(Math.max(1, millis)));
    }
    reservations.put(queryId, new Reservation(expectedUsd, latest));
    reservedUsd += expectedUsd;
    return Optional.empty();
  }

  /** Replaces a reservation by the actual cost; without a reservation the cost is just spent. */
  public void settle(String queryId, double actualUsd, Instant now) {
    advance(now);
    release(queryId, now);
    bucketUsd -= actualUsd;
    spentUsd += actualUsd;
    raisePrice(actualUsd);
  }

  /** Gives a failed query's reservation back; without a reservation nothing happens. */
  public void release(String queryId, Instant now) {
    advance(now);
    Reservation reservation = reservations.remove(queryId);
    if (reservation != null) {
      reservedUsd = reservations.isEmpty() ? 0 : reservedUsd - reservation.usd();
    }
  }

  /** Predicted success a saved US cent is worth at present; 0 while the budget is not binding. */
  public double price() {
    return price <= SMALLEST_PRICE ? 0 : price;
  }

  /** Money that is neither spent nor reserved, in USD; negative after overspending. */
  public double freeUsd() {
    return bucketUsd - reservedUsd;
  }

  /** Money reserved for queries in flight, in USD. */
  public double reservedUsd() {
    return reservedUsd;
  }

  /** Money spent since the start, in USD. */
  public double spentUsd() {
    return spentUsd;
  }

  /** Number of queries in flight. */
  public int inFlight() {
    return reservations.size();
  }

  private void advance(Instant now) {
    if (now.isAfter(latest)) {
      double inflow =
          settings.usdPerHour() * Duration.between(latest, now).toNanos() / 3_600_000_000_000.0;
      bucketUsd = Math.min(settings.burstUsd() + reservedUsd, bucketUsd + inflow);
      price *= Math.exp(-settings.stepSize() * Math.min(50, inflow / settings.burstUsd()));
      latest = now;
      expire();
    }
  }

  private void expire() {
    Instant oldest = latest.minus(inFlightWindow);
    for (var each = reservations.entrySet().iterator(); each.hasNext(); ) {
      Map.Entry<String, Reservation> next = each.next();
      if (!next.getValue().at().isBefore(oldest)) {
        return;
      }
      reservedUsd -= next.getValue().usd();
      each.remove();
    }
    reservedUsd = 0;
  }

  private void raisePrice(double outflowUsd) {
    double step = settings.stepSize() * Math.min(50, outflowUsd / settings.burstUsd());
    price = Math.min(settings.maxPrice(), Math.max(price, SMALLEST_PRICE) * Math.exp(step));
  }
}
