package dev.turnout.llm;

/** Gets an answer in pieces while the LLM makes it. */
@FunctionalInterface
public interface ChunkListener {

  /**
   * One piece. Called by one thread at a time, in the pieces' order; must not block.
   *
   * @param chunk an object of OpenAI's type {@code chat.completion.chunk}, as JSON
   */
  void chunk(String chunk);
}
