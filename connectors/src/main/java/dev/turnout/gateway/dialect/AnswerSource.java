package dev.turnout.gateway.dialect;

import java.time.Instant;

/**
 * Where an answer comes from.
 *
 * @param queryId of the query it answers
 * @param llm id of the LLM
 * @param promptTokens of the whole prompt, estimated
 * @param at when the answer began
 */
public record AnswerSource(String queryId, String llm, long promptTokens, Instant at) {}
