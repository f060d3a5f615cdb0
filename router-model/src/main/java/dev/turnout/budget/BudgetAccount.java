package dev.turnout.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One tenant's account. The allowance flows into a bucket at the tenant's rate, up to its burst. A
 * decision reserves its expected cost, the outcome replaces the reservation by the actual cost, a
 * failure releases it, and so does time when no outcome comes within the in-flight window. Routers
 * admit a query only against what is free here ({@link Allowance}), so the tenant overspends by no
 * more than one in-flight window holds.
 *
 * <p>What holds at all times: an account is a function of the movements it was given, in their
 * order, and of nothing else. Time is theirs and never runs backwards (an earlier moment counts as
 * the latest one seen). {@link #snapshot()} and the {@link ReservationStore} together are all of
 * it: an account made of them goes the same way from there, to the bit. That is why the sum of the
 * reservations is kept rather than summed anew, and why reservations are numbered: adding floating
 * point numbers in another order gives another sum.
 *
 * <p>When the budget itself changes, what flowed in until then flowed at the old rate; money in the
 * bucket, spending, reservations and price stay; a smaller burst cuts the bucket off at once, a
 * larger one fills with time. So a change neither forgives what was spent nor hands out money.
 *
 * <p>The dual variable of the budget constraint, {@link #price()}, makes routing cheaper before the
 * bucket runs dry: it rises by a multiplicative step when money leaves faster than it flows in and
 * falls otherwise (primal-dual pacing as in Balseiro and Gur 2019). Routers add it to a query's
 * cost weight.
 *
 * <p>Confined to one thread.
 */
public final class BudgetAccount {
  private static final double SMALLEST_PRICE = 1e-4;

  /**
   * More than any call costs; one such charge would close a budget for longer than anyone waits.
   */
  private static final double LARGEST_USD = 1_000_000;

  /** Every budget is full again long before; longer times do not fit what is counted in. */
  private static final Duration LONGEST_PAUSE = Duration.ofDays(36_500);

  private final Duration inFlightWindow;
  private final Instant start;
  private final ReservationStore store;
  private final LinkedHashMap<String, Reservation> open = new LinkedHashMap<>();
  private BudgetSettings settings;
  private Instant latest;
  private double bucketUsd;
  private double reservedUsd;
  private double spentUsd;
  private double price;
  private long nextNumber;

  /**
   * Opens an account with a full bucket.
   *
   * @param settings what the tenant may spend
   * @param inFlightWindow a reservation neither settled nor released after this long is released
   * @param start when the budget begins
   * @param store where reservations go; empty
   */
  public BudgetAccount(
      BudgetSettings settings, Duration inFlightWindow, Instant start, ReservationStore store) {
    this(
        new BudgetSnapshot(settings, start, start, settings.burstUsd(), 0, 0, 0, 0),
        inFlightWindow,
        store);
  }

  /**
   * Goes on where another account was.
   *
   * @param kept that one's {@link #snapshot()}
   * @param store that one's reservations
   */
  public BudgetAccount(BudgetSnapshot kept, Duration inFlightWindow, ReservationStore store) {
    this.inFlightWindow = inFlightWindow;
    this.store = store;
    this.settings = kept.settings();
    this.start = kept.start();
    this.latest = kept.latest();
    this.bucketUsd = kept.bucketUsd();
    this.reservedUsd = kept.reservedUsd();
    this.spentUsd = kept.spentUsd();
    this.price = kept.price();
    this.nextNumber = kept.nextNumber();
    store.open().entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.comparingLong(Reservation::number)))
        .forEach(each -> open.put(each.getKey(), each.getValue()));
  }

  /** Everything but the reservations that must outlive a restart. */
  public BudgetSnapshot snapshot() {
    return new BudgetSnapshot(
        settings, start, latest, bucketUsd, reservedUsd, spentUsd, price, nextNumber);
  }

  /** Changes what the tenant may spend from now on. */
  public void change(BudgetSettings next, Instant now) {
    advance(now);
    settings = next;
    bucketUsd = Math.min(bucketUsd, next.burstUsd() + reservedUsd);
  }

  /**
   * Counts a reservation that a router made against its allowance, even beyond what is free. A
   * second one of the same id replaces the first.
   *
   * @param id of query and LLM
   * @param expectedUsd as {@link #isAmount} allows
   */
  public void reserve(String id, double expectedUsd, Instant now) {
    requireAmount(expectedUsd);
    advance(now);
    drop(id);
    if (expectedUsd > 0) {
      Reservation reservation = new Reservation(expectedUsd, latest, nextNumber++);
      open.put(id, reservation);
      store.put(id, reservation);
      reservedUsd += expectedUsd;
    }
  }

  /**
   * A query was refused for want of this much, as {@link #isAmount} allows: the price of money
   * rises.
   */
  public void refuse(double missingUsd, Instant now) {
    requireAmount(missingUsd);
    advance(now);
    raisePrice(missingUsd);
  }

  /**
   * Replaces a reservation by the actual cost. Without a reservation the cost is just spent, unless
   * it arose before the budget began.
   *
   * @param actualUsd as {@link #isAmount} allows
   */
  public void settle(String id, double actualUsd, Instant now) {
    requireAmount(actualUsd);
    if (!open.containsKey(id) && now.isBefore(start)) {
      return;
    }
    advance(now);
    drop(id);
    bucketUsd -= actualUsd;
    spentUsd += actualUsd;
    raisePrice(actualUsd);
  }

  /** Settles a query whose actual cost nobody knows by what was reserved for it. */
  public void settleAsReserved(String id, Instant now) {
    advance(now); // an expired reservation does not count, whatever other traffic told the time
    Reservation reservation = open.get(id);
    settle(id, reservation == null ? 0 : reservation.usd(), now);
  }

  /** Gives a failed query's reservation back; without a reservation nothing happens. */
  public void release(String id, Instant now) {
    advance(now);
    drop(id);
  }

  /** Closes the account: its reservations are gone from the store. */
  public void close() {
    open.keySet().forEach(store::remove);
    open.clear();
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

  /** The latest moment this account has seen. */
  public Instant latest() {
    return latest;
  }

  /** Number of queries in flight. */
  public int inFlight() {
    return open.size();
  }

  private void drop(String id) {
    Reservation reservation = open.remove(id);
    if (reservation != null) {
      store.remove(id);
      reservedUsd = open.isEmpty() ? 0 : reservedUsd - reservation.usd();
    }
  }

  private void advance(Instant now) {
    if (now.isAfter(latest)) {
      double inflow = settings.usdPerHour() * nanos(latest, now) / 3_600_000_000_000.0;
      bucketUsd = Math.min(settings.burstUsd() + reservedUsd, bucketUsd + inflow);
      price *= Math.exp(-settings.stepSize() * Math.min(50, inflow / settings.burstUsd()));
      latest = now;
      expire();
    }
  }

  /** Nanoseconds between two moments, a century's at most; negative if the later comes first. */
  static long nanos(Instant from, Instant to) {
    Duration between = Duration.between(from, to);
    if (between.isNegative()) {
      return between.compareTo(LONGEST_PAUSE.negated()) < 0
          ? LONGEST_PAUSE.negated().toNanos()
          : between.toNanos();
    }
    return between.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE.toNanos() : between.toNanos();
  }

  /** Reservations stand in the order of their time, so the first that is young enough ends it. */
  private void expire() {
    Instant oldest = latest.minus(inFlightWindow);
    while (!open.isEmpty()) {
      Map.Entry<String, Reservation> first = open.entrySet().iterator().next();
      if (!first.getValue().at().isBefore(oldest)) {
        return;
      }
      drop(first.getKey());
    }
  }

  private void raisePrice(double outflowUsd) {
    double step = settings.stepSize() * Math.min(50, outflowUsd / settings.burstUsd());
    price = Math.min(settings.maxPrice(), Math.max(price, SMALLEST_PRICE) * Math.exp(step));
  }

  private static void requireAmount(double usd) {
    if (!isAmount(usd)) {
      throw new IllegalArgumentException(
          "an account moves amounts of 0 to " + LARGEST_USD + " USD, not " + usd);
    }
  }

  /** Whether this can be an amount of money that moves: from 0 to {@value #LARGEST_USD} USD. */
  public static boolean isAmount(double usd) {
    return usd >= 0 && usd <= LARGEST_USD;
  }
}
