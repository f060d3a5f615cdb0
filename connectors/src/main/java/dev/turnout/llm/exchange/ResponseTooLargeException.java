package dev.turnout.llm.exchange;

import java.io.IOException;

/** A response, or an event of a stream, is larger than its limit. */
public final class ResponseTooLargeException extends IOException {

  private static final long serialVersionUID = 1L;

  ResponseTooLargeException(String what, long limit) {
    super(what + " has more than " + limit + " bytes");
  }
}
