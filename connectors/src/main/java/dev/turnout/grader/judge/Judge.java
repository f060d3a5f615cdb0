package dev.turnout.grader.judge;

import dev.turnout.llm.LlmClient;

/**
 * An LLM that marks answers.
 *
 * @param name its model, in comments and messages
 * @param client asks it
 */
public record Judge(String name, LlmClient client) {}
