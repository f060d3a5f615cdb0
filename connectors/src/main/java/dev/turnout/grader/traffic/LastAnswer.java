package dev.turnout.grader.traffic;

import dev.turnout.grader.Judgement;
import dev.turnout.schema.Conversation;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Turn;
import dev.turnout.topic.OutcomeId;
import java.time.Instant;
import java.util.List;

/**
 * What is remembered of a session's last answer.
 *
 * @param subject the answer
 * @param question digest of the question
 * @param likeness what the question is compared by
 * @param history digest of what was said before the question
 * @param answered whether something was answered before the question
 * @param asked when the LLM was asked
 * @param finished when the answer was there
 */
record LastAnswer(
    Judgement.Subject subject,
    OutcomeId question,
    Likeness likeness,
    OutcomeId history,
    boolean answered,
    Instant asked,
    Instant finished) {

  static LastAnswer of(Outcome outcome, String question) {
    Conversation conversation = outcome.getConversation();
    List<Turn> turns = conversation == null ? List.of() : conversation.getTurns();
    Long latency = outcome.getLatencyMs();
    Likeness likeness = Likeness.of(question);
    return new LastAnswer(
        Judgement.Subject.of(outcome),
        OutcomeId.of(Likeness.plain(question)),
        likeness,
        OutcomeId.of(
            turns.stream()
                .map(turn -> turn.getRole() + ": " + turn.getText())
                .toArray(String[]::new)),
        turns.stream().anyMatch(turn -> turn.getRole().equals("assistant")),
        latency == null ? outcome.getFinishedAt() : outcome.getFinishedAt().minusMillis(latency),
        outcome.getFinishedAt());
  }

  boolean sameQuestion(LastAnswer other) {
    return question.equals(other.question);
  }

  boolean sameHistory(LastAnswer other) {
    return history.equals(other.history);
  }
}
