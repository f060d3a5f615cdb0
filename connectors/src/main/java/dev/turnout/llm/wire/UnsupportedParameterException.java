package dev.turnout.llm.wire;

/** A client asks for what the LLM's server cannot do. */
public final class UnsupportedParameterException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String parameter;

  /**
   * Names the parameter.
   *
   * @param parameter e.g. {@code logprobs}
   * @param message what cannot be done, and the remedy
   */
  public UnsupportedParameterException(String parameter, String message) {
    super(message);
    this.parameter = parameter;
  }

  /** The parameter that cannot be had. */
  public String parameter() {
    return parameter;
  }
}
