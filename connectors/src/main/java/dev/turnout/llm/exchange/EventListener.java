package dev.turnout.llm.exchange;

/** Gets the events of a stream, in their order and by one thread at a time. */
interface EventListener {

  /** Bytes have come, whatever they are: comments keep a connection alive. */
  void alive();

  /**
   * One event.
   *
   * @param name empty unless the server names its events
   */
  void event(String name, String data);

  /** The server has ended the stream; the last call unless it failed. */
  void end();

  /** The stream broke; the last call. */
  void failure(Throwable failure);
}
