package dev.turnout.router;

import dev.turnout.follow.CandidateRefiner;
import dev.turnout.follow.LiveModel;
import dev.turnout.follow.Serving;
import dev.turnout.model.RouterModel;
import dev.turnout.schema.Query;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides queries: score, constraints, policy. Apart from the live model it is a pure function:
 * randomness is seeded by the query's id, so a replay under the same model repeats the decision.
 * Confined to one thread, since it keeps that thread's scorers.
 */
final class QueryRouter {
  private final LiveModel live;
  private final RouterSettings settings;
  private final Admission admission;
  private final Chooser chooser;
  private final Lineups lineups = new Lineups();

  QueryRouter(
      LiveModel live, RouterSettings settings, CandidateRefiner refiner, Admission admission) {
    this.live = live;
    this.settings = settings;
    this.admission = admission;
    this.chooser = new Chooser(settings, refiner, admission);
  }

  /**
   * Decides one query.
   *
   * @param query well-formed
   * @param embedding {@code float[encoder dimension]}, unit-normalised; null when encoding failed
   * @param encoderId the encoder that made it
   * @param now the moment of the decision
   */
  Routing route(Query query, float @Nullable [] embedding, String encoderId, Instant now) {
    Serving serving = live.serving();
    Lineup lineup = lineups.of(serving, serving.modelFor(query.getId()));
    DeadLetter refusal = RefusalCheck.letter(query, lineup, settings.topics(), now);
    if (refusal != null) {
      return new Routing.Refused(refusal);
    }
    Choice choice;
    try {
      choice = chooser.choose(query, lineup, embedding, now);
    } catch (BudgetExhaustedException e) {
      return new Routing.Refused(
          new DeadLetter(DeadLetterReason.BUDGET_EXHAUSTED, String.valueOf(e.getMessage())),
          List.of(e.event()));
    }
    WouldBe wouldBe = wouldBe(serving, query, embedding, now);
    return new Routing.Decided(
        DecisionDraft.of(choice, wouldBe, encoderId, settings, now),
        choice.topic(),
        choice.shadowTopics(),
        admission.draw(query, choice.asked(), now));
  }

  private @Nullable WouldBe wouldBe(
      Serving serving, Query query, float @Nullable [] embedding, Instant now) {
    RouterModel shadow = serving.shadow();
    if (shadow == null || embedding == null) {
      return null;
    }
    Lineup lineup = lineups.of(serving, shadow);
    try {
      return lineup.anyEligible()
          ? new WouldBe(shadow.version(), chooser.choose(query, lineup, embedding, now).llm())
          : null;
    } catch (BudgetExhaustedException e) {
      return null;
    }
  }
}
