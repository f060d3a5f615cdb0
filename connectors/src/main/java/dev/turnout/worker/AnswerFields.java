package dev.turnout.worker;

import dev.turnout.llm.Completion;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.FieldLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an LLM's answer says, as fields of its outcome. */
final class AnswerFields {

  private AnswerFields() {}

  /**
   * Fills an outcome. An answer beyond its limit is no answer: cut it would look whole, and be
   * graded as the LLM's own, although it may end in the midst of a number. It was paid for, and
   * another call would be paid too, so the request has failed at once.
   */
  static Outcome.Builder fill(Outcome.Builder outcome, Completion completion) {
    Completion.Chat chat = completion.chat();
    @Nullable String response = chat == null ? null : chat.response();
    String excess = excess("answer", completion.answer(), FieldLimits.ANSWER);
    if (excess == null && response != null) {
      excess = excess("response", response, FieldLimits.RESPONSE);
    }
    if (excess == null) {
      outcome
          .setStatus(OutcomeStatus.SUCCEEDED)
          .setAnswer(completion.answer())
          .setResponse(response);
    } else {
      outcome.setStatus(OutcomeStatus.FAILED).setError(excess);
    }
    if (chat != null) {
      Duration firstToken = chat.firstToken();
      outcome
          .setFirstTokenMs(firstToken == null ? null : firstToken.toMillis())
          .setCachedPromptTokens(chat.cachedPromptTokens())
          .setReasoningTokens(chat.reasoningTokens());
    }
    return outcome
        .setPromptTokens(completion.promptTokens())
        .setCompletionTokens(completion.completionTokens())
        .setCostUsd(completion.costUsd());
  }

  private static @Nullable String excess(String what, String text, int limit) {
    long bytes = BoundedText.bytes(text);
    return bytes <= limit
        ? null
        : "the "
            + what
            + " has "
            + bytes
            + " bytes, the limit is "
            + limit
            + "; lower worker.max-output-tokens";
  }
}
