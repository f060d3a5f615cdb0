package dev.turnout.router.decide;

import dev.turnout.model.RouterModel;
import dev.turnout.model.Scores;
import dev.turnout.policy.Candidate;
import dev.turnout.policy.Selection;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.Query;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is to answer a query, and how that came about.
 *
 * @param embedding {@code float[encoder dimension]}; null when encoding failed
 * @param scores null when the query could not be scored
 * @param candidates in the lineup's order
 * @param policy its name, {@code fallback} when the query could not be scored
 * @param shadows positions of candidates that are asked for grading only
 * @param notes what is to be added to the selection's reason; empty when nothing is
 */
record Decision(
    Query query,
    CandidateTable lineup,
    float @Nullable [] embedding,
    @Nullable Scores scores,
    List<Candidate> candidates,
    String policy,
    Selection selection,
    Fallback fallback,
    List<Integer> shadows,
    String notes) {

  @Nullable RouterModel model() {
    return lineup.model();
  }

  String llm() {
    return candidates.get(selection.chosen()).llm();
  }

  String topic() {
    return lineup.topic(selection.chosen());
  }

  List<String> shadowLlms() {
    return shadows.stream().map(i -> candidates.get(i).llm()).toList();
  }

  List<String> shadowTopics() {
    return shadows.stream().map(lineup::topic).toList();
  }

  /** Why this LLM, and what else there is to know. */
  String reason() {
    String reason = notes.isEmpty() ? selection.reason() : selection.reason() + "; " + notes;
    RouterModel model = lineup.model();
    return model != null && lineup.isOnTrial()
        ? reason + "; model " + model.version() + " is on trial"
        : reason;
  }

  /** Everyone who gets the query, the chosen one first. */
  List<Candidate> asked() {
    List<Candidate> asked = new ArrayList<>(1 + shadows.size());
    asked.add(candidates.get(selection.chosen()));
    shadows.forEach(shadow -> asked.add(candidates.get(shadow)));
    return asked;
  }
}
