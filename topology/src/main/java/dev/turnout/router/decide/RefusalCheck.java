package dev.turnout.router.decide;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.policy.Policies;
import dev.turnout.router.intake.DeadLetter;
import dev.turnout.schema.Conversation;
import dev.turnout.schema.Needs;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.topic.DeadLetterReason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells well-formed queries that no LLM is to be asked from those that can be decided. */
final class RefusalCheck {
  private RefusalCheck() {}

  /** Why a query is refused; null when it can be decided. */
  static @Nullable DeadLetter of(
      Query query, CandidateTable table, ConnectionSettings connection, Instant now) {
    Instant deadline = query.getDeadline();
    if (deadline != null && now.isAfter(deadline)) {
      return new DeadLetter(
          DeadLetterReason.DEADLINE_PASSED,
          "the query's deadline " + deadline + " had passed at " + now);
    }
    if (!table.anyEligible()) {
      List<String> unavailable = table.unavailable();
      return new DeadLetter(
          DeadLetterReason.NO_LLM,
          unavailable.isEmpty()
              ? "no LLM takes requests; publish a profile of an active LLM on "
                  + connection.topics().llms()
              : "no LLM is available at present, try again later: "
                  + String.join("; ", unavailable));
    }
    // before anybody is paid for an answer that could go nowhere
    Optional<String> noReply = connection.replyTopics().refusal(query.getReplyTo());
    if (noReply.isPresent()) {
      return new DeadLetter(DeadLetterReason.REPLY_TO_NOT_ALLOWED, noReply.get());
    }
    if (query.getDecideOnly() && query.getReply() == null) {
      return new DeadLetter(
          DeadLetterReason.INVALID_CONSTRAINTS,
          "decideOnly is true, but the query has no reply address that the decision could go to;"
              + " ask a gateway (POST /v1/route), or leave decideOnly out");
    }
    String fault = fault(query.getConstraints());
    fault = fault == null ? fault(query.getNeeds(), query.getConversation()) : fault;
    return fault == null ? null : new DeadLetter(DeadLetterReason.INVALID_CONSTRAINTS, fault);
  }

  private static @Nullable String fault(@Nullable QueryConstraints constraints) {
    if (constraints == null) {
      return null;
    }
    String policy = constraints.getPolicy();
    if (policy != null && !Policies.names().contains(policy)) {
      return "constraints.policy is \""
          + policy
          + "\", but no policy is named so; choose one of "
          + Policies.names()
          + ", or leave it out";
    }
    String fault = negative("maxCostUsd", constraints.getMaxCostUsd());
    fault = fault == null ? negative("maxLatencyMs", constraints.getMaxLatencyMs()) : fault;
    fault = fault == null ? negative("costWeight", constraints.getCostWeight()) : fault;
    fault = fault == null ? negative("latencyWeight", constraints.getLatencyWeight()) : fault;
    return fault == null ? noShare("minSuccess", constraints.getMinSuccess()) : fault;
  }

  private static @Nullable String fault(
      @Nullable Needs needs, @Nullable Conversation conversation) {
    String fault = null;
    if (needs != null) {
      fault = negative("needs", "promptTokens", needs.getPromptTokens());
      fault =
          fault == null ? negative("needs", "maxOutputTokens", needs.getMaxOutputTokens()) : fault;
    }
    return fault == null && conversation != null
        ? negative("conversation", "prefixTokens", conversation.getPrefixTokens())
        : fault;
  }

  private static @Nullable String noShare(String field, @Nullable Double value) {
    return value == null || (value >= 0 && value <= 1)
        ? null
        : "constraints." + field + " is " + value + "; it must be in 0..1, or left out";
  }

  private static @Nullable String negative(String field, @Nullable Number value) {
    return negative("constraints", field, value);
  }

  private static @Nullable String negative(String record, String field, @Nullable Number value) {
    // Asked this way round, NaN is refused as well.
    return value == null || value.doubleValue() >= 0
        ? null
        : record + "." + field + " is " + value + "; it must be a number >= 0, or left out";
  }
}
