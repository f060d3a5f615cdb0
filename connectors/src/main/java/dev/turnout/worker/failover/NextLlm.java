package dev.turnout.worker.failover;

import dev.turnout.llm.LlmException;
import dev.turnout.schema.Attempt;
import dev.turnout.schema.Conversation;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.LlmStatus;
import dev.turnout.schema.RoutedRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is asked after an LLM has failed: the next of the decision's ranking that was eligible, has
 * not been asked, and is neither draining, gone, down nor too slow for the time that is left. The
 * ranking's eligibility holds what the query allows, so a fail-over never leaves its allow-list.
 *
 * <p>Nobody is asked instead for a shadow request, whose answer is of use only from that LLM; in a
 * tool loop, which another LLM did not begin; beyond the bound; and for a request that the LLM
 * refused as the client's mistake, since others would too. One exception: a prompt too long for the
 * LLM goes on to one with a larger window.
 *
 * @param llm the worker's own
 * @param failovers other LLMs that one request may go on to
 */
record NextLlm(String llm, int failovers) {

  /**
   * The LLM's profile.
   *
   * @param failure what ended the request here; null to ask whether anybody could take it at all
   */
  Optional<LlmProfile> after(
      RoutedRequest request, @Nullable Throwable failure, KnownLlms known, Instant now) {
    Conversation conversation = request.getQuery().getConversation();
    if (request.getShadow()
        || (conversation != null && conversation.getToolLoop())
        || request.getTrail().size() >= failovers) {
      return Optional.empty();
    }
    long window = 0;
    if (failure instanceof LlmException refused
        && refused.kind() != LlmException.Kind.TRANSIENT
        && refused.kind() != LlmException.Kind.MISCONFIGURED
        && refused.kind() != LlmException.Kind.TIMED_OUT) {
      LlmProfile own = known.profile(llm);
      if (!isTooLong(refused) || own == null || own.getContextWindow() == null) {
        return Optional.empty();
      }
      window = own.getContextWindow();
    }
    return next(request, known, window, left(request, now));
  }

  private Optional<LlmProfile> next(
      RoutedRequest request, KnownLlms known, long largerThan, long leftMs) {
    Set<String> asked = new HashSet<>();
    asked.add(llm);
    for (Attempt attempt : request.getTrail()) {
      asked.add(attempt.getLlm());
    }
    for (LlmScore place : request.getDecision().getRanking()) {
      LlmProfile profile = known.profile(place.getLlm());
      Double latency = place.getExpectedLatencyMs();
      if (place.getEligible()
          && !asked.contains(place.getLlm())
          && !known.unavailable().contains(place.getLlm())
          && profile != null
          && profile.getStatus() == LlmStatus.ACTIVE
          && !profile.getTopic().isBlank()
          && (largerThan == 0
              || (profile.getContextWindow() != null && profile.getContextWindow() > largerThan))
          && leftMs > (latency == null ? 0 : latency)) {
        return Optional.of(profile);
      }
    }
    return Optional.empty();
  }

  private static long left(RoutedRequest request, Instant now) {
    Instant deadline = request.getQuery().getDeadline();
    return deadline == null ? Long.MAX_VALUE : Duration.between(now, deadline).toMillis();
  }

  /** Servers have a code for it, or say it in words. */
  private static boolean isTooLong(LlmException refused) {
    LlmException.Refusal refusal = refused.refusal();
    if (refusal == null) {
      return false;
    }
    String said =
        (refusal.body() == null ? String.valueOf(refused.getMessage()) : refusal.body())
            .toLowerCase(Locale.ROOT);
    return said.contains("context_length_exceeded")
        || said.contains("maximum context length")
        || said.contains("prompt is too long");
  }
}
