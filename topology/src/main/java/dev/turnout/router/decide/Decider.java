package dev.turnout.router.decide;

import dev.turnout.control.belief.CandidateRefiner;
import dev.turnout.control.model.ServingSnapshot;
import dev.turnout.control.model.ServingState;
import dev.turnout.control.tenant.TenantDirectory;
import dev.turnout.model.RouterModel;
import dev.turnout.router.RouterSettings;
import dev.turnout.router.intake.DeadLetter;
import dev.turnout.router.intake.RefusalCheck;
import dev.turnout.schema.Query;
import dev.turnout.topic.DeadLetterReason;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides queries: score, constraints, policy. Apart from the live model it is a pure function:
 * randomness is seeded by the query's id, so a replay under the same model repeats the decision.
 * Confined to one thread, since it keeps that thread's scorers.
 */
public final class Decider {
  private final ServingState live;
  private final RouterSettings settings;
  private final BudgetAdmission admission;
  private final Chooser chooser;
  private final CandidateTables lineups = new CandidateTables();

  public Decider(
      ServingState live,
      RouterSettings settings,
      CandidateRefiner refiner,
      BudgetAdmission admission,
      Supplier<TenantDirectory> tenants) {
    this.live = live;
    this.settings = settings;
    this.admission = admission;
    this.chooser = new Chooser(settings, refiner, admission, tenants);
  }

  /**
   * Decides one query.
   *
   * @param query well-formed
   * @param embedding {@code float[encoder dimension]}, unit-normalised; null when encoding failed
   * @param encoderId the encoder that made it
   * @param now the moment of the decision
   */
  public Routing route(Query query, float @Nullable [] embedding, String encoderId, Instant now) {
    ServingSnapshot serving = live.serving();
    CandidateTable lineup = lineups.of(serving, serving.modelFor(query.getId()));
    DeadLetter refusal = RefusalCheck.letter(query, lineup, settings.topics(), now);
    if (refusal != null) {
      return new Routing.Refused(refusal);
    }
    Decision choice;
    try {
      choice = chooser.choose(query, lineup, embedding, now);
    } catch (BudgetExhaustedException e) {
      return new Routing.Refused(
          new DeadLetter(DeadLetterReason.BUDGET_EXHAUSTED, String.valueOf(e.getMessage())),
          List.of(e.event()));
    }
    ShadowChoice wouldBe = wouldBe(serving, query, embedding, now);
    return new Routing.Decided(
        DecisionRecords.of(choice, wouldBe, encoderId, settings, now),
        choice.topic(),
        choice.shadowTopics(),
        admission.draw(query, choice.asked(), now));
  }

  private @Nullable ShadowChoice wouldBe(
      ServingSnapshot serving, Query query, float @Nullable [] embedding, Instant now) {
    RouterModel shadow = serving.shadow();
    if (shadow == null || embedding == null) {
      return null;
    }
    CandidateTable lineup = lineups.of(serving, shadow);
    try {
      return lineup.anyEligible()
          ? new ShadowChoice(shadow.version(), chooser.choose(query, lineup, embedding, now).llm())
          : null;
    } catch (BudgetExhaustedException e) {
      return null;
    }
  }
}
