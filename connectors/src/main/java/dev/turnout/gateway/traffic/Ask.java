package dev.turnout.gateway.traffic;

/** A query that is under way. */
public interface Ask {

  /**
   * Says that nobody wants the answer any more: the listener hears nothing after this, and the call
   * of the LLM is ended where that is possible.
   *
   * @param why in words, e.g. {@code the client went away}
   */
  void cancel(String why);
}
