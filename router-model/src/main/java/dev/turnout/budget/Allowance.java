package dev.turnout.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A part of one tenant's budget that can be drawn on without asking who keeps the account. What is
 * free by the account's last state is split into fixed shares, so that all shares together never
 * promise more than there is. What was drawn here is taken off until a state is surely later than
 * it; in between it counts twice, which errs on the side of spending less. When no state comes,
 * nothing drawn here is forgotten and the share goes on pacing by itself.
 *
 * <p>Confined to one thread; time comes as a parameter.
 */
public final class Allowance {
  private final Duration lag;
  private final Deque<Draw> draws = new ArrayDeque<>();
  private double share;
  private BudgetSettings settings;
  private double drawnUsd;
  private BudgetView view;
  private boolean told;

  private record Draw(double usd, Instant at) {}

  /**
   * @param share part of the free money that may be drawn here, in (0, 1]
   * @param lag how much later than a draw the account's state must be to surely count it
   * @param start until a state comes, the budget is full since then
   */
  public Allowance(BudgetSettings settings, double share, Duration lag, Instant start) {
    this.settings = settings;
    changeShare(share);
    this.lag = lag;
    this.view = new BudgetView(settings.burstUsd(), 0, start);
  }

  /**
   * Has another share from now on; what was drawn stays drawn.
   *
   * @param next in (0, 1]
   */
  public final void changeShare(double next) {
    if (!(next > 0 && next <= 1)) {
      throw new IllegalArgumentException("an allowance's share must be in (0, 1], but was " + next);
    }
    share = next;
  }

  /** Goes by another budget from now on; what was drawn stays drawn. */
  public void change(BudgetSettings next) {
    if (!told && !next.equals(settings)) {
      view = new BudgetView(next.burstUsd(), 0, view.at());
    }
    settings = next;
  }

  /** Takes in the account's state; an earlier one than the last changes nothing. */
  public void observe(BudgetView state) {
    if (told && state.at().isBefore(view.at())) {
      return;
    }
    told = true;
    view = state;
    Instant counted = state.at().minus(lag);
    while (!draws.isEmpty() && draws.getFirst().at().isBefore(counted)) {
      drawnUsd -= draws.removeFirst().usd();
    }
    drawnUsd = draws.isEmpty() ? 0 : drawnUsd;
  }

  /** What may be drawn now, in USD; 0 when nothing. */
  public double availableUsd(Instant now) {
    double hours = Math.max(0, BudgetAccount.nanos(view.at(), now)) / 3_600_000_000_000.0;
    double free = Math.min(settings.burstUsd(), view.freeUsd() + hours * settings.usdPerHour());
    return Math.max(0, share * free - drawnUsd);
  }

  /** Draws money for a query that goes its way. */
  public void draw(double usd, Instant now) {
    if (usd > 0) {
      draws.addLast(new Draw(usd, now));
      drawnUsd += usd;
    }
  }

  /** Predicted success a saved US cent is worth. */
  public double price() {
    return view.price();
  }
}
