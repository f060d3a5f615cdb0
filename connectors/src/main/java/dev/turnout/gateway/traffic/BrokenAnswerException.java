package dev.turnout.gateway.traffic;

/**
 * Pieces of an answer were heard whose end never came: the LLM was asked again, or pieces were
 * lost, and what is kept as the answer may differ from them. The whole answer can be looked up by
 * the query's id.
 */
public final class BrokenAnswerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With what happened and where the answer is. */
  public BrokenAnswerException(String message) {
    super(message, null, false, false);
  }
}
